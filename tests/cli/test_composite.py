"""Grafting an answer that came from anywhere."""

import unittest

import kit
import png

KEYS = ("output", "crop", "request_size", "changed_outside_mask", "outside_sha256", "registration", "color_match",
        "seconds", "cost")
W, H = 120, 90


def texture(x, y):
    """Sharp in all directions, so that a shift can be measured."""
    return 90 + 60 * ((x // 5 + y // 7) % 2) + (x * 7 + y * 13) % 23


class Composite(kit.Case):
    def setUp(self):
        super().setUp()
        self.source = png.make(W, H, 3, 8, lambda x, y, c: texture(x, y) - 8 * c)
        png.write(self.path("in.png"), self.source)
        self.marked = self.mask(width=W, height=H, inside=lambda x, y: 45 <= x < 75 and 30 <= y < 60)

    def answer(self, dx=0, dy=0, width=W, height=H, left=0, top=0, lift=0):
        """The source moved by (dx, dy), brighter by lift, with a flat red patch where the mask is."""
        def value(x, y, c):
            u, v = x + left - dx, y + top - dy
            if 40 <= u < 80 and 25 <= v < 65:
                return (200, 40, 40)[c] + lift
            return texture(u, v) - 8 * c + lift
        made = png.make(width, height, 3, 8, value)
        png.write(self.path("answer.png"), made)
        return made

    def graft(self, *more):
        json = self.ok("composite", "in.png", "--result", "answer.png", "--mask", "mask.png", "-o", "out.png",
                       "--overwrite", *more)
        for key in KEYS:
            self.assertIn(key, json)
        after = png.read(self.path("out.png"))
        self.assertEqual(self.count_changed_outside(self.source, after, self.marked), 0)
        self.assertEqual(json["changed_outside_mask"], 0)
        self.assertEqual(json["file_changed_outside_mask"], 0)
        self.assertEqual(json["outside_sha256"], json["outside_sha256_before"])
        return json, after

    def assert_red(self, after, within=3):
        for got, want in zip(after.pixel(60, 45), (200, 40, 40)):
            self.assertAlmostEqual(got, want, delta=within)

    def test_exact_answer(self):
        self.answer()
        json, after = self.graft("--feather", "0")
        self.assertEqual(json["crop"], [0, 0, W, H])
        self.assertFalse(json["registration"]["applied"] and abs(json["registration"]["dx"]) > 0.05)
        self.assertEqual(json["answer_outside_mean_abs"] < 10, True)
        for x in range(45, 75):
            for y in range(30, 60):
                self.assertEqual(after.pixel(x, y), (200, 40, 40), (x, y))

    def test_the_source_itself_changes_nothing(self):
        png.write(self.path("answer.png"), self.source)
        json, after = self.graft()
        self.assertEqual(after.samples, self.source.samples)
        self.assertEqual(json["changed_inside_mask"], 0)
        self.assertEqual(json["answer_outside_mean_abs"], 0)

    def test_shifted_answer_is_registered(self):
        self.answer(dx=2, dy=-1)
        json, after = self.graft()
        found = json["registration"]
        self.assertTrue(found["applied"], found)
        self.assertAlmostEqual(found["dx"], 2, delta=0.2)
        self.assertAlmostEqual(found["dy"], -1, delta=0.2)
        self.assertLess(found["residual_after"], found["residual_before"])
        self.assert_red(after, 6)
        left = self.graft("--no-register")[0]["registration"]
        self.assertFalse(left["applied"])

    def test_brighter_answer_is_matched(self):
        self.answer(lift=14)
        json, after = self.graft()
        self.assertTrue(json["color_match"]["applied"], json["color_match"])
        self.assertLess(json["color_match"]["delta_e_after"], json["color_match"]["delta_e_before"])
        self.assert_red(after, 8)
        json, after = self.graft("--no-color-match")
        self.assertFalse(json["color_match"]["applied"])
        self.assertAlmostEqual(after.pixel(60, 45)[0], 214, delta=2)

    def test_answer_of_the_crop_at_any_size(self):
        self.answer(left=30, top=15, width=60, height=60)
        json, after = self.graft("--crop", "30,15,60,60")
        self.assertEqual(json["crop"], [30, 15, 60, 60])
        self.assertEqual(json["request_size"], [60, 60])
        self.assert_red(after)
        big = png.make(120, 120, 3, 8, lambda x, y, c: (10, 200, 30)[c])
        png.write(self.path("answer.png"), big)
        json, after = self.graft("--crop", "30,15,60,60", "--no-color-match")
        self.assertEqual(json["request_size"], [120, 120])
        self.assertTrue(json["notes"], "resampling is told")
        self.assertEqual(after.pixel(60, 45), (10, 200, 30))

    def test_another_shape_is_not_stretched(self):
        self.answer(width=90, height=90)
        self.fails(1, "composite", "in.png", "--result", "answer.png", "--mask", "mask.png", "-o", "o.png",
                   says=("90 x 90", "120 x 90", "crop"))

    def test_refusals(self):
        self.answer()
        go = ("composite", "in.png", "--result", "answer.png", "--mask")
        for name in ("in.png", "answer.png", "mask.png"):
            self.fails(3, *go, "mask.png", "-o", name, says=(name, "--overwrite"))
        self.fails(2, *go, "mask.png", "-o", "out.xyz", says=".png")
        self.fails(1, *go, "none.png", "-o", "out.png", says="none.png")
        self.mask("empty.png", width=W, height=H, inside=lambda x, y: False)
        self.fails(1, *go, "empty.png", "-o", "out.png", says="empty")
        self.mask("small.png", width=W - 1, height=H)
        self.fails(1, *go, "small.png", "-o", "out.png", says=("119 x 90", "120 x 90"))
        self.fails(1, *go, "mask.png", "--crop", "0,0,20,15", "-o", "out.png")


if __name__ == "__main__":
    unittest.main()
