"""Edits: what the program promises about every sample, counted here from the files alone."""

import struct
import unittest
import zlib

import kit
import png

KEYS = ("output", "crop", "request_size", "changed_outside_mask", "outside_sha256", "registration", "color_match",
        "seconds", "cost")


def profile():
    """A legal matrix profile with nothing but a description of itself."""
    tag = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(80)
    body = struct.pack(">I", 1) + b"desc" + struct.pack(">II", 144, len(tag)) + tag
    size = 128 + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">III", 0xf6d6, 0x10000, 0xd32d)
    return (header + bytes(128 - len(header)) + body)[:size]


def exif(orientation):
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


class Edit(kit.Case):
    def edit(self, *more, prompt="remove it", out="out.png", picture="in.png"):
        return self.ok("edit", picture, "--mask", "mask.png", "--prompt", prompt, "-o", out, *more)

    def assert_proved(self, json, before, mask):
        after = png.read(self.path(json["output"]))
        self.assertEqual(self.count_changed_outside(before, after, mask), 0)
        self.assertEqual(json["changed_outside_mask"], 0)
        self.assertEqual(json["outside_sha256"], json["outside_sha256_before"])
        self.assertTrue(json["file_lossless"])
        self.assertEqual(json["file_changed_outside_mask"], 0)
        self.assertEqual(json["changed_inside_mask"], self.count_changed_inside(before, after, mask))
        return after

    def test_json_has_every_key(self):
        self.picture()
        self.mask()
        json = self.edit()
        for key in KEYS:
            self.assertIn(key, json)
        self.assertEqual(json["output"], "out.png")
        self.assertEqual([len(json[k]) for k in ("crop", "request_size", "outside_sha256")], [4, 2, 64])
        for key in ("dx", "dy", "scale", "residual_before", "residual_after", "applied"):
            self.assertIn(key, json["registration"])
        for key in ("applied", "delta_e_before", "delta_e_after"):
            self.assertIn(key, json["color_match"])
        for key in ("open", "plan", "request", "graft", "save"):
            self.assertGreaterEqual(json["seconds"][key], 0)
        self.assertEqual(json["cost"], {"estimate_usd": 0, "actual_usd": 0})
        self.assertEqual(self.files(), ["in.png", "mask.png", "out.png"])

    def test_without_json_the_same_figures_for_people(self):
        self.picture()
        self.mask()
        answer = self.run_here("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png")
        self.assertEqual(answer.code, 0)
        self.assertRegex(answer.out, rb"(?m)^changed_outside_mask +0$")
        self.assertNotIn(b"\r", answer.err + answer.out)
        self.assertNotIn(b"\x1b", answer.err + answer.out)

    def test_nothing_outside_changes_in_any_format(self):
        mask = self.mask()
        for channels in (1, 2, 3, 4):
            for depth in (8, 16):
                for prompt in ("remove the spot", "make it dark green", "blur", "brighten"):
                    with self.subTest(channels=channels, depth=depth, prompt=prompt):
                        before = self.picture(channels=channels, depth=depth)
                        if channels < 3 and "green" in prompt:
                            continue
                        json = self.edit("--overwrite", prompt=prompt)
                        self.assert_proved(json, before, mask)
                        self.assertGreater(json["changed_inside_mask"], 0)

    def test_masks_of_every_shape(self):
        before = self.picture()
        shapes = {"one pixel": lambda x, y: (x, y) == (30, 20), "corner": lambda x, y: (x, y) == (0, 0),
                  "line": lambda x, y: y == 20, "frame": lambda x, y: x in (0, 71) or y in (0, 55),
                  "all but one": lambda x, y: (x, y) != (40, 30), "checker": lambda x, y: (x + y) % 2,
                  "last": lambda x, y: (x, y) == (71, 55),
                  "two": lambda x, y: x < 3 or x > 68}
        for name, inside in shapes.items():
            # Filling needs some of the picture to stay clear of the grown mask.
            for prompt in ("remove it", "blur by 3 px"):
                with self.subTest(shape=name, prompt=prompt):
                    mask = self.mask(inside=inside)
                    self.assert_proved(self.edit("--overwrite", prompt=prompt), before, mask)

    def test_mask_of_one_level(self):
        before = self.picture()
        self.mask()
        mask = png.make(72, 56, 1, 8, lambda x, y, c: 1 if x > 60 else 0)
        png.write(self.path("mask.png"), mask)
        self.assert_proved(self.edit(prompt="blur"), before, mask)

    def test_options(self):
        before, mask = self.picture(), self.mask()
        for more in (("--context", "1"), ("--context", "5"), ("--feather", "0"), ("--feather", "30"),
                     ("--no-register",), ("--no-color-match",), ("--seed", "7"), ("--size", "auto"),
                     ("--size", "64x64"), ("--provider", "builtin"), ("--max-cost", "0"), ("--max-megapixels", "1")):
            with self.subTest(more):
                json = self.edit("--overwrite", *more)
                self.assert_proved(json, before, mask)
                if more[0].startswith("--no-"):
                    part = json["registration" if "register" in more[0] else "color_match"]
                    self.assertFalse(part["applied"])
                if more == ("--size", "64x64"):
                    self.assertEqual(json["request_size"], [64, 64])

    def test_parts(self):
        before = self.picture(width=600, height=100)
        mask = self.mask(width=600, height=100, inside=lambda x, y: 20 <= y < 40 and (x % 560) // 20 == 1)
        json = self.edit("--context", "8")
        self.assertEqual(len(json["parts"]), 2)
        self.assertEqual(json["crop"], json["parts"][0]["crop"])
        after = self.assert_proved(json, before, mask)
        for x in (30, 590):
            self.assertTrue(any(before.pixel(x, y) != after.pixel(x, y) for y in range(20, 40)), x)
        one = self.edit("--overwrite", "--context", "8", "--islands", "together", prompt="blur")
        self.assertEqual(len(one["parts"]), 1)
        self.assert_proved(one, before, mask)
        shown = self.edit("--overwrite", "--crop", "0,0,600,90", prompt="blur")
        self.assertEqual(shown["crop"], [0, 0, 600, 90])
        self.assert_proved(shown, before, mask)
        larger = self.edit("--overwrite", "--context", "8", "--enlarge", "2")
        self.assertEqual([p["scale"] for p in larger["parts"]], [2, 2])
        self.assert_proved(larger, before, mask)

    def test_reaching_out_is_declared(self):
        before, mask = self.picture(), self.mask(inside=lambda x, y: 30 <= x < 45 and 20 <= y < 35)
        json = self.edit("--reach-out", "4", "--feather", "6")
        self.assertEqual(json["changed_outside_mask"], 0)
        self.assertEqual(json["file_changed_outside_mask"], 0)
        x, y, w, h = json["declared"]
        self.assertTrue(x <= 26 and y <= 16 and x + w >= 49 and y + h >= 39, json["declared"])
        self.assertTrue(x >= 24 and y >= 14 and x + w <= 51 and y + h <= 41, json["declared"])
        after = png.read(self.path("out.png"))
        for v in range(56):
            for u in range(72):
                if not (x <= u < x + w and y <= v < y + h):
                    self.assertEqual(before.pixel(u, v), after.pixel(u, v))

    def test_nothing_to_fill_from(self):
        before, mask = self.picture(), self.mask(inside=lambda x, y: True)
        self.fails(1, "edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png",
                   says="covers all of")
        self.assert_proved(self.edit(prompt="blur"), before, mask)
        mask = self.mask()
        self.assert_proved(self.edit("--overwrite", "--context", "0", prompt="blur"), before, mask)

    def test_same_seed_same_file(self):
        self.picture()
        self.mask()
        for out in ("a.png", "b.png"):
            self.edit("--seed", "5", out=out)
        with open(self.path("a.png"), "rb") as a, open(self.path("b.png"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_candidates(self):
        before, mask = self.picture(), self.mask()
        most = next(iter(self.ok("models")["builtin"].values()))["max_count"]
        self.fails(2, "edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "o.png", "-n", most + 1,
                   says="-n")
        if most < 2:
            self.skipTest("the built-in engine makes one candidate")
        json = self.edit("-n", "2")
        self.assertEqual([c["output"] for c in json["candidates"]], ["out-1.png", "out-2.png"])
        for candidate in json["candidates"]:
            self.assert_proved(candidate, before, mask)
        self.assertEqual(self.files(), ["in.png", "mask.png", "out-1.png", "out-2.png"])
        self.fails(3, "edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png", "-n", "2",
                   says="out-1.png")

    def test_profile_and_exif_go_with_the_picture(self):
        icc = b"test\0\0" + zlib.compress(profile())
        before = self.picture(chunks=[(b"iCCP", icc), (b"eXIf", exif(1))])
        mask = self.mask()
        after = self.assert_proved(self.edit(), before, mask)
        self.assertIsNotNone(after.chunk(b"iCCP"), "the profile is kept")
        body = after.chunk(b"iCCP")
        self.assertEqual(zlib.decompress(body[body.index(b"\0") + 2:]), profile())
        self.assertEqual(after.chunk(b"eXIf"), exif(1))

    def test_turned_picture_comes_out_upright(self):
        self.picture(width=56, height=72, chunks=[(b"eXIf", exif(6))])
        self.mask()
        json = self.edit()
        after = png.read(self.path("out.png"))
        self.assertEqual(after.size, (72, 56))
        self.assertEqual(after.chunk(b"eXIf"), exif(1), "it is turned only once")
        self.assertEqual(json["file_changed_outside_mask"], 0)

    def test_over_itself(self):
        before, mask = self.picture(), self.mask()
        edit = ("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o")
        self.fails(3, *edit, "in.png", says=("in.png", "--overwrite"))
        self.fails(3, *edit, "mask.png", says=("mask.png", "--overwrite"))
        self.assert_proved(self.edit("--overwrite", out="in.png"), before, mask)
        self.assertEqual(self.files(), ["in.png", "mask.png"])

    def test_other_formats(self):
        self.picture()
        self.mask()
        answer = self.run_here("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.jpg",
                               "--json")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertFalse(answer.json["file_lossless"])
        self.assertEqual(answer.json["changed_outside_mask"], 0, "before the file's own loss")
        self.assert_sentence(answer, ("out.jpg", "re-encodes", ".png"))
        self.assertTrue(self.edit(out="out.webp")["file_lossless"])
        figures = self.ok("compare", "in.png", "out.webp", "--mask", "mask.png", "--metric", "psnr")
        self.assertEqual(figures["outside"]["changed"], 0)
        self.fails(2, "edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.xyz", says=".png")
        self.picture("deep.png", depth=16)
        self.fails(1, "edit", "deep.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "deep.jpg", says="PNG")

    def test_what_must_not_be_copied_is_not(self):
        def sample(x, y, c):
            return 255 if x >= 36 and c == 0 else 100 + (x * 7 + y * 11) % 40

        png.write(self.path("in.png"), png.make(72, 56, 3, 8, sample))
        self.mask(inside=lambda x, y: 26 <= x < 50 and 18 <= y < 38)
        self.mask("barred.png", inside=lambda x, y: x >= 36)

        def reds(out):
            got = png.read(self.path(out))
            return sum(got.pixel(x, y)[0] > 80 + got.pixel(x, y)[1] for y in range(22, 34) for x in range(30, 44))

        self.edit(out="free.png")
        self.edit("--copy-not-from", "barred.png", out="out.png")
        self.assertGreater(reds("free.png"), 40)
        self.assertEqual(reds("out.png"), 0)
        self.mask("small.png", width=40, inside=lambda x, y: True)
        self.fails(1, "edit", "in.png", "--mask", "mask.png", "--copy-not-from", "small.png", "--prompt", "remove it",
                   "-o", "no.png", says=("small.png", "40 x 56"))


if __name__ == "__main__":
    unittest.main()
