"""Answers that are not what was asked for: each time a clear verdict or one sentence, the right exit code, the answer's
file untouched and no half-written result."""

import os
import struct
import unittest

import kit
import png

W, H = 160, 120
SETTINGS = ("--no-register", "--no-color-match", "--no-membrane", "--no-grain")


def texture(x, y):
    return 90 + 60 * ((x // 5 + y // 7) % 2) + (x * 7 + y * 13) % 23


class BadAnswers(kit.Case):
    def setUp(self):
        super().setUp()
        self.source = png.make(W, H, 3, 8, lambda x, y, c: texture(x, y) - 8 * c)
        png.write(self.path("in.png"), self.source)
        self.marked = self.mask(width=W, height=H, inside=lambda x, y: 60 <= x < 100 and 40 <= y < 80)
        self.go = ("composite", "in.png", "--mask", "mask.png", "-o", "out.png", "--result")

    def answer(self, name="answer.png", width=W, height=H, channels=3, depth=8, value=None):
        most = 2**depth - 1
        alpha = channels in (2, 4)

        def sample(x, y, c):
            if value is not None:
                return value(x, y, c)
            if alpha and c == channels - 1:
                return most
            inside = 60 <= x * W // width < 100 and 40 <= y * H // height < 80
            v = (200, 40, 40)[c] if inside else texture(x * W // width, y * H // height) - 8 * c
            return v * most // 255
        png.write(self.path(name), png.make(width, height, channels, depth, sample))
        with open(self.path(name), "rb") as file:
            return file.read()

    def graft(self, name="answer.png", *more):
        """It can be used: grafted, nothing outside touched, the answer's file as it was."""
        with open(self.path(name), "rb") as file:
            bytes_before = file.read()
        json = self.ok(*self.go, name, "--overwrite", *more)
        with open(self.path(name), "rb") as file:
            self.assertEqual(file.read(), bytes_before)
        after = png.read(self.path("out.png"))
        self.assertEqual(self.count_changed_outside(self.source, after, self.marked), 0)
        self.assertEqual((json["changed_outside_mask"], json["file_changed_outside_mask"]), (0, 0))
        self.assertEqual(json["outside_sha256"], json["outside_sha256_before"])
        return json, after

    def assert_red(self, after, within=4):
        for got, want in zip(after.pixel(80, 60), (200, 40, 40)):
            self.assertAlmostEqual(got, want, delta=within)

    def test_another_size_of_the_same_shape(self):
        for scale in (2, 1 / 2):
            self.answer(width=int(W * scale), height=int(H * scale))
            json, after = self.graft("answer.png", *SETTINGS)
            self.assertIn("resampled", " ".join(json["notes"]))
            self.assert_red(after)

    def test_another_shape(self):
        for width, height in ((H, W), (W, H - 20), (W, 1), (1, H)):
            self.answer(width=width, height=height)
            self.fails(1, *self.go, "answer.png", says=("%d x %d" % (width, height), "%d x %d" % (W, H), "crop"))

    def test_one_pixel(self):
        self.answer(width=1, height=1)
        self.fails(1, *self.go, "answer.png", says=("1 x 1", "expected"))

    def test_another_depth_and_alpha(self):
        for channels in (3, 4):
            for depth in (8, 16):
                with self.subTest(channels=channels, depth=depth):
                    self.answer(channels=channels, depth=depth)
                    self.assert_red(self.graft("answer.png", *SETTINGS)[1])
        self.answer(channels=1, value=lambda x, y, c: 128)
        self.assertEqual(self.graft("answer.png", *SETTINGS)[1].pixel(80, 60), (128, 128, 128))

    def test_transparent_answer_shows_the_picture(self):
        self.answer(channels=4, value=lambda x, y, c: 0)
        json, after = self.graft("answer.png")
        self.assertEqual(after.samples, self.source.samples)
        self.assertEqual(json["changed_inside_mask"], 0)
        self.assertTrue(json["notes"], "it is told")

    def test_float_answer(self):
        self.answer()
        answer = self.run_here("composite", "in.png", "--mask", "mask.png", "--result", "answer.png", "-o",
                               "float.tif", *SETTINGS)
        self.assertEqual(answer.code, 0, answer.err)
        self.assert_red(self.graft("float.tif", *SETTINGS)[1])

    def test_all_black_and_unrelated_get_a_verdict(self):
        # Whether it is grafted is the artist's choice; what it is, is said.
        self.answer(value=lambda x, y, c: 0)
        json, _ = self.graft()
        self.assertIn(json["respect"]["verdict"], ("ignored", "unrelated", "redrawn"))
        self.assertTrue(json["respect"]["text"])
        noise = [1]

        def other(x, y, c):
            noise[0] = (noise[0] * 1103515245 + 12345) & 0x7fffffff
            return (x * x // 40 + y * 3 + 80 * c + (noise[0] >> 24)) % 256
        self.answer(value=other)
        json, _ = self.graft()
        self.assertIn(json["respect"]["verdict"], ("ignored", "unrelated", "redrawn"))
        self.assertGreater(json["respect"]["mean_delta_e"], 5)
        self.assertGreater(json["respect"]["changed_share"], 0.5)

    def test_large_moves_ask(self):
        def moved(x, y, c):
            u, v = (x - 20) % W, (y - 14) % H
            return (u * u // 70 + v * v // 40 + (u * 37 ^ v * 91) % 60 + 10 * c) % 256
        png.write(self.path("in.png"), png.make(W, H, 3, 8, lambda x, y, c: moved((x + 20) % W, (y + 14) % H, c)))
        self.source = png.read(self.path("in.png"))
        self.answer(value=moved)
        json, _ = self.graft("answer.png", "--no-color-match")
        found = json["registration"]
        for key in ("rotation_degrees", "matrix", "asks", "reason"):
            self.assertIn(key, found)
        if not found["asks"]:
            self.skipTest("this registration does not see moves so large")
        self.assertFalse(found["applied"])
        plain = self.run_here(*self.go, "answer.png", "--overwrite")
        self.assertEqual(plain.code, 0)
        self.assertIn("--accept-large-move", plain.note)
        json, _ = self.graft("answer.png", "--no-color-match", "--accept-large-move")
        self.assertTrue(json["registration"]["applied"])

    def jpeg(self):
        """The source as JPEG, and where its frame header has the height."""
        answer = self.run_here("composite", "in.png", "--mask", "mask.png", "--result", "in.png", "-o", "whole.jpg")
        self.assertEqual(answer.code, 0, answer.err)
        with open(self.path("whole.jpg"), "rb") as file:
            data = file.read()
        at = 2
        while data[at + 1] not in (0xc0, 0xc1, 0xc2):
            at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        self.assertEqual(struct.unpack(">HH", data[at + 5:at + 9]), (H, W))
        return data, at + 5

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def test_jpeg_with_a_lie_in_its_header(self):
        data, at = self.jpeg()
        self.graft("whole.jpg", *SETTINGS)
        lies = {"huge.jpg": (65500, 65500), "none.jpg": (0, W), "flat.jpg": (1, W), "tall.jpg": (5 * H, W),
                "wide.jpg": (H, 3 * W)}
        for name, (height, width) in lies.items():
            self.write(name, data[:at] + struct.pack(">HH", height, width) + data[at + 4:])
        for cut in (4, at, at + 40):
            self.write("cut-%d.jpg" % cut, data[:cut])
        self.write("tail.jpg", b"\xff\xd8" + bytes(2000))
        self.write("name.jpg", b"this is no picture\n" * 50)
        os.remove(self.path("out.png"))
        for name in self.files():
            if name.endswith(".jpg") and name != "whole.jpg":
                with self.subTest(name):
                    before = self.snapshot()
                    answer = self.run_here(*self.go, name, "--overwrite")
                    self.assertEqual(answer.code, 1, answer.err)
                    self.assertEqual(self.snapshot(), before)
                    # What is wrong with the file may come before the verdict.
                    for line in answer.note.splitlines():
                        self.assertTrue(line.startswith("maskwright: ") and line.endswith("."), line)

    def test_jpeg_that_ends_early_is_told(self):
        data, _ = self.jpeg()
        self.write("cut.jpg", data[:len(data) // 2])
        json, _ = self.graft("cut.jpg", *SETTINGS)
        self.assertIn("cut off", " ".join(json["notes"]))
        self.assertIn(b"cut off", self.run_here(*self.go, "cut.jpg", "--overwrite").err)

    def test_truncated_png(self):
        whole = self.answer()
        for cut in (10, 40, len(whole) // 2, len(whole) - 20):
            self.write("cut.png", whole[:cut])
            answer = self.run_here(*self.go, "cut.png", "--overwrite")
            if answer.code == 0:  # all rows were there
                self.assertIn(b"cut.png", answer.err)
                continue
            self.assertEqual(answer.code, 1)
            self.assert_sentence(answer, "cut.png")
            self.assertNotIn("out.png", self.files())


if __name__ == "__main__":
    unittest.main()
