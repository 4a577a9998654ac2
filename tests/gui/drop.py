"""Files dropped onto the window, by the XDND protocol (version 5) as a file manager speaks it."""
import shutil
import sys
import time
import urllib.parse

from Xlib import X, Xatom, display
from Xlib.protocol import event

from desk import SAMPLE, Desk


class DragSource:
    """Owns the XdndSelection and answers one request for it with a text/uri-list."""

    def __init__(self):
        self.display = display.Display()
        self.root = self.display.screen().root
        self.window = self.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self.atom = self.display.intern_atom

    def target(self):
        """The topmost window that says it takes drops."""
        for window in reversed(self.root.query_tree().children):
            if window.get_full_property(self.atom("XdndAware"), Xatom.ATOM):
                return window
        sys.exit("FAILED: no window takes drops")

    def send(self, target, kind, data):
        message = event.ClientMessage(window=target, client_type=self.atom(kind), data=(32, data))
        target.send_event(message)
        self.display.flush()

    def answer_requests(self, uris, until):
        while time.monotonic() < until:
            if not self.display.pending_events():
                time.sleep(0.02)
                continue
            asked = self.display.next_event()
            if asked.type == X.SelectionRequest:
                asked.requestor.change_property(asked.property, asked.target, 8, uris)
                asked.requestor.send_event(event.SelectionNotify(
                    time=asked.time, requestor=asked.requestor, selection=asked.selection,
                    target=asked.target, property=asked.property))
                self.display.flush()
            if asked.type == X.ClientMessage and asked.client_type == self.atom("XdndFinished"):
                return

    def drop(self, paths, x, y):
        uris = "".join("file://" + urllib.parse.quote(str(p)) + "\r\n" for p in paths).encode()
        selection = self.atom("XdndSelection")
        self.window.set_selection_owner(selection, X.CurrentTime)
        target = self.target()
        me = self.window.id
        self.send(target, "XdndEnter", [me, 5 << 24, self.atom("text/uri-list"), 0, 0])
        self.send(target, "XdndPosition", [me, 0, (x << 16) | y, X.CurrentTime, self.atom("XdndActionCopy")])
        self.answer_requests(uris, time.monotonic() + 0.3)
        self.send(target, "XdndDrop", [me, 0, X.CurrentTime, 0, 0])
        self.answer_requests(uris, time.monotonic() + 3)


def main(binary, out):
    desk = Desk(binary, out)
    source = DragSource()
    named = desk.out / "dropped picture, 100 % #1.png"
    shutil.copy(SAMPLE, named)
    source.drop([named], 700, 400)
    state = desk.wait("the dropped picture", lambda s: s["document"] is not None)
    desk.check(state["document"]["path"] == str(named), "a picture dropped onto the window opens")
    text = desk.out / "notes.txt"
    text.write_text("no picture")
    source.drop([text], 700, 400)
    state = desk.wait("a word about the text file", lambda s: any(n["severity"] == "error" for n in s["notices"]))
    desk.check(state["document"]["path"] == str(named), "what is no picture leaves the open one alone")
    desk.close()


main(sys.argv[1], sys.argv[2])
