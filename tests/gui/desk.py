"""Drives the real window: starts the program, sends pointer and keys through the X server, reads its state file.

Input goes through XTEST (xdotool), so it takes the same way as a person's. What the program thinks is read from the
file named by MASKWRIGHT_INSPECT (docs/testing-the-window.md); what it shows, from a screenshot.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = SOURCE / "assets/sample/still_life.png"
SHARED = SOURCE.parent / "shared/images"


class Desk:
    def __init__(self, binary, out, args=(), size="1440x900", scale=None, keep_home=False):
        self.binary = str(pathlib.Path(binary).resolve())
        self.out = pathlib.Path(out).resolve()
        self.out.mkdir(parents=True, exist_ok=True)
        self.state_file = self.out / "state.json"
        self.state_file.unlink(missing_ok=True)
        home = self.out / "home"
        if not keep_home:
            shutil.rmtree(home, ignore_errors=True)
        home.mkdir(exist_ok=True)
        environment = dict(os.environ, MASKWRIGHT_INSPECT=str(self.state_file), HOME=str(home),
                           XDG_STATE_HOME=str(home / "state"), LIBGL_ALWAYS_SOFTWARE="1")
        options = ["--size", size] + (["--scale", str(scale)] if scale else [])
        self.log = open(self.out / "log.txt", "wb")
        self.process = subprocess.Popen([self.binary, *options, *map(str, args)], env=environment,
                                        stdout=self.log, stderr=subprocess.STDOUT, cwd=self.out)
        self.wait("the first frame", lambda s: s["frames"] > 0)

    # --- what the program thinks

    def state(self):
        try:
            return json.loads(self.state_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def wait(self, what, predicate, seconds=60):
        """The first state for which the predicate holds; a failure, with a screenshot, when none comes."""
        deadline = time.monotonic() + seconds
        state = None
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                self.fail(f"the program ended with {self.process.returncode} while waiting for {what}")
            state = self.state()
            if state and predicate(state):
                return state
            time.sleep(0.03)
        self.fail(f"waited {seconds} s for {what}; state: {json.dumps(state)[:3000]}")

    def settled(self):
        """The state once all input sent so far has been taken in and nothing changes any more."""
        last, since = self.state(), time.monotonic()
        while time.monotonic() - since < 0.5:
            time.sleep(0.05)
            now = self.state()
            if now and (not last or now["frames"] != last["frames"]):
                last, since = now, time.monotonic()
        return last

    def fail(self, why):
        try:
            self.screenshot("failure")
        except Exception:  # the reason matters more than its picture
            pass
        sys.exit(f"FAILED: {why}\n{(self.out / 'log.txt').read_text(errors='replace')[-2000:]}")

    def check(self, condition, what):
        if not condition:
            self.fail(what)
        print(f"ok: {what}", flush=True)

    # --- pointer and keys

    def x(self, *words):
        subprocess.run(["xdotool", *map(str, words)], check=True)

    def widget(self, name):
        box = self.wait(f"the widget {name}", lambda s: name in s["widgets"])["widgets"][name]
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def move(self, x, y):
        self.x("mousemove", round(x), round(y))

    def click(self, name, button=1):
        self.settled()  # what has just appeared may still be finding its place
        self.move(*self.widget(name))
        time.sleep(0.05)
        self.x("click", button)

    def reveal(self, name, up=False):
        """Turns the wheel over the side panel until the widget is within the window."""
        for _ in range(60):
            state = self.settled()
            height = state["framebuffer"][1] / state["canvas"]["density"]
            box = state["widgets"].get(name)
            if box and box["y"] >= 60 * state["scale"] and box["y"] + box["height"] <= height - 8:
                return
            down = not up if box is None else box["y"] > height / 2
            width = state["framebuffer"][0] / state["canvas"]["density"]
            self.move(width - 20 * state["scale"], height / 2)
            self.x("click", 5 if down else 4)
        self.fail(f"{name} does not come into the window")

    def on_screen(self, x, y):
        """Window coordinates of an image point."""
        canvas = self.state()["canvas"]
        px, py, width, height = canvas["pane"]
        cx, cy = canvas["center"]
        sx = px + width / 2 + (x - cx) * canvas["zoom"]
        sy = py + height / 2 + (y - cy) * canvas["zoom"]
        return sx / canvas["density"], sy / canvas["density"]

    def drag(self, points, button=1, pause=0.012):
        """From point to point in window coordinates with the button down, in small steps as a hand makes them."""
        self.move(*points[0])
        time.sleep(0.05)
        self.x("mousedown", button)
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            steps = max(2, int(max(abs(x1 - x0), abs(y1 - y0)) / 12))
            for i in range(1, steps + 1):
                self.move(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)
                time.sleep(pause)
        self.x("mouseup", button)

    def stroke(self, image_points, button=1):
        self.drag([self.on_screen(x, y) for x, y in image_points], button)

    def key(self, *keys):
        for key in keys:
            self.x("key", "--clearmodifiers", key)
            time.sleep(0.04)

    def type(self, text):
        self.x("type", "--delay", 12, text)

    def fill_field(self, name, text):
        self.click(name)
        time.sleep(0.1)
        self.key("ctrl+a")
        self.type(text)

    def request(self, prompt):
        """Writes these words in the place of those that are there, and runs them."""
        self.click("prompt")
        self.key("ctrl+a")
        self.type(prompt)
        self.wait("the prompt", lambda s: s["prompt"] == prompt and s["cannot_run"] == "")
        self.key("ctrl+Return")

    # --- what it shows

    def screenshot(self, name):
        time.sleep(0.25)  # the frame after the last event
        path = self.out / f"{name}.png"
        size = self.state()["framebuffer"]
        subprocess.run(["import", "-window", "root", "-crop", f"{size[0]}x{size[1]}+0+0", "+repage",
                        str(path)], check=True)
        return path

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.fail("the program did not end within 10 s of being asked to")

    def ask_to_close(self):
        """As the frame's button does it (WM_DELETE_WINDOW); the program then ends by itself."""
        from Xlib import X, display
        from Xlib.protocol import event
        d = display.Display()
        window = d.create_resource_object("window", int(subprocess.run(
            ["xdotool", "search", "--class", "maskwright"], capture_output=True, text=True, check=True).stdout.split()[-1]))
        window.send_event(event.ClientMessage(window=window, client_type=d.intern_atom("WM_PROTOCOLS"), data=(
            32, [d.intern_atom("WM_DELETE_WINDOW"), X.CurrentTime, 0, 0, 0])))
        d.sync()
        d.close()

    def verb(self, *words):
        """Runs a verb of the same binary; its JSON."""
        done = subprocess.run([self.binary, *map(str, words), "--json"], capture_output=True, text=True)
        if done.returncode:
            self.fail(f"maskwright {words[0]}: {done.stderr}")
        return json.loads(done.stdout)


def open_by_dialog(desk, path):
    desk.key("ctrl+o")
    desk.wait("the open dialog", lambda s: s["dialog"] == "open")
    desk.fill_field("dialog.open.path", str(path))
    desk.key("Return")
    desk.wait("the dialog to close", lambda s: s["dialog"] == "")


def save_by_dialog(desk, purpose, path):
    desk.wait("the dialog", lambda s: s["dialog"] == purpose)
    desk.fill_field(f"dialog.{purpose}.path", str(path))
    desk.key("Return")
    desk.wait("the dialog to close", lambda s: s["dialog"] == "")
