"""The desktop's own file dialogs: a portal and a zenity that are played, as they should be and as they should not."""
import os
import pathlib
import shutil
import subprocess
import sys

from desk import SAMPLE, Desk, open_by_dialog
from fake_desktop import FakeDesktop

# A zenity that notes how it was called and does what it is told.
ZENITY = """#!/usr/bin/python3
import json, os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
with open(here + "/asked.jsonl", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
answer = json.load(open(here + "/answer.json"))
time.sleep(answer.get("seconds", 0.1))
os.write(1, answer.get("prints", "").encode("utf-8", "surrogateescape"))
sys.exit(answer.get("code", 0))
"""


class FakeZenity:
    def __init__(self, folder):
        import json
        self.json, self.folder = json, folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "zenity").write_text(ZENITY)
        (folder / "zenity").chmod(0o755)
        (folder / "asked.jsonl").write_text("")
        self.answer()

    def answer(self, **words):
        (self.folder / "answer.json").write_text(self.json.dumps(words))

    def asked(self):
        return [self.json.loads(line) for line in (self.folder / "asked.jsonl").read_text().splitlines()]


def says(state, words):
    return any(words in n["text"] for n in state["notices"])


def strange_names(folder):
    names = ["with space.png", "new\nline.png", "100 % #1 ?.png", "\u00e4\u20ac \u65e5\u672c.png", "-n.png"]
    files = [folder / name for name in names]
    for file in files:
        shutil.copy(SAMPLE, file)
    return files


def by_portal(binary, out):
    desktop = FakeDesktop(out / "desktop")
    os.environ.update(desktop.environment, MASKWRIGHT_DIALOGS="portal")
    desk = Desk(binary, out)
    files = strange_names(desk.out)

    # Cancelled.
    desktop.answer(code=1)
    desk.key("ctrl+o")
    asked = desktop.wait("the portal to be asked", 0)
    desk.check(asked["call"] == "OpenFile" and asked["options"]["multiple"] and asked["parent"].startswith("x11:")
               and asked["options"]["filters"][0][0] == "Pictures and projects",
               "the portal is asked for pictures, more than one, over our window")
    state = desk.settled()
    desk.check(state["dialog"] == "" and state["document"] is None and not state["notices"], "cancelling does nothing")

    # Several, with names that need care; the window lives meanwhile.
    desktop.answer(code=0, uris=[f.as_uri() for f in files], delay=1500)
    desk.key("ctrl+o")
    desktop.wait("the portal", 1)
    frames = desk.state()["frames"]
    desk.key("F1")
    desk.wait("a frame while the dialog is open", lambda s: s["frames"] > frames)
    desk.key("F1")
    state = desk.wait("five pictures", lambda s: len(s["tabs"]) == 5)
    state = desk.wait("the last to open", lambda s: s["document"] and s["document"]["path"] == str(files[-1]))
    desk.check(True, "five files open, a tab each, whatever is in their names")

    # Saved: the portal has asked whether it may be replaced.
    mask = desk.out / "mask of mine.png"
    mask.write_bytes(b"old")
    desk.key("b")
    desk.stroke([(300, 300), (420, 340)])
    desktop.answer(code=0, uris=[mask.as_uri()])
    desk.key("ctrl+s")
    asked = desktop.wait("the portal for a mask", 2)
    desk.check(asked["call"] == "SaveFile" and asked["options"]["current_name"] == "-n_mask.png"
               and asked["options"]["current_folder"] == str(desk.out), "a mask is saved where the picture lies")
    desk.wait("the mask", lambda s: mask.read_bytes()[:4] == b"\x89PNG")
    # A name that says no format comes back to be mended.
    desktop.answer(code=0, uris=[(desk.out / "mask.txt").as_uri()])
    desk.key("ctrl+s")
    state = desk.wait("the built-in dialog with the name", lambda s: s["dialog"] == "save_mask")
    desk.check("End the name in" in state["dialog_error"], "a name without a format is asked about")
    desk.key("Escape")

    # An export keeps its choices here and asks for the place there.
    target = desk.out / "result \u00e9.png"
    desktop.answer(code=0, uris=[target.as_uri()])
    desk.key("ctrl+shift+e")
    desk.wait("the export dialog", lambda s: s["dialog"] == "export")
    desk.screenshot("export")
    desk.click("dialog.elsewhere")
    desktop.wait("the portal for the place", 4)
    desk.settled()
    desk.screenshot("export_place")
    desk.click("dialog.export.save")
    desk.wait("the file", lambda s: target.exists())
    desk.check(True, "an export goes where the portal said")

    # Answers that are none.
    for number, (what, words) in enumerate([
            ("words for numbers", dict(garbage="words")), ("a number for files", dict(garbage="type")),
            ("no files", dict(code=0)), ("a file elsewhere", dict(code=0, uris=["sftp://there/a.png"])),
            ("a code nobody knows", dict(code=9)), ("the portal's death", dict(dies=True))]):
        desktop.answer(**words)
        desk.key("ctrl+o")
        state = desk.wait(f"a word about {what}", lambda s: s["dialog"] == "open" and s["dialog_error"])
        desk.check("nothing was done" in state["dialog_error"], f"{what}: {state['dialog_error']}")
        desk.key("Escape")
        desk.wait("the dialog to close", lambda s: s["dialog"] == "")
    # Nobody has it any more: the built-in one opens by itself.
    open_by_dialog(desk, files[0])
    desk.check(True, "without a portal the built-in dialog opens")
    desk.close()
    desktop.close()

    # One that shows no dialogs, and one that never answers.
    desktop = FakeDesktop(out / "desktop")
    os.environ.update(desktop.environment)
    desktop.answer(refuses=True)
    desk = Desk(binary, out)
    desk.key("ctrl+o")
    desk.wait("the built-in dialog", lambda s: s["dialog"] == "open")
    desk.check(True, "a portal without file dialogs: the built-in one opens")
    desk.close()
    desktop.answer(silent=True)
    calls = len(desktop.asked())
    desk = Desk(binary, out)
    desk.key("ctrl+o")
    desktop.wait("the portal", calls)
    desk.key("F1")
    desk.settled()
    desk.ask_to_close()
    desk.process.wait(20)
    desktop.wait("the dialog to be closed", calls + 1)
    desk.check(desktop.asked()[-1]["call"] == "Close", "the program ends while a dialog is open, and takes it along")
    desktop.close()
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS")


