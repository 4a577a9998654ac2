"""The tables of the section "Canvas" of docs/performance.md, from the real binary in a real window.

    tests/support/with_xvfb.sh /usr/bin/python3 bench/canvas/bench.py BINARY [PEER] [--only memory|stroke|frames|open]

PEER is build/bench/bench_canvas_peer. Pictures are made in a temporary folder (3 GB).
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/gui"))
import memory  # noqa: E402
from desk import Desk  # noqa: E402

SIDE = 16384
RAW = 4 * SIDE * SIDE


def row(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def end(desk):
    """Without the patience of a test: a busy machine takes its time to give a gigabyte back."""
    desk.process.kill()
    desk.process.wait()


def open_large(desk, seconds=240):
    """Waits for the picture, agreeing to its size where the window asks."""
    state = desk.wait("the picture or the question", lambda s: s["document"] or s["notices"], seconds)
    if not state["document"]:
        notice = state["notices"][0]["id"]
        desk.click(f"notice.{notice}.action")
        desk.wait("the picture", lambda s: s["document"] is not None, seconds)


def complete(desk):
    return desk.wait("all tiles", lambda s: s["drawn"]["complete"] and s["document"], 120)


def zoom_to_pixels(desk):
    desk.key("ctrl+1")
    desk.wait("1:1", lambda s: s["canvas"]["zoom"] == 1)
    complete(desk)


class Frames:
    """What each frame took, by the numbers the window tells."""

    def __init__(self, desk):
        self.desk, self.at = desk, desk.settled()["frames"]

    def slowest_since(self):
        """Of the frames after the last call the slowest, the one that had the event's work to do, by the clock and in
        processor time."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            state = self.desk.state()
            if state and state["frames"] > self.at:
                break
            time.sleep(0.002)
        new = min(state["frames"] - self.at, len(state["drawn"]["seconds"]))
        self.at = state["frames"]
        drawn = state["drawn"]
        return (max(drawn["seconds"][-new:]), max(drawn["cpu_seconds"][-new:])) if new else None


def stroke(desk, steps):
    """Seconds of the slowest frame of each event of a stroke across the middle of the canvas."""
    frames = Frames(desk)
    x, y, width, height = desk.state()["canvas"]["pane"]
    times = []
    desk.move(x + width * 0.3, y + height * 0.5)
    desk.x("mousedown", 1)
    frames.slowest_since()
    for i in range(steps):
        desk.move(x + width * (0.3 + 0.4 * i / steps), y + height * (0.5 + 0.1 * (i % 2)))
        took = frames.slowest_since()
        if took is not None:
            times.append(took)
        time.sleep(0.02)
    desk.x("mouseup", 1)
    desk.settled()
    return times


def set_radius(desk, radius):
    for _ in range(200):
        now = desk.state()["brush"]["radius_px"]
        if abs(now - radius) <= 0.06 * radius:
            return now
        desk.key("bracketright" if now < radius else "bracketleft")
        time.sleep(0.02)
    return desk.state()["brush"]["radius_px"]


def stroke_rows(binary, folder, turns):
    print("\n### A stroke in the window\n")
    row("picture", "brush radius", "processor time per event, ms (median / best)", "by the clock, ms (median / best)")
    row("---", "---", "---", "---")
    small, large = folder / "small.tif", folder / "large.tif"
    memory.write_tiff(small, 2048)
    if not large.exists():
        memory.write_tiff(large, SIDE)
    found = {}
    # The small one before and after: the machine may have other work meanwhile.
    for turn, (name, path) in enumerate((("2048²", small), ("16384²", large), ("2048²", small))):
        desk = Desk(binary, folder / f"stroke_{turn}", [path], size="1920x1080")
        open_large(desk)
        zoom_to_pixels(desk)
        radius = set_radius(desk, 500)
        found.setdefault(name, [])
        for _ in range(turns):
            found[name] += stroke(desk, 25)
        end(desk)
    ms = {}
    for name, times in found.items():
        ms[name] = [f(t[i] for t in times) * 1e3 for i in (1, 0) for f in (statistics.median, min)]
        row(name, f"{radius:.0f} px", f"{ms[name][0]:.1f} / {ms[name][1]:.1f}", f"{ms[name][2]:.1f} / {ms[name][3]:.1f}")
    ratio = [a / b for a, b in zip(ms["16384²"], ms["2048²"])]
    row("ratio (goal < 1.2)", "", f"{ratio[0]:.2f} / {ratio[1]:.2f}", f"{ratio[2]:.2f} / {ratio[3]:.2f}")


