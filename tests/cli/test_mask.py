"""Masks against a slow reference: areas by supersampling, discs by looking at every pixel."""

import math
import unittest

import kit
import png

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


if __name__ == "__main__":
    unittest.main()
