"""compare: gates, nudge, candidates, tables, sheets, flips, bad input."""

import csv
import io
import json as jsonlib
import os
import struct
import unittest

import kit
import png


def exr(path, width, height, value):
    """A little-endian, uncompressed, scan-line OpenEXR of three float channels, by its file layout."""
    def attribute(name, kind, data):
        return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(data)) + data
    channels = b"".join(c + b"\0" + struct.pack("<iBxxxii", 2, 0, 1, 1) for c in (b"B", b"G", b"R")) + b"\0"
    box = struct.pack("<4i", 0, 0, width - 1, height - 1)
    head = b"\x76\x2f\x31\x01" + struct.pack("<i", 2)
    head += attribute("channels", "chlist", channels) + attribute("compression", "compression", b"\0")
    head += attribute("dataWindow", "box2i", box) + attribute("displayWindow", "box2i", box)
    head += attribute("lineOrder", "lineOrder", b"\0") + attribute("pixelAspectRatio", "float", struct.pack("<f", 1))
    head += attribute("screenWindowCenter", "v2f", struct.pack("<ff", 0, 0))
    head += attribute("screenWindowWidth", "float", struct.pack("<f", 1)) + b"\0"
    row = 8 + 3 * 4 * width
    table = b"".join(struct.pack("<Q", len(head) + 8 * height + y * row) for y in range(height))
    lines = b"".join(struct.pack("<ii", y, row - 8) +
                     b"".join(struct.pack("<f", value(x, y, c)) for c in (2, 1, 0) for x in range(width))
                     for y in range(height))
    with open(path, "wb") as file:
        file.write(head + table + lines)