def frame_rows(binary, peer, folder, turns):
    print("\n### Frames, 1920 x 1080\n")
    row("what", "ours, ms (median / best)", "peer, ms (median / best)", "ratio of medians")
    row("---", "---", "---", "---")
    picture = folder / "frames.png"
    memory.write_png(picture, 4096)
    theirs = [json.loads(subprocess.run([peer, "1920", "1080"], capture_output=True, text=True, check=True).stdout)
              for _ in range(turns)] if peer else []
    start = time.monotonic()
    desk = Desk(binary, folder / "frames", [picture], size="1920x1080")
    first = time.monotonic() - start
    complete(desk)
    desk.key("ctrl+1")
    complete(desk)
    set_radius(desk, 60)
    desk.stroke([(1500, 2000), (2500, 2100)])

    def line(what, pairs, key):
        times = [wall for wall, _ in pairs]
        ours = (statistics.median(times) * 1e3, min(times) * 1e3)
        if theirs and key:
            peer_ms = (statistics.median(t[key] for t in theirs), min(t[key + "_best"] for t in theirs))
            row(what, f"{ours[0]:.1f} / {ours[1]:.1f}", f"{peer_ms[0]:.1f} / {peer_ms[1]:.1f}", f"{ours[0] / peer_ms[0]:.2f}")
        else:
            row(what, f"{ours[0]:.1f} / {ours[1]:.1f}", "–", f"{1e3 / ours[0]:.0f} frames/s")

    def pan(steps):
        frames = Frames(desk)
        x, y, width, height = desk.state()["canvas"]["pane"]
        times = []
        desk.move(x + width * 0.4, y + height * 0.4)
        desk.x("mousedown", 2)
        frames.slowest_since()
        for i in range(steps):
            desk.move(x + width * 0.4 + 3 * i, y + height * 0.4 + 2 * i)
            took = frames.slowest_since()
            if took is not None:
                times.append(took)
        desk.x("mouseup", 2)
        desk.settled()
        return times

    pan(40)  # what comes in is there from then on
    line("picture, mask and panels, all drawn again (pan), 1:1", [t for _ in range(turns) for t in pan(25)], "one_to_one")
    line("painting at 1:1, radius 60 px", [t for _ in range(turns) for t in stroke(desk, 25)], "one_to_one")
    desk.key("ctrl+0")
    desk.settled()
    complete(desk)
    desk.key("minus")
    desk.settled()
    complete(desk)
    line("the same, zoomed out, smooth", [t for _ in range(turns) for t in pan(25)], "out_linear")
    if theirs:
        row("start to the first frame", f"{first * 1e3:.0f} ms (polled)", f"{min(t['first_frame'] for t in theirs):.0f} ms", "")
    end(desk)


def open_rows(binary, folder):
    print("\n### Opening 16384² RGBA in the window\n")
    row("what", "seconds", "peak, of the raw bytes", "held, of the raw bytes")
    row("---", "---", "---", "---")
    for name, make in (("TIFF, uncompressed", memory.write_tiff), ("PNG", memory.write_png)):
        path = folder / ("large.tif" if name.startswith("TIFF") else "large.png")
        if not path.exists():
            make(path, SIDE)
        desk = Desk(binary, folder / "open", [], size="1920x1080")
        watch = memory.Watch(desk.process.pid)
        from desk import open_by_dialog
        open_by_dialog(desk, path)
        desk.wait("the question", lambda s: s["notices"], 240)
        notice = desk.state()["notices"][0]["id"]
        start, first = time.monotonic(), None
        desk.click(f"notice.{notice}.action")
        while not (desk.state() or {}).get("document"):
            state = desk.state()
            if first is None and state and state["canvas"].get("coming"):
                first = time.monotonic() - start
            if desk.process.poll() is not None:
                desk.fail("the program ended")
            time.sleep(0.01)
        there = time.monotonic() - start
        complete(desk)
        done = time.monotonic() - start
        time.sleep(0.3)
        held, peak = watch.now, watch.stop()
        early = f"first rows after {first:.1f}, " if first else ""
        row(name, f"{early}picture {there:.1f}, all tiles {done:.1f}", f"{peak / RAW:.2f} × (goal < 1.6)", f"{held / RAW:.2f} ×")
        end(desk)


def memory_rows(binary, folder):
    print("\n### Memory of the verbs at 16384² RGBA\n")
    row("what", "peak, of one picture's raw bytes", "goal")
    row("---", "---", "---")
    pictures = {"PNG": folder / "large.png", "TIFF, uncompressed, one strip": folder / "large.tif"}
    if not pictures["PNG"].exists():
        memory.write_png(pictures["PNG"], SIDE)
    tiff = pictures["TIFF, uncompressed, one strip"]
    if not tiff.exists():
        memory.write_tiff(tiff, SIDE)
    for what, ratio, least in memory.verbs(binary, folder, pictures, RAW):
        row(what, f"{ratio:.2f} ×", f"< {1.6 * least:.1f}")


def main():
    words = argparse.ArgumentParser()
    words.add_argument("binary")
    words.add_argument("peer", nargs="?")
    words.add_argument("--only")
    words.add_argument("--turns", type=int, default=3)
    words.add_argument("--folder")
    a = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="mw-canvas-") as made:
        folder = pathlib.Path(a.folder or made)
        folder.mkdir(parents=True, exist_ok=True)
        if a.only in (None, "frames"):
            frame_rows(a.binary, a.peer, folder, a.turns)
        if a.only in (None, "memory"):
            memory_rows(a.binary, folder)
        if a.only in (None, "open"):
            open_rows(a.binary, folder)
        if a.only in (None, "stroke"):
            stroke_rows(a.binary, folder, a.turns)


main()
