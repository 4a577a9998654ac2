"""The table of the section "Frames" of docs/performance.md: what a frame of the window takes of its own thread.

    tests/support/with_xvfb.sh /usr/bin/python3 bench/frames/bench.py BINARY [--only WORD] [--moves N]

Drives the real window of 1920 x 1080 through its states, with the pointer going over the canvas, the panels and the
tray in each of them, and reads the processor time of the thread that builds the frames (`own_seconds` of
docs/testing-the-window.md): events, what the workers sent, panels, overlay, tiles, triangles. What llvmpipe rasters,
it does on threads of its own, and waits for at the swap: neither is counted. What it does with vertices and textures
on the calling thread is, and so is its compiling of a program when that is first used, and our own tiles; the last
column has the rest: events, panels, overlay.
"""
import argparse
import base64
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/gui"), str(ROOT / "tests/support")]
from desk import SAMPLE, Desk, open_by_dialog  # noqa: E402
from main_job import no_jobs, paint_brick  # noqa: E402
from small_service import Service, head  # noqa: E402

GOAL_MS = 8
MODES = (("side by side", "shift+y"), ("one above the other", "alt+y"), ("flip", "F5"), ("wipe", "F6"),
         ("onion skin", "F7"), ("flicker", "F8"), ("difference", "F9"), ("heat map", "F10"), ("contact sheet", "F11"))


class Recorder:
    """Every frame's own time while it is on. The window tells its last 64 at each frame."""

    def __init__(self, desk):
        self.desk, self.rows, self.on = desk, [], True
        self.at = desk.settled()["frames"]
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def follow(self):
        while self.on:
            self.take()
            time.sleep(0.01)

    def take(self):
        state = self.desk.state()
        if not state or state["frames"] <= self.at:
            return
        drawn = state["drawn"]
        new = min(state["frames"] - self.at, len(drawn["own_seconds"]))
        self.at = state["frames"]
        self.rows += list(zip(drawn["own_seconds"][-new:], drawn["drawing_seconds"][-new:]))

    def stop(self):
        self.on = False
        self.thread.join()
        self.take()
        return self.rows


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


class Table:
    def __init__(self, only):
        self.only, self.worst = only, 0
        print("| state | frames | median | 99 % | most | without drawing, 99 % |\n|---|---|---|---|---|---|", flush=True)

    def wanted(self, name):
        return not self.only or self.only in name

    def add(self, name, rows):
        if not rows:
            print(f"| {name} | 0 | | | | |", flush=True)
            return
        own, building = [1e3 * r[0] for r in rows], [1e3 * (r[0] - r[1]) for r in rows]
        p99 = quantile(own, 0.99)
        self.worst = max(self.worst, p99)
        mark = "**" if p99 >= GOAL_MS else ""
        print(f"| {name} | {len(own)} | {statistics.median(own):.2f} ms | {mark}{p99:.2f}{mark} | {max(own):.2f} | "
              f"{quantile(building, 0.99):.2f} |", flush=True)


def tour(desk, moves):
    """The pointer over everything there is, without a press."""
    width, height = 1920, 1080
    for leg in range(moves):
        words = []
        for i in range(20):
            t = (leg * 20 + i) / (moves * 20)
            x = width * (0.02 + 0.96 * abs((t * 5) % 2 - 1))
            y = height * (0.03 + 0.94 * t)
            words += ["mousemove", round(x), round(y), "sleep", "0.02"]
        desk.x(*words)


def measured(table, desk, name, moves, act=None):
    if not table.wanted(name):
        return
    desk.settled()
    recorder = Recorder(desk)
    if act:
        act()
    tour(desk, moves)
    table.add(name, recorder.stop())


def ask(desk, words, count):
    desk.request(words)
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == count and no_jobs(s)
              and not s["figures_pending"], 240)
    desk.key("Escape")


def set_count(desk, count):
    if "request.count" not in desk.settled()["widgets"]:
        desk.click("request.options")
    box = desk.wait("the options", lambda s: "request.count" in s["widgets"])["widgets"]["request.count"]
    y = box["y"] + box["height"] / 2
    desk.drag([(box["x"] + 20, y), (box["x"] + 4 + (count - 1) / 3 * (box["width"] - 8), y)])


def picture_of_size(size):
    return subprocess.run(["convert", SAMPLE, "-resize", size + "!", "png:-"], stdout=subprocess.PIPE, check=True).stdout


def partial(data):
    return (b'event: image_edit.partial_image\ndata: {"type":"image_edit.partial_image","partial_image_index":0,'
            b'"b64_json":"' + base64.b64encode(data) + b'"}\n\n')


