"""Plans: legal, holding what is marked, and sending nothing."""

import unittest

import kit
import png


GROWN = 5  # by how many pixels at most a model's mask is grown


class Plan(kit.Case):
    def test_keys_and_files(self):
        before, mask = self.picture(width=300, height=200), self.mask(width=300, height=200)
        json = self.ok("plan", "in.png", "--mask", "mask.png", "--context", "10", "--out-image", "crop.png",
                       "--out-mask", "sent.png")
        self.assertEqual(json["provider"], "builtin")
        for key in ("crop", "request_size", "scale", "padded", "mask_bounds", "cost", "notes", "model"):
            self.assertIn(key, json)
        self.assertEqual(json["cost"]["estimate_usd"], 0)
        crop, sent = png.read(self.path("crop.png")), png.read(self.path("sent.png"))
        self.assertEqual(list(crop.size), json["request_size"])
        self.assertEqual(sent.size, crop.size)
        x0, y0, w, h = json["crop"]
        self.assertEqual(json["scale"], 1)
        self.assertEqual([w, h], json["request_size"])
        for y in range(h):
            for x in range(w):
                self.assertEqual(crop.pixel(x, y), before.pixel(x0 + x, y0 + y))
                # The model may want the mask a few pixels larger, never smaller.
                if mask.pixel(x0 + x, y0 + y)[0]:
                    self.assertEqual(sent.pixel(x, y)[0], 255)
                elif not any(mask.pixel(x0 + x + dx, y0 + y + dy)[0] for dx in range(-GROWN, GROWN + 1)
                             for dy in range(-GROWN, GROWN + 1)):
                    self.assertEqual(sent.pixel(x, y)[0], 0)
        self.assertEqual(self.files(), ["crop.png", "in.png", "mask.png", "sent.png"])

    def test_crop_holds_the_mask_and_lies_in_the_picture(self):
        self.picture(width=200, height=120)
        for x, y, w, h in ((0, 0, 1, 1), (199, 119, 1, 1), (50, 40, 30, 20), (0, 60, 200, 1), (0, 0, 200, 120)):
            self.ok("mask", "in.png", "--rect", "%d,%d,%d,%d" % (x, y, w, h), "-o", "mask.png", "--overwrite")
            for context in (None, 0, 7, 500):
                more = () if context is None else ("--context", context)
                json = self.ok("plan", "in.png", "--mask", "mask.png", *more)
                self.assertEqual(json["mask_bounds"], [x, y, w, h])
                cx, cy, cw, ch = json["crop"]
                self.assertTrue(cx <= x and cy <= y and cx + cw >= x + w and cy + ch >= y + h, json)
                self.assertTrue(cx >= 0 and cy >= 0 and cx + cw <= 200 and cy + ch <= 120, json)
                if context == 0:
                    self.assertLessEqual(max(x - cx, y - cy, cx + cw - x - w, cy + ch - y - h), GROWN, json)

    def test_size_asked_for(self):
        self.picture(width=200, height=120)
        self.mask(width=200, height=120)
        json = self.ok("plan", "in.png", "--mask", "mask.png", "--size", "96x96", "--out-image", "crop.png")
        self.assertEqual(json["request_size"], [96, 96])
        self.assertEqual(png.read(self.path("crop.png")).size, (96, 96))
        self.assertAlmostEqual(json["crop"][2] / json["crop"][3], 1, delta=0.02)

    def islands(self):
        """Two boxes far apart, the second the larger."""
        self.picture(width=900, height=200)
        self.ok("mask", "in.png", "--rect", "10,10,20,16", "--add", "--rect", "850,150,30,24", "-o", "mask.png",
                "--overwrite")
        return png.read(self.path("in.png")), png.read(self.path("mask.png"))

    def test_parts(self):
        before, mask = self.islands()
        one = self.ok("plan", "in.png", "--mask", "mask.png", "--context", "5", "--islands", "together")
        self.assertEqual(len(one["parts"]), 1)
        self.assertEqual(one["parts"][0]["crop"], one["crop"])
        json = self.ok("plan", "in.png", "--mask", "mask.png", "--context", "5", "--out-image", "crop.png",
                       "--out-mask", "sent.png")
        self.assertEqual(self.files(), ["crop-1.png", "crop-2.png", "in.png", "mask.png", "sent-1.png", "sent-2.png"])
        self.assertEqual([p["mask_bounds"] for p in json["parts"]], [[850, 150, 30, 24], [10, 10, 20, 16]])
        self.assertEqual(json["mask_bounds"], [10, 10, 870, 164])
        self.assertEqual(json["crop"], json["parts"][0]["crop"])
        self.assertEqual(json["cost"]["estimate_usd"], 0)
        for i, part in enumerate(json["parts"]):
            self.assertEqual(part["out_image"], "crop-%d.png" % (i + 1))
            crop, sent = png.read(self.path(part["out_image"])), png.read(self.path(part["out_mask"]))
            self.assertEqual((list(crop.size), list(sent.size)), (part["request_size"],) * 2)
            x0, y0, w, h = part["crop"]
            for y in range(h):
                for x in range(w):
                    self.assertEqual(crop.pixel(x, y), before.pixel(x0 + x, y0 + y))
                    if mask.pixel(x0 + x, y0 + y)[0]:
                        self.assertEqual(sent.pixel(x, y), (255,))
        self.fails(3, "plan", "in.png", "--mask", "mask.png", "--out-image", "crop.png", says="crop-1.png")

    def test_crop_asked_for(self):
        self.picture(width=200, height=120)
        self.ok("mask", "in.png", "--rect", "50,40,30,20", "-o", "mask.png")
        plan = ("plan", "in.png", "--mask", "mask.png", "--crop")
        self.assertEqual(self.ok(*plan, "30,10,100,90")["crop"], [30, 10, 100, 90])
        # Grown to hold the mask, and as much of its edge as the model wants.
        x, y, w, h = self.ok(*plan, "60,10,5,90")["crop"]
        self.assertTrue(50 - GROWN <= x <= 50 and 80 <= x + w <= 80 + GROWN and (y, h) == (10, 90))
        self.fails(1, *plan, "100,80,20,20", says=("100,80 20 x 20", "50,40 30 x 20"))
        self.fails(1, *plan, "500,500,20,20", says="move it over the mask")

    def test_enlarged(self):
        before = self.picture(width=200, height=120)
        self.ok("mask", "in.png", "--rect", "50,40,30,20", "-o", "mask.png")
        json = self.ok("plan", "in.png", "--mask", "mask.png", "--context", "10", "--enlarge", "3", "--out-image",
                       "crop.png", "--out-mask", "sent.png")
        self.assertEqual((json["crop"], json["request_size"], json["scale"]), ([40, 30, 50, 40], [150, 120], 3))
        self.assertIn("scaled up to 3", json["notes"][0])
        crop, sent = png.read(self.path("crop.png")), png.read(self.path("sent.png"))
        self.assertEqual((crop.size, sent.size), ((150, 120),) * 2)
        for at in ((0, 0), (75, 60), (149, 119)):
            want = before.pixel(40 + at[0] // 3, 30 + at[1] // 3)
            self.assertTrue(all(abs(a - b) < 60 for a, b in zip(crop.pixel(*at), want)))

    def test_text_for_people(self):
        self.islands()
        answer = self.run_here("plan", "in.png", "--mask", "mask.png", "--context", "5", "--enlarge", "2")
        self.assertEqual((answer.code, answer.err), (0, b""))
        self.assertRegex(answer.out, rb"(?m)^parts\.2\.crop +\[5,5,30,26\]$")
        self.assertRegex(answer.out, rb"(?m)^notes +scaled up to 2 of its size")

    def test_refusals(self):
        self.picture()
        self.mask()
        plan = ("plan", "in.png", "--mask", "mask.png")
        self.fails(3, *plan, "--out-image", "in.png", says=("in.png", "--overwrite"))
        self.fails(3, *plan, "--out-mask", "mask.png", says="mask.png")
        self.fails(2, *plan, "--out-image", "crop.xyz", says=".png")
        self.fails(1, *plan, "--out-mask", "no/such/mask.png", says="no/such")
        self.mask(inside=lambda x, y: False)
        self.fails(1, *plan, says="empty")
        self.mask(width=71)
        self.fails(1, *plan, says=("71 x 56", "72 x 56"))


if __name__ == "__main__":
    unittest.main()
