"""A candidate dragged out of the window, onto a program that takes files by XDND (version 5)."""
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse

from Xlib import X, Xatom, display
from Xlib.protocol import event

from desk import SAMPLE, Desk


class Target:
    """A window in the lower right corner that takes what is dropped on it, or nothing."""

    def __init__(self, takes=True):
        self.takes, self.got, self.left = takes, None, False
        self.display = display.Display()
        self.atom = self.display.intern_atom
        self.window = self.display.screen().root.create_window(1500, 700, 400, 300, 0, X.CopyFromParent,
                                                               background_pixel=0x336699, override_redirect=True)
        self.window.change_property(self.atom("XdndAware"), Xatom.ATOM, 32, [5])
        self.window.map()
        self.display.sync()
        self.running = True
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def send(self, source, kind, data):
        window = self.display.create_resource_object("window", source)
        window.send_event(event.ClientMessage(window=window, client_type=self.atom(kind), data=(32, data)))
        self.display.flush()

    def serve(self):
        source = 0
        while self.running:
            if not self.display.pending_events():
                time.sleep(0.01)
                continue
            e = self.display.next_event()
            if e.type == X.ClientMessage:
                kind = self.display.get_atom_name(e.client_type)
                source = e.data[1][0]
                if kind == "XdndPosition":
                    self.send(source, "XdndStatus", [self.window.id, int(self.takes), 0, 0,
                                                     self.atom("XdndActionCopy") if self.takes else 0])
                elif kind == "XdndLeave":
                    self.left = True
                elif kind == "XdndDrop":
                    self.window.convert_selection(self.atom("XdndSelection"), self.atom("text/uri-list"),
                                                  self.atom("DROPPED"), X.CurrentTime)
                    self.display.flush()
            elif e.type == X.SelectionNotify and e.property:
                self.got = bytes(self.window.get_full_property(e.property, X.AnyPropertyType).value).decode()
                self.send(source, "XdndFinished", [self.window.id, 1, self.atom("XdndActionCopy"), 0, 0])

    def close(self):
        self.running = False
        self.thread.join()
        self.display.close()


def main(binary, out):
    shutil.rmtree(out, ignore_errors=True)
    desk = Desk(binary, out, [SAMPLE], size="1400x800")
    desk.wait("the sample", lambda s: s["document"] is not None)
    desk.settled()
    desk.stroke([(300, 300), (420, 340)])
    desk.key("ctrl+l")
    desk.settled()
    desk.type("brighten by 40 %")
    desk.key("ctrl+Return")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2)
    desk.settled()

    def pull(to):
        desk.settled()
        x, y = desk.widget("iteration.1")
        desk.move(x, y)
        time.sleep(0.1)
        desk.x("mousedown", 1)
        for i in range(1, 41):
            desk.move(x + (to[0] - x) * i / 40, y + (to[1] - y) * i / 40)
            time.sleep(0.02)
            if i == 12:
                desk.screenshot("carried")
        time.sleep(0.5)
        desk.x("mouseup", 1)

    target = Target()
    pull((1700, 850))
    deadline = time.monotonic() + 15
    while target.got is None and time.monotonic() < deadline:
        time.sleep(0.05)
    desk.check(target.got is not None and target.got.startswith("file:///"), f"dropped: {target.got!r}")
    file = pathlib.Path(urllib.parse.unquote(target.got.strip()[len("file://"):]))
    desk.check(file.name == "still_life 1.png" and (file.parent.parent.stat().st_mode & 0o77) == 0,
               "the file has the picture's name and lies where nobody else looks")
    exported = desk.out / "exported.png"
    desk.key("ctrl+shift+e")
    desk.wait("the export dialog", lambda s: s["dialog"] == "export")
    desk.fill_field("dialog.export.path", str(exported))
    desk.key("Return")
    desk.wait("the export", lambda s: exported.exists() and s["dialog"] == "")
    done = subprocess.run(["compare", "-metric", "AE", str(file), str(exported), "null:"], capture_output=True, text=True)
    desk.check(done.stderr.split()[0] == "0", "it is the candidate, every pixel")
    state = desk.settled()
    desk.check(state["document"]["shown"] == 1 and len(state["document"]["iterations"]) == 2,
               "the window is as before")
    target.close()

    # One that wants nothing, and the window itself.
    target = Target(takes=False)
    pull((1700, 850))
    time.sleep(1)
    desk.check(target.got is None and target.left, f"where nothing is taken nothing is given ({target.got}, {target.left})")
    target.close()
    pull((600, 300))
    state = desk.settled()
    desk.check(len(state["tabs"]) == 1,
               "dropped on our own window it goes nowhere")
    desk.close()


main(sys.argv[1], sys.argv[2])