def main_states(table, desk, moves):
    measured(table, desk, "first start", moves)
    open_by_dialog(desk, SAMPLE)
    desk.wait("the picture", lambda s: s["document"] is not None and s["drawn"]["complete"])
    measured(table, desk, "painting", 1, lambda: [paint_brick(desk) for _ in range(4)])
    # Four candidates, then every way to compare.
    set_count(desk, 4)
    ask(desk, "remove the toy brick", 5)
    measured(table, desk, "four candidates", moves)
    for name, key in MODES:
        def into(key=key):
            desk.key(key)
            if key in ("shift+y", "F5", "F6"):
                desk.key("1", "shift+3")
        measured(table, desk, name, moves, into)
        desk.key("Escape")
        desk.wait("no comparison", lambda s: s["compare"]["mode"] == "off")
    desk.key("F4")
    measured(table, desk, "figures", moves)
    desk.key("F4")
    measured(table, desk, "palette", 2, lambda: (desk.key("ctrl+k"), desk.type("comp"), desk.key("Down", "Down")))
    desk.key("Escape")
    measured(table, desk, "keys", 2, lambda: desk.key("F1"))
    desk.key("Escape")
    if "preferences.query" in desk_opens_preferences(desk):
        measured(table, desk, "settings", moves)
        desk.key("Escape")
    words = " ".join(f"word{i}" for i in range(200))
    measured(table, desk, "200-word prompt", moves, lambda: (desk.click("prompt"), desk.key("ctrl+a"), desk.type(words)))
    # A history of 30: small regions, quick requests.
    desk.key("Escape")
    set_count(desk, 1)
    count = len(desk.settled()["document"]["iterations"])
    desk.key("ctrl+d")
    desk.settled()
    desk.stroke([(300, 300), (340, 300)])
    while count < 31:
        count += 1
        ask(desk, f"brighten by {count} %", count)
    measured(table, desk, "history of 30", moves, lambda: desk.key("F12"))
    desk.key("F12")


def desk_opens_preferences(desk):
    desk.key("ctrl+comma")
    return desk.settled()["widgets"]


def error_state(table, binary, folder, moves):
    broken = folder / "broken.png"
    broken.write_bytes(SAMPLE.read_bytes()[:40000])
    desk = Desk(binary, folder / "error", size="1920x1080")
    open_by_dialog(desk, broken)
    desk.wait("the refusal", lambda s: s["notices"])
    measured(table, desk, "error", moves)
    desk.close()


def long_names(table, binary, folder, moves):
    deep = folder / ("a folder with a very long name " * 5).strip()
    deep.mkdir()
    for i in range(300):
        (deep / (f"{i:03d} " + "a picture whose name is longer than any column " * 4 + ".png")).touch()
    name = deep / ("000 " + "a picture whose name is longer than any column " * 4 + ".png")
    shutil.copy(SAMPLE, name)
    desk = Desk(binary, folder / "names", [name], size="1920x1080")
    desk.wait("the picture", lambda s: s["document"] is not None)
    measured(table, desk, "long file names", moves)
    measured(table, desk, "long file names, dialog", moves, lambda: desk.key("ctrl+o"))
    desk.close()


def running(table, binary, folder, moves):
    if not table.wanted("running"):
        return
    hold = threading.Event()

    def script(method, path, body, send):
        if path.endswith("/models"):
            return send(head() + b'{"data":[{"id":"gpt-image-2"}]}')
        size = body.split(b'name="size"\r\n\r\n')[1].split(b"\r\n")[0].decode()
        send(head("text/event-stream") + partial(picture_of_size(size)))
        hold.wait(120)

    service = Service(script)
    os.environ["OPENAI_API_KEY"] = "no-real-key"
    os.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:%d/v1" % service.port
    desk = Desk(binary, folder / "running", [SAMPLE], size="1920x1080")
    desk.wait("the picture", lambda s: s["document"] is not None)
    paint_brick(desk)
    desk.click("prompt")
    desk.type("a brass lamp")
    desk.wait("the prompt", lambda s: s["prompt"] == "a brass lamp")
    desk.click("request.model")
    desk.settled()
    desk.click("request.model.gpt-image-2")
    desk.wait("the model", lambda s: s["request"]["model"] == "gpt-image-2")
    desk.key("ctrl+Return")
    desk.wait("the job", lambda s: any(j["kind"] == "edit" and j["state"] == "running" for j in s["jobs"]))
    measured(table, desk, "running job with partial", moves)
    measured(table, desk, "the same, painting", 1, lambda: paint_brick(desk))
    hold.set()
    desk.process.kill()
    desk.process.wait()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("binary")
    options.add_argument("--only", default="")
    options.add_argument("--moves", type=int, default=10)
    given = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="frames-"))
    try:
        table = Table(given.only)
        main_states(table, Desk(given.binary, folder / "main", size="1920x1080"), given.moves)
        error_state(table, given.binary, folder, given.moves)
        long_names(table, given.binary, folder, given.moves)
        running(table, given.binary, folder, given.moves)
        print(f"\nthe largest 99th percentile: {table.worst:.2f} ms; goal: under {GOAL_MS} ms")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
