"""Redaction, clone and heal by words: two pictures that differ only in what is covered give the same files."""

import json
import os
import random
import struct
import unittest

import kit
import layered
import png

WIDTH, HEIGHT = 72, 56


def inside(x, y):
    return (x - 36) ** 2 + (y - 28) ** 2 < 15 ** 2


def exif(secret):
    """Make, and a second directory with a thumbnail."""
    ifd0, data = 8, 8 + 2 + 12 + 4 + 2 + 2 * 12 + 4
    out = b"II*\0" + struct.pack("<IH", ifd0, 1) + struct.pack("<HHI4s", 271, 2, 4, b"Cam\0")
    out += struct.pack("<IH", ifd0 + 2 + 12 + 4, 2)
    out += struct.pack("<HHII", 0x201, 4, 1, data) + struct.pack("<HHII", 0x202, 4, 1, len(secret))
    return out + struct.pack("<I", 0) + secret


class Redact(kit.Case):
    def secret(self, name, seed, channels=3):
        """Noise under the mask, grain round it, a thumbnail of the noise in the metadata."""
        chance, grain = random.Random(seed), random.Random(1)

        def sample(x, y, c):
            own, around = chance.randrange(256), 90 + x // 2 + 8 * c + grain.randrange(6)
            return own if inside(x, y) else around

        made = png.make(WIDTH, HEIGHT, channels, 8, sample)
        made.chunks = [(b"eXIf", exif(b"SECRET%d" % seed))]
        png.write(self.path(name), made)
        return made

    def test_files_of_two_secrets_are_the_same(self):
        self.mask(inside=inside)
        for out in ("a.png", "a.jpg", "a.webp", "a.tif", "a.exr", "a.psd", "a.ora"):
            with self.subTest(out=out):
                contents = []
                for seed in (1, 2):
                    self.secret("in.png", seed)
                    more = ["--depth", "half"] if out == "a.exr" else []
                    done = self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "redact the face", "-o", out,
                                   "--edit-record", "yes", "--overwrite", *more)
                    self.assertTrue(done["redacted"])
                    self.assertEqual(done["changed_outside_mask"], 0)
                    with open(self.path(out), "rb") as file:
                        content = file.read()
                    self.assertNotIn(b"SECRET", content)
                    with open(self.path(out + ".edit.json"), "rb") as file:
                        contents.append((content, file.read()))
                self.assertEqual(contents[0], contents[1])
                record = json.loads(contents[0][1])
                self.assertIsNone(record["source"]["sha256"])
                self.assertEqual(record["edits"][0]["redacted"], True)

    def test_a_project_makes_it_again_and_says_that_it_holds_the_original(self):
        self.mask(inside=inside)
        self.secret("in.png", 1)
        answer = self.run_here("edit", "in.png", "--mask", "mask.png", "--prompt", "black out the face", "-o", "out.png",
                               "--project", "p.mwr")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertIn("holds the original", answer.note)
        out = png.read(self.path("out.png"))
        again = self.run_here("replay", "p.mwr", "-o", "again.psd", "--json")
        self.assertEqual(again.code, 0, again.err)
        self.assertTrue(again.json["same_as_stored"])
        document = layered.read_psd(self.path("again.psd"))
        self.assertEqual([layer.name for layer in document.layers], ["Redacted"])
        with open(self.path("again.psd"), "rb") as file:
            self.assertNotIn(b"SECRET", file.read())
        self.ok("project", "verify", "p.mwr")
        told = self.ok("project", "export", "p.mwr", "-o", "folder")
        self.assertTrue(any("keep it to yourself" in note for note in told["notes"]), told)
        with open(self.path("folder/recipe.json"), "rb") as file:
            iteration = json.load(file)["iterations"][0]
        self.assertEqual(iteration["graft"], {"redact": True})
        made = kit.run(*iteration["command"][1:], cwd=self.path("folder"))
        self.assertEqual(made.code, 0, made.err)
        self.assertEqual(png.read(self.path("folder/again.png")).samples, out.samples)

    def test_the_original_is_not_laid_under_it_when_that_is_said(self):
        self.mask(inside=inside)
        self.secret("in.png", 1)
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "redact", "-o", "out.png")
        base = ("export", "out.png", "--original", "in.png", "--mask", "mask.png")
        self.ok(*base, "-o", "open.psd")
        self.ok(*base, "--redacted", "-o", "closed.psd")
        names = [[layer.name for layer in layered.read_psd(self.path(name)).layers] for name in ("open.psd", "closed.psd")]
        self.assertIn("Original", names[0])
        self.assertEqual(names[1], ["Redacted"])
        with open(self.path("closed.psd"), "rb") as file:
            self.assertNotIn(b"SECRET", file.read())

    def test_what_cannot_be_undone_is_not_mixed_with_what_can(self):
        self.mask(inside=inside)
        self.picture()
        for prompt in ("redact, then blur", "pixelate it to censor it", "remove the sign and black out the name"):
            answer = self.run_here("edit", "in.png", "--mask", "mask.png", "--prompt", prompt, "-o", "out.png")
            self.assertEqual(answer.code, 1)
            self.assertIn('the nearest it can do is "redact"', answer.note)
        self.assertEqual(self.files(), ["in.png", "mask.png"])

    def test_clone_copies_and_heal_fits(self):
        mask = self.mask(inside=lambda x, y: 40 <= x < 60 and 20 <= y < 34)
        source = self.picture()
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "clone by -36,5", "-o", "out.png")
        out = png.read(self.path("out.png"))
        n = source.channels
        for y in range(HEIGHT):
            for x in range(WIDTH):
                from_x, from_y = (x - 36, y + 5) if mask.samples[y * WIDTH + x] else (x, y)
                for c in range(n):
                    self.assertEqual(out.samples[(y * WIDTH + x) * n + c], source.samples[(from_y * WIDTH + from_x) * n + c])
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "heal from 14,32", "-o", "healed.png")
        healed = png.read(self.path("healed.png"))
        self.assertEqual(self.count_changed_outside(source, healed, mask), 0)
        far = [[abs(p.samples[i] - source.samples[i]) for i in range(len(p.samples)) if mask.samples[i // n]]
               for p in (out, healed)]
        self.assertLess(sum(far[1]) * 2, sum(far[0]), "the light that is there")
        self.fails(1, "edit", "in.png", "--mask", "mask.png", "--prompt", "clone by 60,0", "-o", "no.png",
                   says="does not lie within the picture")


if __name__ == "__main__":
    unittest.main()
