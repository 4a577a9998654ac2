"""Pictures to and from the clipboard, with xclip as the other program, and with owners that misbehave."""
import os
import pathlib
import re
import struct
import subprocess
import sys
import time
import zlib

from Xlib import X, Xatom, display
from Xlib.protocol import event

from desk import SAMPLE, Desk


def write_png(path, width, height, bits, samples):
    """RGB, uncompressed: `samples` are its bytes."""
    row = width * 3 * bits // 8
    rows = b"".join(b"\0" + samples[i * row:(i + 1) * row] for i in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))
    return path


def offer(path, kind="image/png"):
    subprocess.run(["xclip", "-selection", "clipboard", "-t", kind, "-i", str(path)], check=True)


def get(kind="image/png"):
    return subprocess.run(["xclip", "-selection", "clipboard", "-t", kind, "-o"], check=True, capture_output=True,
                          timeout=120).stdout


def differing(a, b):
    """Pixels, by somebody else's decoder."""
    done = subprocess.run(["compare", "-metric", "AE", str(a), str(b), "null:"], capture_output=True, text=True)
    if done.returncode > 1 or not re.match(r"[0-9.e+]+", done.stderr):
        sys.exit(f"FAILED: compare: {done.stderr}")
    return float(done.stderr.split()[0])


