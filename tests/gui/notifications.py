"""Notifications of the desktop while the window is not looked at, with a server that is played."""
import os
import pathlib
import shutil
import subprocess
import sys
import time

from desk import SAMPLE, Desk
from fake_desktop import FakeDesktop

SECRET = "brighten by 20 %"


def main(binary, out):
    out = pathlib.Path(out).resolve()
    desktop = FakeDesktop(out / "desktop")
    os.environ.update(desktop.environment)
    desk = Desk(binary, out, [SAMPLE])
    desk.wait("the sample", lambda s: s["document"] is not None)
    desk.settled()
    desk.stroke([(300, 300), (420, 340)])
    desk.key("ctrl+l")
    desk.settled()
    desk.type(SECRET)

    def run(focused, number):
        window = subprocess.run(["xdotool", "search", "--class", "maskwright"], capture_output=True,
                                text=True).stdout.split()[-1]
        desk.x("windowfocus", "--sync", window)
        desk.settled()
        desk.key("ctrl+Return")
        if not focused:  # the keys go nowhere now
            focus_nothing()
        desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == number + 1)
        desk.settled()

    def focus_nothing():
        from Xlib import X, display
        d = display.Display()
        d.set_input_focus(d.screen().root, X.RevertToNone, X.CurrentTime)
        d.sync()
        d.close()

    run(True, 1)
    desk.check(not desktop.asked(), "nothing is said while the window has the focus")
    run(False, 2)
    told = desktop.wait("the notification", 0)
    desk.check(told["call"] == "Notify" and told["title"] == "The answer is there", f"said: {told['text']}")
    desk.check(SECRET not in str(told) and "brighten" not in str(told), "what was asked for stays in the window")
    desktop.answer(click=True)
    run(False, 3)
    desktop.wait("the notification", 1)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        focused = subprocess.run(["xdotool", "getwindowfocus", "getwindowname"], capture_output=True, text=True).stdout
        if "Maskwright" in focused:
            break
        time.sleep(0.1)
    desk.check("Maskwright" in focused, "a click on it brings the window back")
    # The server goes: nothing waits for it.
    desktop.server.terminate()
    desktop.server.wait(10)
    run(False, 4)
    run(False, 5)
    desk.check(True, "without a server the work goes on")
    desk.close()
    desktop.bus.terminate()


if not shutil.which("dbus-daemon") or subprocess.run(["/usr/bin/python3", "-c", "import dbus, gi"],
                                                     capture_output=True).returncode:
    print("skipped: no dbus-daemon or python3-dbus")
    sys.exit(77)
main(sys.argv[1], sys.argv[2])