class More(kit.Case):
    def pair(self):
        """b.png is a.png with a block of 6 x 5 changed inside the mask, c.png one sample outside as well."""
        a = self.picture("a.png", 80, 60)
        b = png.Picture(80, 60, 3, 8, list(a.samples))
        for y in range(20, 25):
            for x in range(30, 36):
                for c in range(3):
                    b.samples[3 * (80 * y + x) + c] ^= 0x60
        png.write(self.path("b.png"), b)
        c = png.Picture(80, 60, 3, 8, list(b.samples))
        c.samples[3 * (80 * 50 + 70)] ^= 1
        png.write(self.path("c.png"), c)
        self.mask(width=80, height=60, inside=lambda x, y: 28 <= x < 40 and 18 <= y < 30)

    def test_gates(self):
        self.pair()
        base = ("compare", "a.png", "b.png", "--mask", "mask.png")
        json = self.ok(*base, "--fail-if", "outside.changed>0", "--fail-if", "inside.delta_e_p99<0.5")
        self.assertNotIn("failed", json)
        answer = self.run_here("compare", "a.png", "c.png", "--mask", "mask.png", "--metric", "psnr", "--json",
                               "--fail-if", "outside.changed>0", "--fail-if", "inside.delta_e_p99 >= 3",
                               "--fail-if", "all.ssim<0.1", "--heatmap", "heat.png")
        self.assertEqual(answer.code, 1)
        self.assert_sentence(answer, says=("c.png", "outside.changed>0: it is 1", "inside.delta_e_p99 >= 3: it is"))
        self.assertNotIn("ssim", answer.note)
        self.assertEqual(len(answer.json["failed"]), 2)
        self.assertIn("delta_e_p99", answer.json["all"], "a gate's figure is measured")
        self.assertIn("heat.png", self.files(), "what was asked for is written all the same")
        for gate in ("outside.changed", "outside.colour>0", "there.changed>0", "all.ssim<x", ""):
            self.fails(2, *base, "--fail-if", gate, says="outside.changed>0")

    def test_areas_outside(self):
        self.pair()
        base = ("compare", "a.png", "--mask", "mask.png")
        self.assertEqual(self.ok(base[0], base[1], "b.png", *base[2:])["changed_areas_outside"]["count"], 0)
        areas = self.ok(base[0], base[1], "c.png", *base[2:])["changed_areas_outside"]
        self.assertEqual((areas["count"], areas["pixels"]), (1, 1))
        self.assertEqual(areas["largest"], [{"bounds": [70, 50, 1, 1], "pixels": 1}])
        self.assertEqual(areas["text"], "1 area changed outside your mask.")

    def test_nudge(self):
        a = self.picture("a.png", 50, 40)
        moved = png.make(50, 40, 3, 8, lambda x, y, c: a.pixel(x + 3, y - 2)[c] if x < 47 and y >= 2 else 7)
        png.write(self.path("b.png"), moved)
        json = self.ok("compare", "a.png", "b.png", "--nudge", "3,-2")
        self.assertEqual((json["size"], json["all"]["changed"]), ([47, 38], 0))
        self.assertGreater(self.ok("compare", "a.png", "b.png")["all"]["changed"], 1000)
        self.fails(1, "compare", "a.png", "b.png", "--nudge", "50,0", says="overlap")
        self.fails(2, "compare", "a.png", "b.png", "--nudge", "1.5,0", says="--nudge")

    def test_spots_profile_pixel(self):
        self.pair()
        json = self.ok("compare", "a.png", "b.png", "--worst", "2", "--heatmap-metric", "absolute", "--profile",
                       "28,22,40,22", "--pixel", "31,22")
        self.assertIn(len(json["worst"]), (1, 2))
        worst = json["worst"][0]
        self.assertTrue(30 <= worst["peak"][0] < 36 and 20 <= worst["peak"][1] < 25, worst)
        self.assertGreaterEqual(worst["value"], json["worst"][-1]["value"])
        a, b = png.read(self.path("a.png")), png.read(self.path("b.png"))
        self.assertEqual(json["pixel"]["a"]["source"], list(a.pixel(31, 22)))
        self.assertEqual(json["pixel"]["b"]["source"], list(b.pixel(31, 22)))
        self.assertGreater(json["pixel"]["delta_e"], 3)
        samples = json["profile"]["samples"]
        self.assertEqual([s["at"] for s in samples], [[x, 22] for x in range(28, 41)])
        self.assertEqual([s["delta_e"] > 0 for s in samples], [30 <= s["at"][0] < 36 for s in samples])

    def test_many(self):
        self.pair()
        json = self.ok("compare", "a.png", "b.png", "c.png", "--mask", "mask.png", "--csv", "t.csv", "--heatmap",
                       "heat.png", "--contact-sheet", "sheet.png", "--flip", "flip.webp", "--title", "Two, of \"them\"")
        self.assertEqual([c["b"] for c in json["candidates"]], ["b.png", "c.png"])
        self.assertEqual(json["candidates"][1]["heatmap"], "heat-2.png")
        self.assertEqual(self.files(), ["a.png", "b.png", "c.png", "flip.webp", "heat-1.png", "heat-2.png", "mask.png",
                                        "sheet.png", "t.csv"])
        with open(self.path("t.csv"), "rb") as file:
            text = file.read().decode("utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([r["name"] for r in rows], ["b.png", "c.png"])
        self.assertEqual([r["outside.changed"] for r in rows], ["0", "1"])
        self.assertEqual(rows[0]["outside.psnr"], "inf")
        self.assertAlmostEqual(float(rows[1]["all.ssim"]), json["candidates"][1]["all"]["ssim"], delta=1e-6)
        sheet = png.read(self.path("sheet.png"))
        self.assertEqual((sheet.channels, sheet.depth), (3, 8))
        self.assertGreaterEqual(sheet.width, 3 * 80)
        answer = self.run_here("compare", "a.png", "b.png", "c.png", "--fail-if", "all.changed>90")
        self.assertEqual(answer.code, 1)
        self.assert_sentence(answer, says='"c.png": all.changed>90: it is 91')
        self.assertNotIn('"b.png"', answer.note)
        self.fails(2, "compare", *["a.png"] * 17, says="a.png")

    def test_flip_files(self):
        self.pair()
        for name, magic in (("f.gif", b"GIF89a"), ("f.webp", b"RIFF")):
            self.ok("compare", "a.png", "b.png", "--flip", name)
            with open(self.path(name), "rb") as file:
                data = file.read()
            self.assertTrue(data.startswith(magic))
            if name.endswith("gif"):
                self.assertEqual(struct.unpack("<HH", data[6:10]), (80, 60))
                self.assertIn(b"NETSCAPE2.0\x03\x01\x00\x00\x00", data, "for ever")
                self.assertEqual(data.count(b"\x21\xf9\x04"), 2, "two frames")
                self.assertEqual(data[-1:], b";")
            else:
                self.assertEqual(data.count(b"ANMF"), 2)
            # It opens again, by the first frame.
            self.assertEqual(self.ok("compare", name, name, "--metric", "psnr")["size"], [80, 60])
        self.fails(2, "compare", "a.png", "b.png", "--flip", "f.mp4", says=(".webp or .gif",))
        self.fails(2, "compare", "a.png", "b.png", "--report", "f.pdf", says=(".html",))
        self.fails(2, "compare", "a.png", "b.png", "--csv", "f.xls", says=(".csv",))
        self.fails(3, "compare", "a.png", "b.png", "--flip", "f.gif", says=("f.gif", "--overwrite"))

    def test_pictures_of_difference(self):
        self.pair()
        self.ok("compare", "a.png", "b.png", "--difference", "d.png", "--gain", "2", "--threshold-picture", "t.png")
        a, b, d = (png.read(self.path(n)) for n in ("a.png", "b.png", "d.png"))
        for x, y in ((31, 22), (5, 5), (35, 24)):
            self.assertEqual(list(d.pixel(x, y)),
                             [min(255, 2 * abs(p - q)) for p, q in zip(a.pixel(x, y), b.pixel(x, y))])
        t = png.read(self.path("t.png"))
        self.assertEqual(t.pixel(32, 22), (255, 0, 0))
        self.assertEqual(len(set(t.pixel(5, 5))), 1, "the rest is faint grey")
        near = self.ok("compare", "a.png", "b.png", "--metric", "flip", "--viewing-distance", "0.35")
        far = self.ok("compare", "a.png", "b.png", "--metric", "flip", "--viewing-distance", "1.4")
        self.assertNotAlmostEqual(near["all"]["flip_mean"], far["all"]["flip_mean"], places=4)
        same = self.ok("compare", "a.png", "b.png", "--metric", "flip", "--pixels-per-degree", "67.0206")
        self.assertEqual(same["all"], self.ok("compare", "a.png", "b.png", "--metric", "flip")["all"])
        for words in (("--gain", "0"), ("--gain", "65"), ("--heatmap-metric", "yiq"), ("--worst", "0"),
                      ("--viewing-distance", "1", "--pixels-per-degree", "60"), ("--threshold", "2")):
            self.fails(2, "compare", "a.png", "b.png", *words, says=words[0])

    def test_words(self):
        self.pair()
        answer = self.run_here("compare", "a.png", "b.png", "--mask", "mask.png", "--prompt", "write \"OPEN\"", "--json")
        self.assertEqual(answer.code, 0)
        if "No text reader" in answer.note:
            self.assertNotIn("texts", answer.json)
        else:
            self.assertEqual([t["wanted"] for t in answer.json["texts"]], ["OPEN"])
            self.assertIs(answer.json["texts"][0]["as_asked"], False)

    def test_not_finite(self):
        nan, inf = float("nan"), float("inf")
        plain = lambda x, y, c: 0.1 + 0.02 * x + 0.01 * y * c
        odd = {(3, 4, 0): nan, (9, 9, 1): inf, (9, 9, 2): -inf}
        exr(self.path("a.exr"), 24, 20, plain)
        exr(self.path("b.exr"), 24, 20, lambda x, y, c: odd.get((x, y, c), plain(x, y, c)))
        json = self.ok("compare", "a.exr", "b.exr")
        self.assertEqual((json["all"]["not_finite_a"], json["all"]["not_finite_b"]), (0, 3))
        self.assertEqual(json["all"]["changed"], 3)
        self.assertIn("3 of B", json["note"])
        self.assertEqual((json["all"]["ssim"], json["all"]["flip_mean"], json["all"]["delta_e_mean"]), (1, 0, 0))
        self.assertIsNone(json["all"]["psnr"])
        self.assertEqual(json["all"]["max_abs"], 0)

    def test_empty_mask(self):
        self.pair()
        self.mask(width=80, height=60, inside=lambda x, y: False)
        answer = self.run_here("compare", "a.png", "b.png", "--mask", "mask.png", "--json", "--report", "r.html")
        self.assertEqual(answer.code, 0)
        self.assertIn("empty", answer.note)
        self.assertEqual(answer.json["inside"]["pixels"], 0)
        self.assertEqual(answer.json["outside"], {**answer.json["all"]})


if __name__ == "__main__":
    unittest.main()
