"""Masks against a slow reference: areas by supersampling, discs by looking at every pixel."""

import base64
import json
import math
import os
import unittest

import kit
import png
from small_service import Service, head

W, H = 60, 44
FINE = 16  # sub-pixels a side


def covered(inside):
    """Coverage 0..255 of every pixel by supersampling."""
    out = []
    for y in range(H):
        for x in range(W):
            hits = sum(inside(x + (i + 0.5) / FINE, y + (j + 0.5) / FINE) for j in range(FINE) for i in range(FINE))
            out.append(255 * hits / FINE**2)
    return out


def in_polygon(points):
    def inside(x, y):
        odd = False
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                odd = not odd
        return odd
    return inside


class Mask(kit.Case):
    def setUp(self):
        super().setUp()
        self.picture(width=W, height=H)

    def make(self, *operations):
        json = self.ok("mask", "in.png", *operations, "-o", "m.png", "--overwrite")
        made = png.read(self.path("m.png"))
        self.assertEqual((made.size, made.channels, made.depth), ((W, H), 1, 8))
        above = [i for i, v in enumerate(made.samples) if v]
        self.assertEqual(json["pixels"], len(above))
        self.assertAlmostEqual(json["coverage_pixels"], sum(made.samples) / 255, delta=1e-6 + len(above) * 1e-9)
        if above:
            xs, ys = [i % W for i in above], [i // W for i in above]
            self.assertEqual(json["bounds"], [min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1])
        else:
            self.assertEqual(json["bounds"][2:], [0, 0])
        return made.samples

    def near(self, got, want, within):
        worst = max(range(W * H), key=lambda i: abs(got[i] - want[i]))
        self.assertLessEqual(abs(got[worst] - want[worst]), within, (worst % W, worst // W))

    def test_rectangles(self):
        for x, y, w, h in ((5, 6, 20, 10), (5.25, 6.5, 20.5, 10.125), (-10, -10, 25, 25), (50.5, 40, 99, 99)):
            got = self.make("--rect", "%s,%s,%s,%s" % (x, y, w, h))
            for i, value in enumerate(got):
                px, py = i % W, i // W
                area = (max(0, min(px + 1, x + w) - max(px, x)) * max(0, min(py + 1, y + h) - max(py, y)))
                self.assertLessEqual(abs(value - 255 * area), 1, (px, py))
        self.assertFalse(any(self.make("--rect", "500,500,10,10")))

    def test_ellipses(self):
        for x, y, w, h in ((10, 8, 30, 22), (12.5, 9.25, 7.5, 21), (-20, -20, 60, 60)):
            a, b, cx, cy = w / 2, h / 2, x + w / 2, y + h / 2
            want = covered(lambda u, v: ((u - cx) / a)**2 + ((v - cy) / b)**2 <= 1)
            self.near(self.make("--ellipse", "%s,%s,%s,%s" % (x, y, w, h)), want, 6)

    def test_polygons(self):
        for points in ([(5, 5), (50, 9), (30, 40)], [(10.5, 3), (40, 35.25), (3, 30), (48, 12)],
                       [(-50, 20), (30, -40), (110, 25), (30, 90)]):
            want = covered(in_polygon(points))
            got = self.make("--polygon", *("%s,%s" % p for p in points))
            # Where edges cross within one pixel, signed areas cancel: a few pixels may be off.
            off = sum(abs(g - w) > 8 for g, w in zip(got, want))
            self.assertLessEqual(off, 2, points)

    def test_stroke_is_the_swept_disc(self):
        got = self.make("--stroke", "6", "15,20", "40,25")

        def far(x, y):
            t = max(0, min(1, ((x - 15) * 25 + (y - 20) * 5) / (25 * 25 + 5 * 5)))
            return math.hypot(x - 15 - 25 * t, y - 20 - 5 * t)
        for i, value in enumerate(got):
            d = far(i % W + 0.5, i // W + 0.5)
            if d < 4.5:
                self.assertEqual(value, 255, (i % W, i // W))
            elif d > 7.5:
                self.assertEqual(value, 0, (i % W, i // W))
        self.assertTrue(any(self.make("--stroke", "3", "20,20")), "one point is a dab")

    def test_operations_in_order(self):
        a, b = ("--rect", "5.5,5,20,20"), ("--ellipse", "15,10,30,25")
        ma, mb = self.make(*a), self.make(*b)
        pairs = list(zip(ma, mb))
        self.assertEqual(self.make(*a, *b), [max(p) for p in pairs])
        self.assertEqual(self.make(*a, "--add", *b), [max(p) for p in pairs])
        self.assertEqual(self.make(*a, "--subtract", *b), [min(p, 255 - q) for p, q in pairs])
        self.assertEqual(self.make(*b, "--subtract", *a), [min(q, 255 - p) for p, q in pairs])
        self.assertEqual(self.make(*a, "--intersect", *b), [min(p) for p in pairs])
        self.assertEqual(self.make(*a, "--invert", *b), [max(255 - p, q) for p, q in pairs])
        self.assertEqual(self.make(*a, *b, "--invert"), [255 - max(p) for p in pairs])
        self.assertFalse(any(self.make("--intersect", *b)), "nothing is there to keep")
        self.assertFalse(any(self.make("--subtract", *b)))
        self.assertEqual(set(self.make("--invert")), {255})
        # A prefix is for the next shape only.
        self.assertEqual(self.make("--subtract", *a, *b), mb)
        self.fails(2, "mask", "in.png", *a, "--subtract", "-o", "n.png", says="no shape after it")
        self.fails(2, "mask", "in.png", "--add", "--subtract", *a, "-o", "n.png", says="no shape")
        self.fails(2, "mask", "in.png", *a, "--subtract", "--grow", "3", "-o", "n.png", says="no shape")

    def test_load(self):
        soft = png.make(W, H, 1, 8, lambda x, y, c: (x * 5 + y) % 256)
        png.write(self.path("soft.png"), soft)
        self.assertEqual(self.make("--load", "soft.png"), soft.samples)
        self.assertEqual(self.make("--rect", "0,0,30,44", "--subtract", "--load", "soft.png"),
                         [min(255 if i % W < 30 else 0, 255 - v) for i, v in enumerate(soft.samples)])
        deep = png.make(W, H, 1, 16, lambda x, y, c: (x * 1000 + y) % 65536)
        png.write(self.path("deep.png"), deep)
        self.near(self.make("--load", "deep.png"), [v / 257 for v in deep.samples], 1)

    def test_grow_and_shrink_by_a_disc(self):
        hard = png.make(W, H, 1, 8, lambda x, y, c: 255 if (x - 25)**2 + (y - 20)**2 < 120 or (x > 50 and y < 5) else 0)
        png.write(self.path("hard.png"), hard)
        self.assertEqual(self.make("--load", "hard.png", "--grow", "0"), hard.samples)
        on = [(i % W, i // W) for i, v in enumerate(hard.samples) if v]
        off = [(i % W, i // W) for i, v in enumerate(hard.samples) if not v]
        for radius in (1, 2.5, 5):
            grown = self.make("--load", "hard.png", "--grow", radius)
            shrunk = self.make("--load", "hard.png", "--shrink", radius)
            for i in range(W * H):
                x, y = i % W, i // W
                to_on = min(math.hypot(x - u, y - v) for u, v in on)
                to_off = min(math.hypot(x - u, y - v) for u, v in off)
                if to_on <= radius - 0.5 or to_on == 0:
                    self.assertEqual(grown[i], 255, (radius, x, y))
                if to_on >= radius + 1:
                    self.assertEqual(grown[i], 0, (radius, x, y))
                if to_off <= radius - 0.5:
                    self.assertEqual(shrunk[i], 0, (radius, x, y))
                if to_off >= radius + 1:
                    self.assertEqual(shrunk[i], 255, (radius, x, y))

    def test_feather_is_a_gaussian(self):
        hard = png.make(W, H, 1, 8, lambda x, y, c: 255 if 15 <= x < 40 and 12 <= y < 30 else 0)
        png.write(self.path("hard.png"), hard)
        for radius in (2, 6):
            sigma = radius / 2
            reach = int(4 * sigma + 1)
            kernel = [math.exp(-k * k / (2 * sigma * sigma)) for k in range(-reach, reach + 1)]
            total = sum(kernel)

            def blur(values, length):
                return [sum(kernel[k + reach] * (values[i + k] if 0 <= i + k < length else 0)
                            for k in range(-reach, reach + 1)) / total for i in range(length)]
            across = blur([1 if 15 <= x < 40 else 0 for x in range(W)], W)
            down = blur([1 if 12 <= y < 30 else 0 for y in range(H)], H)
            want = [255 * across[i % W] * down[i // W] for i in range(W * H)]
            self.near(self.make("--load", "hard.png", "--feather", radius), want, 5)

    def test_empty_mask_is_told(self):
        answer = self.run_here("mask", "in.png", "--rect", "900,900,5,5", "-o", "m.png")
        self.assertEqual(answer.code, 0)
        self.assert_sentence(answer, "marks nothing")
        self.fails(2, "mask", "in.png", "--invert", "-o", "m.jpg", says=".png")
        self.fails(2, "mask", "in.png", "--invert", "-o", "m", says=".png")

    def drawn(self, colour_of, name="in.png", channels=3, depth=8):
        """Replaces the picture by flat colours: colour_of(x, y) in 0..255 levels."""
        scale = (2**depth - 1) // 255
        colours = {}
        made = png.make(W, H, channels, depth,
                        lambda x, y, c: colours.setdefault((x, y), colour_of(x, y))[c] * scale)
        png.write(self.path(name), made)

    def test_wand(self):
        def colour(x, y):  # two red discs, a blue one, on grey
            if math.hypot(x - 15, y - 15) < 9 or math.hypot(x - 45, y - 30) < 8:
                return 200, 40 + x % 2, 30, 255
            return (40, 50, 180, 255) if math.hypot(x - 45, y - 10) < 6 else (120, 120, 120, 255)
        for depth in (8, 16):
            self.drawn(colour, depth=depth)
            first = [255 if math.hypot(i % W - 15, i // W - 15) < 9 else 0 for i in range(W * H)]
            self.assertEqual(self.make("--wand", "15,15,10"), first)
            self.assertEqual(self.make("--wand", "15.9,15.2,10"), first)
            grey = self.make("--wand", "0,0,5")
            self.assertEqual(sum(v > 0 for v in grey), sum(colour(i % W, i // W)[0] == 120 for i in range(W * H)))
            self.assertEqual(set(self.make("--wand", "0,0,200")), {255})
            both = self.make("--wand", "15,15,10", "--add", "--wand", "45,30,10")
            self.assertEqual(both, [255 if colour(i % W, i // W)[0] == 200 else 0 for i in range(W * H)])
            self.assertEqual(self.make("--color-range", "15,15,10"), both)
            self.assertEqual(self.make("--invert", "--subtract", "--wand", "15,15,10"), [255 - v for v in first])
            self.assertEqual(self.make("--invert", "--replace", "--wand", "15,15,10"), first)
        # A picture of one pixel has one region.
        png.write(self.path("dot.png"), png.make(1, 1, 3, 8, lambda x, y, c: 7))
        self.assertEqual(self.ok("mask", "dot.png", "--wand", "0,0,0", "-o", "d.png")["pixels"], 1)
        self.fails(2, "mask", "dot.png", "--wand", "1,0,0", "-o", "e.png", says=("--wand", "outside", "1 x 1"))

    def test_lightness_and_alpha(self):
        self.drawn(lambda x, y: (4 * x,) * 3)
        dark = self.make("--lum-range", "0,50")

        def lightness(level):
            c = level / 255
            linear = c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055)**2.4
            return 116 * linear**(1 / 3) - 16 if linear > 216 / 24389 else linear * 24389 / 27
        self.assertEqual(dark, [255 if lightness(4 * (i % W)) <= 50 else 0 for i in range(W * H)])
        self.assertEqual(set(self.make("--from-alpha")), {255})
        self.drawn(lambda x, y: (9, 9, 9, 4 * x), channels=4)
        self.assertEqual(self.make("--from-alpha"), [4 * (i % W) for i in range(W * H)])

    def test_smart(self):
        def inside(x, y):
            return (x - 30)**2 / 196 + (y - 22)**2 / 144 < 1
        self.drawn(lambda x, y: (190 + x * y % 7, 90, 40) if inside(x, y) else (60, 110 + x * y % 5, 150))
        got = self.make("--smart", "14,8,32,28")
        want = [inside(i % W, i // W) for i in range(W * H)]
        both = sum(g >= 128 and w for g, w in zip(got, want))
        either = sum(g >= 128 or w for g, w in zip(got, want))
        self.assertGreater(both / either, 0.95)
        self.assertEqual(got, self.make("--smart", "14,8,32,28"), "the same again")

    def test_tidying(self):
        hard = png.make(W, H, 1, 8, lambda x, y, c: 255 if (10 <= x < 40 and 8 <= y < 36 and not (20 <= x < 25 and 15 <= y < 20)) or (x, y) in ((50, 5), (51, 5)) else 0)
        png.write(self.path("hard.png"), hard)
        load = ("--load", "hard.png")
        self.assertEqual(self.make(*load, "--remove-islands", 2), hard.samples)
        whole = [255 if 10 <= i % W < 40 and 8 <= i // W < 36 else 0 for i in range(W * H)]
        self.assertEqual(self.make(*load, "--remove-islands", 3, "--fill-holes"), whole)
        self.assertEqual(self.make(*load, "--smooth", 0), hard.samples)
        smoothed = self.make(*load, "--smooth", 6)
        self.assertEqual((smoothed[5 * W + 50], smoothed[20 * W + 15]), (0, 255))
        band = self.make(*load, "--fill-holes", "--border", 3)
        self.assertEqual((band[20 * W + 30], band[20 * W + 11], band[20 * W + 8], band[20 * W + 3]), (0, 255, 255, 0))
        soft = png.make(W, H, 1, 8, lambda x, y, c: 4 * x)
        png.write(self.path("soft.png"), soft)
        self.assertEqual(self.make("--load", "soft.png", "--contrast", 0), soft.samples)
        self.assertEqual(self.make("--load", "soft.png", "--contrast", 1), [255 if v >= 128 else 0 for v in soft.samples])

    def test_iopaint_is_asked_by_clicks(self):
        asked = []

        def script(method, path, body, send):
            asked.append((method, path, json.loads(body)))
            found = png.make(W, H, 4, 8, lambda x, y, c: (255 if c != 3 else 150) if 20 <= x < 30 and y < 12 else 0)
            png.write(self.path("found.png"), found)
            with open(self.path("found.png"), "rb") as file:
                send(head("image/png") + file.read())

        service = Service(script)
        self.addCleanup(service.close)
        os.environ["MASKWRIGHT_IOPAINT_URL"] = "http://127.0.0.1:%d" % service.port
        self.addCleanup(os.environ.pop, "MASKWRIGHT_IOPAINT_URL")
        mask = self.make("--iopaint", "25,5", "26,40,0")
        self.assertEqual(mask, [255 if 20 <= i % W < 30 and i // W < 12 else 0 for i in range(W * H)])
        method, path, sent = asked[0]
        self.assertEqual((method, path, sent["name"]), ("POST", "/api/v1/run_plugin_gen_mask", "InteractiveSeg"))
        self.assertEqual(sent["clicks"], [[25, 5, 1], [26, 40, 0]])
        with open(self.path("sent.png"), "wb") as file:
            file.write(base64.b64decode(sent["image"]))
        self.assertEqual(png.read(self.path("sent.png")).width, W)
        self.fails(2, "mask", "in.png", "--iopaint", "25,5,0", "-o", "n.png", says="Click on the thing")
        self.assertEqual(len(asked), 1, "nobody is asked without a click that belongs")
        service.close()
        os.environ["MASKWRIGHT_IOPAINT_URL"] = "http://127.0.0.1:1"
        self.fails(1, "mask", "in.png", "--iopaint", "25,5", "-o", "n.png", says=("IOPaint", "MASKWRIGHT_IOPAINT_URL"))

    def test_wrong_numbers(self):
        for words, says in ((("--wand", "60,0,5"), ("--wand", "outside")), (("--wand", "-1,0,5"), "outside"),
                            (("--wand", "1,44,5"), "outside"), (("--wand", "1,1,-5"), "tolerance"),
                            (("--wand", "nan,1,5"), "--wand"), (("--wand", "1,1,nan"), "--wand"),
                            (("--wand", "1,1"), "3 numbers"), (("--wand", "1e300,1,5"), "--wand"),
                            (("--color-range", "99,0,5"), "outside"), (("--color-range", "1,1,0"), "tolerance"),
                            (("--lum-range", "60,40"), "LOW"), (("--lum-range", "0,101"), "100"),
                            (("--lum-range", "inf,1"), "--lum-range"),
                            (("--smart", "5,5,0,9"), "no area"), (("--smart", "5,5,9,-9"), "no area"),
                            (("--smart", "600,5,9,9"), "no pixel"), (("--smart", "5,nan,9,9"), "--smart"),
                            (("--smooth", "-1"), "--smooth"), (("--remove-islands", "nan"), "--remove-islands"),
                            (("--contrast", "2"), "--contrast"), (("--border", "x"), "--border"),
                            (("--subtract", "--fill-holes"), "no shape"), (("--replace",), "no shape after it")):
            self.fails(2, "mask", "in.png", *words, "-o", "n.png", says=says)


if __name__ == "__main__":
    unittest.main()
