"""What opening a 16384 x 16384 picture costs: peaks of the process and its decoder together, in multiples of the
picture's raw bytes (RGBA, 8 bit: 1 GiB). Memory that both see is counted once (PSS)."""
import pathlib
import struct
import subprocess
import sys
import threading
import time
import zlib


def write_png(path, side, level=1):
    """A picture as a camera makes it, roughly: slopes, and noise in the low bits."""
    import random
    random.seed(1)
    noise = [bytes(random.getrandbits(2) for _ in range(4 * side)) for _ in range(7)]
    slopes = [bytes(((x * (c + 2) // 23) & 0xfc) if c < 3 else 0xfc for x in range(side) for c in range(4)) for _ in range(1)]
    base = int.from_bytes(slopes[0], "little")
    rows = [(base | int.from_bytes(n, "little")).to_bytes(4 * side, "little") for n in noise]
    with open(path, "wb") as f:
        def chunk(kind, data):
            f.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
        f.write(b"\x89PNG\r\n\x1a\n")
        chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
        pack = zlib.compressobj(level)
        for y in range(side):
            part = pack.compress(b"\0" + rows[y * 5 % 7])
            if part:
                chunk(b"IDAT", part)
        chunk(b"IDAT", pack.flush())
        chunk(b"IEND", b"")


def write_tiff(path, side):
    """Uncompressed, one strip: the file is as large as the picture."""
    row = bytes((x * (c + 1) // 7) & 255 if c < 3 else 255 for x in range(side) for c in range(4))
    entries = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 4, 0), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 0),
               (277, 3, 1, 4), (278, 4, 1, side), (279, 4, 1, 4 * side * side), (284, 3, 1, 1), (338, 3, 1, 2)]
    after = 8 + 2 + 12 * len(entries) + 4
    with open(path, "wb") as f:
        f.write(struct.pack("<2sHIH", b"II", 42, 8, len(entries)))
        for tag, kind, count, value in entries:
            value = after if tag == 258 else after + 8 if tag == 273 else value
            f.write(struct.pack("<HHII", tag, kind, count, value))
        f.write(struct.pack("<I4H", 0, 8, 8, 8, 8))
        for _ in range(side):
            f.write(row)


def pss(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ProcessLookupError):
        pass
    return 0


def children(pid):
    try:
        found = []
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            found += [int(c) for c in (task / "children").read_text().split()]
        return found
    except OSError:
        return []


class Watch:
    """The peak of a process and its children together, looked at as often as can be."""

    def __init__(self, pid):
        self.pid, self.peak, self.looks, self.now, self.going = pid, 0, 0, 0, True
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while self.going:
            self.now = sum(pss(p) for p in [self.pid, *children(self.pid)])
            self.peak = max(self.peak, self.now)
            self.looks += 1
            time.sleep(0.03)

    def stop(self):
        self.going = False
        self.thread.join()
        return self.peak


def of_command(words):
    process = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watch = Watch(process.pid)
    out, error = process.communicate()
    peak = watch.stop()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, words))} failed: {error.decode()}")
    return peak


def verbs(binary, folder, pictures, raw):
    """Rows for the verbs: (what, peak, how many pictures' bytes the verb must hold at least)."""
    mask = folder / "mask.png"
    allow = ["--max-megapixels", "300"]
    rows = []
    for name, path in pictures.items():
        peak = of_command([binary, "mask", path, "--ellipse", "8000,8000,900,900", "-o", mask, "--overwrite", *allow])
        rows.append((f"mask, {name}", peak, 1))
    first = next(iter(pictures.values()))
    peak = of_command([binary, "plan", first, "--mask", mask, "--out-image", folder / "crop.png", "--overwrite", *allow])
    rows.append(("plan", peak, 1))
    peak = of_command([binary, "compare", first, first, *allow])
    rows.append(("compare, two pictures", peak, 2))
    return [(what, peak / raw, least) for what, peak, least in rows]
