"""Figures of two pictures against figures counted here."""

import math
import unittest

import kit
import png

REGIONS = ("inside", "seam", "outside", "all")
BASIC = {"pixels", "changed", "not_finite_a", "not_finite_b", "max_abs", "rmse", "psnr"}
DELTA_E = {"delta_e_mean", "delta_e_p99", "delta_e_max"}
FLIP = {"flip_mean", "flip_first_quartile", "flip_median", "flip_third_quartile", "flip_max"}
YIQ = {"perceptible", "antialiased"}
ALL = BASIC | {"ssim"} | DELTA_E | FLIP | YIQ


class Compare(kit.Case):
    def pair(self, channels=3, depth=8, step=9):
        """B is A with every sample under x < 20 moved by step."""
        a = self.picture("a.png", 60, 48, channels, depth)
        most = 2**depth - 1
        b = png.Picture(60, 48, channels, depth, list(a.samples))
        for i in range(len(b.samples)):
            if i // channels % 60 < 20:
                b.samples[i] = b.samples[i] - step if b.samples[i] > most - step else b.samples[i] + step
        png.write(self.path("b.png"), b)
        return a, b

    def test_identical(self):
        self.picture("a.png")
        self.mask()
        json = self.ok("compare", "a.png", "a.png", "--mask", "mask.png")
        for region in REGIONS:
            self.assertEqual(set(json[region]), ALL)
            self.assertEqual(json[region]["changed"], 0)
            self.assertEqual(json[region]["max_abs"], 0)
            self.assertIsNone(json[region]["psnr"], "infinite: JSON has no number for it")
            self.assertAlmostEqual(json[region]["ssim"], 1, delta=1e-6)
            self.assertAlmostEqual(json[region]["flip_mean"], 0, delta=1e-6)
        self.assertEqual(json["inside"]["pixels"] + json["outside"]["pixels"], 72 * 56)
        self.assertEqual(json["size"], [72, 56])
        plain = self.run_here("compare", "a.png", "a.png")
        self.assertEqual((plain.code, plain.err), (0, b""))
        self.assertRegex(plain.out, rb"(?m)^all.changed +0$")

    def test_counts_and_psnr(self):
        for channels, depth, step in ((1, 8, 9), (3, 8, 9), (4, 8, 3), (3, 16, 700), (2, 16, 5)):
            with self.subTest(channels=channels, depth=depth):
                a, b = self.pair(channels, depth, step)
                mask = self.mask(width=60, height=48, inside=lambda x, y: x < 25)
                json = self.ok("compare", "a.png", "b.png", "--mask", "mask.png")
                self.assertEqual(json["outside"]["changed"], 0)
                self.assertEqual(json["inside"]["pixels"], 25 * 48)
                self.assertEqual(json["inside"]["changed"], self.count_changed_inside(a, b, mask))
                self.assertEqual(json["all"]["changed"], 20 * 48 * channels)
                self.assertAlmostEqual(json["all"]["max_abs"], step, delta=1e-6 * step)
                # The mean square over colour channels of all pixels: a third of them moved by step.
                want = 10 * math.log10((2**depth - 1)**2 / (step * step / 3))
                self.assertAlmostEqual(json["all"]["psnr"], want, delta=0.01)

    def test_metrics_one_by_one(self):
        self.pair()
        for metric, more in (("psnr", set()), ("ssim", {"ssim"}), ("deltae", DELTA_E), ("flip", FLIP), ("yiq", YIQ),
                             ("all", ALL)):
            json = self.ok("compare", "a.png", "b.png", "--metric", metric, "--heatmap", "heat.png", "--overwrite")
            self.assertEqual(set(json["all"]), BASIC | more, metric)
            heat = png.read(self.path("heat.png"))
            self.assertEqual((heat.size, heat.channels, heat.depth), ((60, 48), 3, 8))
            self.assertGreater(sum(heat.pixel(8, 24)), sum(heat.pixel(50, 24)), metric)

    def test_pictures(self):
        self.pair()
        self.mask(width=60, height=48)
        json = self.ok("compare", "a.png", "b.png", "--mask", "mask.png", "--heatmap", "heat.png", "--side-by-side",
                       "pair.png")
        self.assertEqual((json["heatmap"], json["side_by_side"]), ("heat.png", "pair.png"))
        pair = png.read(self.path("pair.png"))
        self.assertEqual(pair.height, 48)
        self.assertGreaterEqual(pair.width, 120)
        self.assertEqual(pair.pixel(3, 3), png.read(self.path("a.png")).pixel(3, 3))
        for name in ("--heatmap", "--side-by-side"):
            self.fails(3, "compare", "a.png", "b.png", name, "heat.png", says=("heat.png", "--overwrite"))
            self.fails(2, "compare", "a.png", "b.png", name, "heat.xyz", says=(name, ".png"))
            self.fails(1, "compare", "a.png", "b.png", name, "no/heat.png", says='"no"')

    def test_different_sizes_and_depths(self):
        self.picture("a.png", 60, 48)
        self.picture("b.png", 48, 60)
        self.fails(1, "compare", "a.png", "b.png", says=("60 x 48", "48 x 60", "--fit"))
        for fit, size in (("scale", [60, 48]), ("crop", [48, 48]), ("pad", [60, 60])):
            json = self.ok("compare", "a.png", "b.png", "--fit", fit, "--metric", "psnr")
            self.assertEqual(json["size"], size)
            self.assertIn("48 x 60", json["note"])
        self.fails(2, "compare", "a.png", "b.png", "--fit", "stretch", says=("--fit", "scale, crop or pad"))
        self.mask(width=48, height=48)
        self.fails(1, "compare", "a.png", "a.png", "--mask", "mask.png", says=("48 x 48", "60 x 48"))
        eight = png.read(self.path("a.png"))
        deep = png.Picture(60, 48, 3, 16, [v * 257 for v in eight.samples])
        png.write(self.path("deep.png"), deep)
        json = self.ok("compare", "a.png", "deep.png", "--metric", "psnr")
        self.assertEqual(json["all"]["changed"], 0)
        self.assertTrue(json["note"])


if __name__ == "__main__":
    unittest.main()
