"""Text set by the built-in engine: read back by Tesseract through `compare`, and nothing outside the mask."""

import kit
import png

SIGN = (200, 190, 170)


class Text(kit.Case):
    def scene(self, width=360, height=180, room=(30, 45, 300, 90), depth=8):
        """A plain field in a pattern, and a mask over it."""
        left, top, w, h = room
        most = 2**depth - 1

        def inside(x, y):
            return left <= x < left + w and top <= y < top + h

        self.before = png.make(width, height, 3, depth,
                               lambda x, y, c: (SIGN[c] if inside(x, y) else (x * 7 + y * 3 + 40 * c) % 60 + 40) * most // 255)
        png.write(self.path("in.png"), self.before)
        self.covered = self.mask(width=width, height=height, inside=inside)

    def write(self, prompt, *more):
        return self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", prompt, "-o", "out.png", *more)

    def assert_inside_only(self, json):
        after = png.read(self.path("out.png"))
        self.assertEqual(self.count_changed_outside(self.before, after, self.covered), 0)
        self.assertEqual(json["changed_outside_mask"], 0)
        self.assertGreater(json["changed_inside_mask"], 0)
        return after

    def assert_reads(self, prompt, name="out.png"):
        """What a reader of text sees in the mask, where one is installed."""
        texts = self.ok("compare", "in.png", name, "--mask", "mask.png", "--prompt", prompt).get("texts")
        if not texts:
            self.skipTest("no text reader is installed")
        for text in texts:
            self.assertTrue(text["as_asked"], text)
            self.assertFalse(text["before"].strip(), text)

    def test_words_read_back(self):
        self.scene()
        for prompt in ('write "OPEN"', 'write "Main Street 42" in bold, dark red', 'write "CLOSED" in navy, size 40 px, left'):
            json = self.write(prompt, "--overwrite")
            self.assert_inside_only(json)
            self.assert_reads(prompt)

    def test_what_was_done_is_said(self):
        self.scene()
        json = self.write('write "OPEN" in bold, size 40')
        self.assertIn('write "OPEN", bold, 40 px', json["what_was_done"])
        self.assertTrue(any("Inter Bold, 40 px" in note for note in json["notes"]), json["notes"])

    def test_after_something_else_and_in_sixteen_bits(self):
        self.scene(depth=16)
        json = self.write('fill with navy, then write "NIGHT" in white')
        after = self.assert_inside_only(json)
        self.assertEqual(after.depth, 16)
        self.assert_reads('write "NIGHT"')

    def test_the_same_bytes_twice(self):
        self.scene()
        self.write('write "Twice"')
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", 'write "Twice"', "-o", "again.png")
        self.assertEqual(png.read(self.path("out.png")).samples, png.read(self.path("again.png")).samples)

    def test_what_is_refused(self):
        self.scene(room=(30, 45, 60, 20))
        for prompt, says in (('write ""', "nothing between the quotes"),
                             ("write OPEN", "between quotes"),
                             ('write "%s"' % ("long " * 60), "would"),
                             ('write "A" at 90 px', "does not fit"),
                             ('write "A" in No Such Lettertype', "no such lettertype"),
                             ('write "A\u0378"', "U+0378"),
                             ('write "A" in red and blue, in green', "one colour")):
            self.fails(1, "edit", "in.png", "--mask", "mask.png", "--prompt", prompt, "-o", "out.png", says=says)

    def test_a_network_that_is_not_there(self):
        """Without ONNX Runtime that is said, with it that there is no such file."""
        self.scene()
        answer = self.fails(1, "edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "--model-file", "none.onnx",
                            "-o", "out.png")
        self.assertTrue("ONNX Runtime" in answer.note or "none.onnx" in answer.note, answer.note)


if __name__ == "__main__":
    kit.main()
