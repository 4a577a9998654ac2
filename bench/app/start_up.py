#!/usr/bin/python3
"""start_up.py BINARY [--runs N] [--json FILE]: from the start of the program to its picture on the screen, and what it
weighs when it rests, against GIMP and Krita on the same file in the same run.

Run on a display of its own: tests/support/with_xvfb.sh /usr/bin/python3 bench/app/start_up.py build/release/maskwright
Needs python3-xlib and imagemagick; peers that are not installed are left out. Each program starts in turn, so that
what the machine does meanwhile hits all of them; the first round, in which they make their profiles and caches, does
not count. Peers are started without their splash screens. The picture is there when a tenth of the screen has the
colour of its middle, which nothing else has. Memory is the proportional set size (PSS) of the program and all its
children, once it has used less than a twentieth of a processor for two seconds.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from Xlib import X, display

COLOUR = (58, 209, 124)
NEAR = 10  # colour management moves it a little
SHARE = 0.1
PATIENCE = 180


class Screen:
    def __init__(self):
        self.display = display.Display()
        self.root = self.display.screen().root
        self.size = self.root.get_geometry()

    def share(self):
        """Of every 40th row that has the colour."""
        hits = count = 0
        for y in range(20, self.size.height, 40):
            row = self.root.get_image(0, y, self.size.width, 1, X.ZPixmap, 0xFFFFFFFF).data
            for x in range(0, len(row) - 3, 16):
                count += 1
                hits += all(abs(row[x + c] - COLOUR[2 - c]) <= NEAR for c in range(3))
        return hits / count


def family(pid):
    """The process and all below it."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents.setdefault(int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]), []).append(int(entry.name))
            except (OSError, IndexError):
                pass
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += parents.get(one, [])
    return found


def cpu_seconds(pids):
    total = 0.0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass
    return total


def pss_mb(pids):
    total = 0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            pass
    return total / 1024


def measure(screen, command, home):
    """(seconds to the picture, processor seconds by then, PSS in MB at rest)"""
    environment = dict(os.environ, HOME=str(home), XDG_CONFIG_HOME=str(home / "config"), XDG_DATA_HOME=str(home / "data"),
                       XDG_CACHE_HOME=str(home / "cache"), XDG_STATE_HOME=str(home / "state"))
    if screen.share() > SHARE / 10:
        sys.exit("the screen has the colour of the picture before anything started")
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        while screen.share() < SHARE:
            if time.monotonic() - begun > PATIENCE:
                sys.exit(f"{command[0]} shows no picture within {PATIENCE} s")
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.01)
        shown = time.monotonic() - begun
        cpu = cpu_seconds(family(process.pid))
        calm = 0
        before = cpu_seconds(family(process.pid))
        while calm < 2 and time.monotonic() - begun < PATIENCE:
            time.sleep(1)
            now = cpu_seconds(family(process.pid))
            calm = calm + 1 if now - before < 0.05 else 0
            before = now
        memory = pss_mb(family(process.pid))
    finally:
        for one in family(process.pid):
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()
    while screen.share() > SHARE / 10:
        time.sleep(0.05)
    return shown, cpu, memory


def make_picture(path, size):
    """Noise with a plain middle, found again on the screen. 8 bit: of 16 without a profile Krita asks what they mean."""
    width, height = size
    subprocess.run(["convert", "-size", f"{width}x{height}", "-seed", "1", "xc:gray50", "+noise", "Gaussian", "-fill",
                    "rgb(%d,%d,%d)" % COLOUR, "-draw", f"rectangle {width // 8},{height // 8} {width * 7 // 8},{height * 7 // 8}",
                    "-depth", "8", "-quality", "92", ("PNG24:" if path.suffix == ".png" else "") + str(path)], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json")
    words = parser.parse_args()
    screen = Screen()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="start-up-"))
    programs = {"maskwright": [str(pathlib.Path(words.binary).resolve())]}
    for name, command in {"gimp": ["gimp", "--no-splash", "-n"], "krita": ["krita", "--nosplash"]}.items():
        if shutil.which(command[0]):
            programs[name] = command
        else:
            print(f"{name} is not installed and left out")
    results = {}
    try:
        for label, size, ending in [("1600 x 1200 PNG", (1600, 1200), ".png"), ("6000 x 4000 JPEG", (6000, 4000), ".jpg")]:
            picture = folder / f"picture{ending}"
            make_picture(picture, size)
            rows = {name: [] for name in programs}
            for run in range(words.runs + 1):
                for name, command in programs.items():
                    home = folder / f"home-{name}"
                    home.mkdir(exist_ok=True)
                    if name == "maskwright":  # else the project of the run before is opened again
                        shutil.rmtree(home / "state", ignore_errors=True)
                    row = measure(screen, [*command, str(picture)], home)
                    if run > 0:
                        rows[name].append(row)
            print(f"\n{label}, {words.runs} runs: median (least .. most)")
            for name, seen in rows.items():
                columns = list(zip(*seen))
                told = ["%.2f (%.2f .. %.2f) %s" % (statistics.median(c), min(c), max(c), unit)
                        for c, unit in zip(columns, ["s to the picture", "s of processor", "MB at rest"])]
                print(f"  {name:11}" + "   ".join(told), flush=True)
            peers = [name for name in rows if name != "maskwright"]
            if peers:
                for column, what in [(0, "time"), (1, "processor"), (2, "memory")]:
                    ours = statistics.median(r[column] for r in rows["maskwright"])
                    best = min(peers, key=lambda n: statistics.median(r[column] for r in rows[n]))
                    theirs = statistics.median(r[column] for r in rows[best])
                    print(f"  {what}: {ours / theirs:.3f} of {best}'s")
            results[label] = rows
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if words.json:
        pathlib.Path(words.json).write_text(json.dumps(results, indent=1))


main()
