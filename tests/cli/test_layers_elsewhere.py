"""Layered files opened and flattened by GIMP and Krita, where they are installed, against our composite."""

import glob
import os
import shutil
import signal
import subprocess
import sys

import kit
import png

GIMP = """(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "%s" "%s")))
                 (layer (car (gimp-image-flatten image))))
  (gimp-file-save RUN-NONINTERACTIVE image layer "%s" "%s")
  (gimp-image-delete image))"""


class Elsewhere(kit.Case):
    def home(self):
        """A home of its own, so that no settings of the person are read or changed."""
        return dict(os.environ, HOME=self.path("home"), XDG_CONFIG_HOME=self.path("home/config"),
                    XDG_DATA_HOME=self.path("home/data"), XDG_CACHE_HOME=self.path("home/cache"),
                    XDG_RUNTIME_DIR=self.path("home"), LC_ALL="C.UTF-8")

    def by_gimp(self, names):
        script = "".join(GIMP % (self.path(n), n, self.path(n + ".gimp.png"), n) for n in names)
        return subprocess.run(["gimp", "-n", "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"], env=self.home(), cwd=self.folder,
                              capture_output=True, timeout=300)

    def by_krita(self, name):
        # It insists on X, and on a bus of its own.
        display = ["bash", os.path.join(kit.SOURCE, "tests", "support", "with_xvfb.sh")]
        bus = ["dbus-run-session", "--"] if shutil.which("dbus-run-session") else []
        words = [*display, *bus, "krita", "--nosplash", "--export", "--export-filename", self.path(name + ".krita.png"), self.path(name)]
        with subprocess.Popen(words, env=self.home(), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              start_new_session=True) as krita:
            try:
                return krita.communicate(timeout=240)[1]
            except subprocess.TimeoutExpired:
                os.killpg(krita.pid, signal.SIGTERM)
                self.fail("Krita did not end")

    def compare(self, name, program, expected, log):
        path = self.path("%s.%s.png" % (name, program))
        self.assertTrue(os.path.exists(path), (name, program, log))
        back = png.read(path)
        self.assertEqual(back.size, expected.size)
        n, m = expected.channels, back.channels
        scale, back_scale = 255 / (2**expected.depth - 1), 255 / (2**back.depth - 1)
        worst = 0.0
        for i in range(expected.width * expected.height):
            for c in range(3):
                have = back.samples[i * m + (c if m >= 3 else 0)] * back_scale
                worst = max(worst, abs(have - expected.samples[i * n + (c if n >= 3 else 0)] * scale))
        print("%s by %s: at most %.3f of 255" % (name, program, worst))
        self.assertLessEqual(worst, 1.0, (name, program))

    def test_flattened(self):
        have = [p for p in ("gimp", "krita") if shutil.which(p)]
        if not have:
            self.skipTest("neither GIMP nor Krita is installed")
        os.makedirs(self.path("home"), mode=0o700)
        expected = {}
        for depth in (8, 16):
            self.picture("in%d.png" % depth, depth=depth)
            self.mask()
            self.ok("edit", "in%d.png" % depth, "--mask", "mask.png", "--prompt", "recolour to dark green", "-o", "out%d.png" % depth)
            for ending in ("psd", "ora"):
                name = "layers%d.%s" % (depth, ending)
                self.ok("edit", "in%d.png" % depth, "--mask", "mask.png", "--prompt", "recolour to dark green", "-o", name)
                expected[name] = png.read(self.path("out%d.png" % depth))
        if "gimp" in have:
            # Its OpenRaster plug-in is Python 2, which Debian 12 has no longer.
            names = [n for n in sorted(expected) if n.endswith(".psd") or glob.glob("/usr/lib/gimp/2.0/plug-ins/*openraster*")]
            done = self.by_gimp(names)
            for name in names:
                self.compare(name, "gimp", expected[name], done.stderr[-2000:])
        if "krita" in have and shutil.which("Xvfb"):
            for name in sorted(expected):
                log = self.by_krita(name)
                self.compare(name, "krita", expected[name], log[-2000:])


if __name__ == "__main__":
    if not shutil.which("gimp") and not shutil.which("krita"):
        print("skipped: neither GIMP nor Krita is installed")
        sys.exit(kit.SKIPPED)
    kit.main()
