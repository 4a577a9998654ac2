"""Every shared photograph: remove what lies under an ellipse 15 % as wide as the picture, save, and count twice that
not one sample outside changed. Prints the time of each and of its phases."""

import os
import sys
import time
import unittest

import kit

PHOTOS = os.path.join(kit.SHARED, "photos")


class Photos(kit.Case):
    def edit(self, name):
        photo = os.path.join(PHOTOS, name)
        width, height = self.ok("mask", photo, "--rect", "0,0,1,1", "-o", "size.png", "--overwrite")["size"]
        wide, high = 0.15 * width, 0.15 * height
        box = "%.1f,%.1f,%.1f,%.1f" % (0.42 * width, 0.42 * height, wide, high)
        marked = self.ok("mask", photo, "--ellipse", box, "-o", "mask.png", "--overwrite")
        self.assertGreater(marked["pixels"], 0.75 * wide * high)
        start = time.monotonic()
        json = self.ok("edit", photo, "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png", "--overwrite")
        seconds = time.monotonic() - start
        self.assertEqual(json["changed_outside_mask"], 0)
        self.assertEqual(json["outside_sha256"], json["outside_sha256_before"])
        self.assertTrue(json["file_lossless"])
        self.assertEqual(json["file_changed_outside_mask"], 0)
        self.assertGreater(json["changed_inside_mask"], 0)
        figures = self.ok("compare", photo, "out.png", "--mask", "mask.png", "--metric", "psnr")
        self.assertEqual(figures["outside"]["changed"], 0)
        self.assertIsNone(figures["outside"]["psnr"])
        self.assertGreater(figures["inside"]["changed"], 0)
        self.assertEqual(figures["inside"]["changed"], json["changed_inside_mask"])
        phases = json["seconds"]
        print("%-32s %5d x %4d  %6.2f s   open %.2f  request %.2f  graft %.2f  save %.2f" %
              (name, width, height, seconds, phases["open"], phases["request"], phases["graft"], phases["save"]),
              flush=True)
        return seconds

    def test_photos(self):
        total = 0
        for name in sorted(os.listdir(PHOTOS)):
            with self.subTest(name):
                total += self.edit(name)
        print("edits: %.1f s in all" % total, flush=True)


if __name__ == "__main__":
    if not os.path.isdir(PHOTOS):
        print("skipped: no shared photographs beside the repository")
        sys.exit(kit.SKIPPED)
    kit.main()