class Owner:
    """A program that owns a selection and treats who asks as it likes."""

    def __init__(self, selection):
        self.display = display.Display()
        self.atom = self.display.intern_atom
        self.window = self.display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent,
                                                               event_mask=X.PropertyChangeMask)
        self.window.set_selection_owner(self.atom(selection), X.CurrentTime)
        self.display.sync()

    def events(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.display.pending_events():
                yield self.display.next_event()
            else:
                time.sleep(0.01)

    def answer(self, asked, ok=True):
        asked.requestor.send_event(event.SelectionNotify(
            time=asked.time, requestor=asked.requestor, selection=asked.selection, target=asked.target,
            property=asked.property if ok else X.NONE))
        self.display.flush()

    def read(self, selection, kind):
        """A selection, whole or in pieces."""
        place = self.atom("KEPT")
        self.window.convert_selection(self.atom(selection), self.atom(kind), place, X.CurrentTime)
        data, pieces = b"", False
        for e in self.events(20):
            if e.type == X.SelectionNotify and e.property:
                got = self.window.get_full_property(place, X.AnyPropertyType)
                pieces = got.property_type == self.atom("INCR")
                self.window.delete_property(place)
                self.display.flush()
                if not pieces:
                    return got.value.tobytes() if hasattr(got.value, "tobytes") else bytes(got.value)
            elif pieces and e.type == X.PropertyNotify and e.atom == place and e.state == X.PropertyNewValue:
                got = self.window.get_full_property(place, X.AnyPropertyType)
                self.window.delete_property(place)
                self.display.flush()
                if not got.value:
                    return data
                data += bytes(got.value)
        sys.exit(f"FAILED: {selection} was not given as {kind}")


def says(state, words):
    return any(words in n["text"] for n in state["notices"])


def main(binary, out):
    desk = Desk(binary, out)
    here = desk.out
    desk.key("ctrl+v")
    desk.wait("a word about the empty clipboard", lambda s: says(s, "clipboard is empty"))
    desk.check(True, "an empty clipboard is said to be empty")

    # A picture in, and out again.
    offer(SAMPLE)
    desk.key("ctrl+v")
    state = desk.wait("the pasted picture", lambda s: s["document"] is not None)
    pasted = pathlib.Path(state["document"]["path"])
    desk.check(pasted.read_bytes() == SAMPLE.read_bytes(), "a picture from the clipboard opens, its bytes as they were")
    desk.check(pasted.name.startswith("Pasted ") and (pasted.parent.stat().st_mode & 0o77) == 0,
               "it lies under a plain name where nobody else can read it")
    desk.key("ctrl+c")
    desk.wait("a word about the copy", lambda s: says(s, "The picture is on the clipboard"))
    desk.screenshot("copied")
    (here / "copied.out.png").write_bytes(get())
    desk.check(differing(SAMPLE, here / "copied.out.png") == 0, "the copied picture has every pixel")
    desk.check(b"image/png" in get("TARGETS") and b"TIMESTAMP" in get("TARGETS"), "what can be had of it is told")

    # What the mask covers.
    desk.key("ctrl+shift+c")
    desk.wait("a word about the empty mask", lambda s: says(s, "The mask is empty"))
    desk.key("b")
    desk.stroke([(300, 300), (420, 340)])
    desk.wait("the stroke", lambda s: s["mask"]["support_area"] > 0)
    desk.key("ctrl+shift+c")
    desk.wait("a word about the part", lambda s: says(s, "What the mask covers is on the clipboard"))
    (here / "part.png").write_bytes(get())
    told = subprocess.run(["identify", "-format", "%w %h %[channels] %[fx:mean.a]", str(here / "part.png")],
                          capture_output=True, text=True, check=True).stdout.split()
    desk.check(int(told[0]) < 900 and "a" in told[2] and 0 < float(told[-1]) < 1,
               f"the mask's region goes out with the mask as its alpha ({' '.join(told)})")

    # 16 bit goes out as 16 bit.
    deep = write_png(here / "deep.png", 300, 200, 16, os.urandom(300 * 200 * 6))
    offer(deep)
    desk.key("ctrl+v")
    desk.wait("a tab for it", lambda s: s["document"] and s["document"]["path"] != str(pasted))
    desk.check(True, "with a picture open and a model without references, a pasted one opens in a tab of its own")
    desk.settled()
    desk.key("ctrl+c")
    desk.wait("a word about 16 bit", lambda s: says(s, "300 x 200, 16 bit"))
    (here / "deep.out.png").write_bytes(get())
    depth = subprocess.run(["identify", "-format", "%[bit-depth]", str(here / "deep.out.png")], capture_output=True,
                           text=True).stdout
    desk.check(depth == "16" and differing(deep, here / "deep.out.png") == 0, "16-bit samples come out bit for bit")

    # In pieces, both ways: noise does not pack.
    large = write_png(here / "large.png", 3800, 3600, 8, os.urandom(3800 * 3600 * 3))
    offer(large)
    begun = time.monotonic()
    desk.key("ctrl+v")
    state = desk.wait("the large picture", lambda s: s["document"] and s["document"]["size"] == [3800, 3600])
    print(f"note: {large.stat().st_size >> 20} MB pasted and opened in {time.monotonic() - begun:.1f} s")
    desk.check(pathlib.Path(state["document"]["path"]).read_bytes() == large.read_bytes(), "40 MB come in whole")
    begun = time.monotonic()
    desk.key("ctrl+c")
    desk.wait("a word about the large copy", lambda s: says(s, "3800 x 3600"))
    print(f"note: copied after {time.monotonic() - begun:.1f} s")
    begun = time.monotonic()
    (here / "large.out.png").write_bytes(get())
    print(f"note: taken by xclip in {time.monotonic() - begun:.1f} s")
    desk.check(differing(large, here / "large.out.png") == 0, "40 MB go out whole")

    # Files, as a file manager copies them.
    named = here / "a file, 100 % #1 \u00e4.png"
    named.write_bytes(SAMPLE.read_bytes())
    (here / "list").write_bytes(b"# copied\r\n" + named.as_uri().encode() + b"\r\n")
    offer(here / "list", "text/uri-list")
    desk.key("ctrl+v")
    desk.wait("the file", lambda s: s["document"] and s["document"]["path"] == str(named))
    desk.check(True, "a file that was copied in a file manager opens")

    # Text keeps its keys.
    desk.key("ctrl+l")
    desk.settled()
    desk.type("a brass lamp")
    desk.key("ctrl+a", "ctrl+c", "Right", "ctrl+v")
    desk.wait("the doubled prompt", lambda s: s["prompt"] == "a brass lampa brass lamp")
    desk.check(get("UTF8_STRING") == b"a brass lamp", "while a text is written, copy and paste are the text's")
    desk.key("Escape")
    desk.settled()

    # Owners that misbehave.
    documents = desk.settled()["document"]["path"]
    (here / "garbage").write_bytes(b"\x89PNG\r\n\x1a\nno picture at all")
    offer(here / "garbage")
    desk.key("ctrl+v")
    state = desk.wait("a word about the garbage", lambda s: any(n["severity"] == "error" for n in s["notices"]))
    desk.check(state["document"]["path"] == documents, "garbage on the clipboard is said and opens nothing: "
               + next(n["text"] for n in state["notices"] if n["severity"] == "error"))
    desk.screenshot("garbage")
    offer(here / "garbage", "text/plain")
    desk.key("ctrl+v")
    desk.wait("a word about text", lambda s: says(s, "There is no picture on the clipboard"))
    silent = Owner("CLIPBOARD")
    desk.key("ctrl+v")
    asked = next((e for e in silent.events(5) if e.type == X.SelectionRequest), None)
    desk.check(asked is not None, "an owner that will not answer is asked")
    desk.key("bracketright")
    desk.check(desk.settled()["frames"] > 0, "the window lives on meanwhile")
    desk.wait("a word about the silence", lambda s: says(s, "does not answer"), seconds=15)
    silent.display.close()

    # What was copied outlives the program where somebody keeps it.
    keeper = Owner("CLIPBOARD_MANAGER")
    desk.key("ctrl+c")
    desk.wait("the copy", lambda s: says(s, "The picture is on the clipboard"))
    desk.ask_to_close()
    kept = None
    for e in keeper.events(20):
        if e.type == X.SelectionRequest and e.target == keeper.atom("SAVE_TARGETS"):
            kept = keeper.read("CLIPBOARD", "image/png")
            keeper.answer(e)
            break
    desk.process.wait(40)
    (here / "kept.png").write_bytes(kept or b"")
    desk.check(kept and differing(SAMPLE, here / "kept.png") == 0, "a clipboard manager has the picture after the end")


if subprocess.run(["which", "xclip"], capture_output=True).returncode:
    print("skipped: no xclip (package xclip)")
    sys.exit(77)
main(sys.argv[1], sys.argv[2])
