"""What the tests of the command line share: the program, a folder per test, pictures."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(SOURCE, "tests", "support"))

import png  # noqa: E402

PROGRAM = os.environ["MASKWRIGHT"]
SHARED = os.path.join(SOURCE, "..", "shared", "images")
SAMPLE = os.path.join(SOURCE, "assets", "sample")
SKIPPED = 77
# Whether a word that is no verb opens a window; no test of the command line wants one.
HAS_WINDOW = os.environ.get("MASKWRIGHT_HAS_WINDOW") == "1"
for _name in ("DISPLAY", "WAYLAND_DISPLAY"):
    os.environ.pop(_name, None)


class Answer:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def note(self):
        return self.err.decode("utf-8", "strict")

    @property
    def json(self):
        return json.loads(self.out.decode("utf-8"))


def run(*words, cwd=None, timeout=120, **more):
    """Runs the program; words are str, bytes or numbers."""
    words = [w if isinstance(w, (str, bytes)) else str(w) for w in words]
    return Answer(subprocess.run([PROGRAM, *words], cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL,
                                 stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **more))


class Case(unittest.TestCase):
    """Each test works in an empty folder of its own: names in it need no path."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="maskwright-cli-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def files(self):
        return sorted(os.listdir(self.folder))

    def run_here(self, *words, **more):
        return run(*words, cwd=self.folder, **more)

    def ok(self, *words):
        """Runs, wants success, gives the JSON. Nothing but one object may be on stdout."""
        answer = self.run_here(*words, "--json")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertTrue(answer.out.startswith(b"{") and answer.out.endswith(b"}\n"), answer.out[:200])
        return answer.json

    def fails(self, code, *words, says=(), **more):
        """Runs, wants this exit code, one line on stderr that names each of `says`, no file made, none changed."""
        before = self.snapshot()
        answer = self.run_here(*words, **more)
        self.assertEqual(answer.code, code, (words, answer.err))
        self.assertEqual(answer.out, b"", words)
        self.assert_sentence(answer, says)
        self.assertEqual(self.snapshot(), before, words)
        return answer

    def assert_sentence(self, answer, says=()):
        lines = answer.note.split("\n")
        self.assertEqual(lines[-1], "")
        self.assertEqual(len(lines), 2, "one line: %r" % lines)
        self.assertTrue(lines[0].startswith("maskwright: "), lines)
        self.assertTrue(lines[0].rstrip(")").endswith("."), "a sentence: %r" % lines[0])
        self.assertLess(len(lines[0]), 700, lines[0])
        for part in (says,) if isinstance(says, str) else says:
            self.assertIn(part, lines[0])

    def snapshot(self):
        found = {}
        for top, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(top, name)
                info = os.lstat(path)
                found[path] = (info.st_size, info.st_mtime_ns, info.st_ino)
        return found

    def picture(self, name="in.png", width=72, height=56, channels=3, depth=8, chunks=()):
        """A smooth picture with grain, so that there is something to differ."""
        most = 2**depth - 1
        state = [12345]

        def sample(x, y, c):
            state[0] = (state[0] * 1103515245 + 12345) & 0x7fffffff
            if channels in (2, 4) and c == channels - 1:
                return most if x > 6 else state[0] * most >> 31
            slope = (60 * x // width + 90 * y // height + 9 * c)
            return most * (20 + slope) // 260 + (state[0] * most >> 31) // 16

        made = png.make(width, height, channels, depth, sample)
        made.chunks = list(chunks)
        png.write(self.path(name), made)
        return made

    def mask(self, name="mask.png", width=72, height=56, inside=None):
        """A hard-edged box with a soft rim unless told otherwise."""

        def value(x, y, _):
            if inside is not None:
                return 255 if inside(x, y) else 0
            far = max(abs(x - width // 2) - width // 5, abs(y - height // 2) - height // 5)
            return 255 if far <= 0 else max(0, 255 - 70 * far)

        made = png.make(width, height, 1, 8, value)
        png.write(self.path(name), made)
        return made

    def count_changed_outside(self, before, after, mask):
        """Samples that differ where the mask is 0, counted by this script."""
        self.assertEqual((before.size, before.channels, before.depth), (after.size, after.channels, after.depth))
        n = before.channels
        return sum(before.samples[i] != after.samples[i]
                   for i in range(len(before.samples)) if mask.samples[i // n] == 0)

    def count_changed_inside(self, before, after, mask):
        n = before.channels
        return sum(before.samples[i] != after.samples[i]
                   for i in range(len(before.samples)) if mask.samples[i // n] != 0)


def main():
    unittest.main(verbosity=1)