def by_zenity(binary, out):
    zenity = FakeZenity(out / "bin")
    path = os.environ["PATH"]
    os.environ.update(PATH=f"{out / 'bin'}:{path}", MASKWRIGHT_DIALOGS="zenity")
    desk = Desk(binary, out)
    files = strange_names(desk.out)
    zenity.answer(code=1)
    desk.key("ctrl+o")
    desk.wait("zenity", lambda s: len(zenity.asked()) == 1)
    state = desk.settled()
    desk.check(state["document"] is None and state["dialog"] == "" and "--multiple" in zenity.asked()[0],
               "zenity is asked for pictures; cancelling does nothing")
    zenity.answer(prints="//".join(map(str, files)) + "\n")
    desk.key("ctrl+o")
    desk.wait("the last of five files", lambda s: s["document"] and s["document"]["path"] == str(files[-1]))
    desk.check(True, "five files open, whatever is in their names")
    mask = desk.out / "a; touch owned; $(id) `x`.png"
    desk.key("b")
    desk.stroke([(300, 300), (420, 340)])
    zenity.answer(prints=f"{mask}\n")
    desk.key("ctrl+s")
    desk.wait("the mask", lambda s: mask.exists())
    words = zenity.asked()[2]
    desk.check("--save" in words and "--confirm-overwrite" in words and f"--filename={desk.out}/-n_mask.png" in words
               and not (desk.out / "owned").exists(), "a mask is saved under any name, without a shell")
    for what, words in [("nothing", dict(prints="")), ("no path", dict(prints="relative.png\n")),
                        ("noise", dict(prints="\0\1\2\n")), ("a crash", dict(prints="/half", code=3))]:
        zenity.answer(**words)
        desk.key("ctrl+o")
        state = desk.wait(f"a word about {what}", lambda s: s["dialog"] == "open" and s["dialog_error"])
        desk.check("nothing was" in state["dialog_error"], f"{what} from zenity is said")
        desk.key("Escape")
        desk.wait("the dialog to close", lambda s: s["dialog"] == "")
    zenity.answer(seconds=600)
    desk.key("ctrl+o")
    desk.wait("zenity", lambda s: len(zenity.asked()) == 8)
    desk.ask_to_close()
    desk.process.wait(20)
    left = subprocess.run(["pgrep", "-f", str(out / "bin" / "zenity")], capture_output=True, text=True).stdout
    desk.check(not left, "the program ends while zenity is open, and takes it along")
    # One that cannot show anything.
    zenity.answer(code=255)
    desk = Desk(binary, out)
    desk.key("ctrl+o")
    desk.wait("the built-in dialog", lambda s: s["dialog"] == "open")
    desk.check(True, "a zenity that cannot open a window: the built-in dialog opens")
    desk.close()


def main(binary, out):
    out = pathlib.Path(out).resolve()
    shutil.rmtree(out, ignore_errors=True)
    by_zenity(binary, out / "zenity")
    if shutil.which("dbus-daemon") and not subprocess.run(["/usr/bin/python3", "-c", "import dbus, gi"],
                                                          capture_output=True).returncode:
        by_portal(binary, out / "portal")
    else:
        print("note: no dbus-daemon or python3-dbus, the portal was not played")


main(sys.argv[1], sys.argv[2])
