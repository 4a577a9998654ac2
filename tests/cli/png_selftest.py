"""The tests' own PNG reader and writer agree with each other and with zlib's checksums."""

import random
import unittest

import kit
import png


class Png(kit.Case):
    def test_round_trip_of_every_format_and_filter(self):
        random.seed(4)
        for channels in (1, 2, 3, 4):
            for depth in (8, 16):
                for filters in ((0,), (1,), (2,), (3,), (4,), (0, 1, 2, 3, 4)):
                    made = png.make(7, 9, channels, depth, lambda x, y, c: random.randrange(2**depth))
                    made.chunks = [(b"tEXt", b"a\0b")]
                    png.write(self.path("a.png"), made, filters)
                    back = png.read(self.path("a.png"))
                    self.assertEqual(back.samples, made.samples)
                    self.assertEqual(back.chunks, made.chunks)

    def test_damage_is_seen(self):
        data = bytearray(png.encode(png.make(5, 5, 3, 8, lambda x, y, c: x)))
        data[45] ^= 1
        open(self.path("a.png"), "wb").write(data)
        with self.assertRaises(ValueError):
            png.read(self.path("a.png"))


if __name__ == "__main__":
    kit.main()
