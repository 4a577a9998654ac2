"""What an artist can get wrong: each time one sentence that names the thing and the way out, the right exit code, and
no file made or changed (kit.Case.fails looks)."""

import os
import struct
import unittest

import kit
import png


def hostile_names():
    """The shared list, with its C-style escapes undone; those that are a path of several parts are left out."""
    path = os.path.join(kit.SHARED, "text", "file_names.txt")
    names = [b"-rf.png", b"--help.png", b"new\nline.png", b"esc\x1b[31m.png", b"\xff\xfe-not-utf8.png",
             "\u202egnp.exe".encode(), b"percent%s%n%x.png", b"$(touch pwned).png", b"{}{0}.png", b"a" * 251 + b".png"]
    if os.path.exists(path):
        with open(path, "rb") as file:
            for line in file.read().split(b"\n"):
                name = line.decode("utf-8", "surrogateescape")
                if not name or "/" in name:
                    continue
                for escape, byte in (("\\n", "\n"), ("\\t", "\t"), ("\\xff", "\udcff"), ("\\xfe", "\udcfe"),
                                     ("\\\\", "\\")):
                    name = name.replace(escape, byte)
                names.append(name.encode("utf-8", "surrogateescape"))
    return [n for n in dict.fromkeys(names) if n not in (b".", b"..") and len(n) <= 255]


class BadInput(kit.Case):
    def setUp(self):
        super().setUp()
        self.source, self.marked = self.picture(), self.mask()
        self.edit = ("edit", "in.png", "--mask", "mask.png", "-o", "out.png", "--prompt")

    def verbs_with(self, picture):
        """Every verb that opens `picture` as its first one."""
        return (("edit", picture, "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png"),
                ("plan", picture, "--mask", "mask.png"), ("mask", picture, "--rect", "1,1,5,5", "-o", "m.png"),
                ("composite", picture, "--result", "in.png", "--mask", "mask.png", "-o", "out.png"),
                ("composite", "in.png", "--result", picture, "--mask", "mask.png", "-o", "out.png"),
                ("compare", picture, "in.png"), ("compare", "in.png", picture),
                ("compare", "in.png", "in.png", "--mask", picture),
                ("mask", "in.png", "--load", picture, "-o", "m.png"),
                ("edit", "in.png", "--mask", picture, "--prompt", "remove it", "-o", "out.png"))

    def bad_picture(self, name, *says):
        for words in self.verbs_with(name):
            with self.subTest(words):
                self.fails(1, *words, says=says)

    def test_empty_mask(self):
        self.mask("empty.png", inside=lambda x, y: False)
        for words in (("edit", "in.png", "--mask", "empty.png", "--prompt", "remove it", "-o", "out.png"),
                      ("plan", "in.png", "--mask", "empty.png"),
                      ("composite", "in.png", "--result", "in.png", "--mask", "empty.png", "-o", "out.png")):
            self.fails(1, *words, says=("mask", "empty"))

    def test_mask_of_another_size(self):
        self.mask("other.png", width=71)
        for words in (("edit", "in.png", "--mask", "other.png", "--prompt", "remove it", "-o", "out.png"),
                      ("plan", "in.png", "--mask", "other.png"),
                      ("mask", "in.png", "--load", "other.png", "-o", "m.png"),
                      ("compare", "in.png", "in.png", "--mask", "other.png")):
            self.fails(1, *words, says=("other.png", "71 x 56", "72 x 56", "scale the mask"))

    def test_missing_file_and_folder_as_file(self):
        self.bad_picture("none.png", "none.png", "Check the name")
        self.bad_picture("no/such/folder/none.png", "no/such/folder/none.png")
        os.mkdir(self.path("folder.png"))
        self.bad_picture("folder.png", "folder.png", "is a folder")

    def test_files_that_are_no_pictures(self):
        whole = png.encode(self.source)
        damaged = {"empty": b"", "text": b"this is no picture\n", "cut": whole[:len(whole) // 2], "head": whole[:20],
                   "zeros": bytes(5000), "one byte": b"\x89"}
        for name, data in damaged.items():
            with open(self.path(name), "wb") as file:
                file.write(data)
            self.bad_picture(name, name)

    def test_pipe_device_and_endless_file(self):
        os.mkfifo(self.path("pipe.png"))
        self.bad_picture("pipe.png", "pipe.png")
        self.fails(1, "compare", "/dev/zero", "in.png", says="/dev/zero")
        os.remove(self.path("pipe.png"))

    def test_huge_file(self):
        with open(self.path("huge.png"), "wb") as file:
            file.truncate(5 << 30)  # sparse
        self.bad_picture("huge.png", "huge.png", "limit")

    def test_picture_over_the_limit(self):
        head = struct.pack(">IIBBBBB", 20000, 10000, 8, 0, 0, 0, 0)
        with open(self.path("vast.png"), "wb") as file:
            file.write(png.SIGNATURE + png.chunk_bytes(b"IHDR", head) +
                       png.chunk_bytes(b"IDAT", b"\x78\x9c\x03\0\0\0\0\1") + png.chunk_bytes(b"IEND", b""))
        self.bad_picture("vast.png", "20000", "10000")
        self.fails(1, "compare", "in.png", "in.png", "--max-megapixels", "0.001", says=("in.png", "72"))

    def test_unreadable(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        os.chmod(self.path("in.png"), 0)
        self.fails(1, *self.edit, "remove it", says="permission")

    def test_prompts(self):
        self.fails(1, *self.edit, "", says=("prompt is empty", "say"))
        self.fails(1, *self.edit, " \t\n ", says="prompt is empty")
        self.fails(1, *self.edit, "x" * 40000, says=("40000 characters", "shorten"))
        self.fails(1, *self.edit, "write a poem", says="remove")
        self.fails(1, *self.edit, b"\xff\xfe\x1b[31m", says="")
        self.fails(1, *self.edit, "%s%n{}{0}", says="")
        self.assertEqual(self.ok(*self.edit, "--remove it--, please")["output"], "out.png")

    def test_outputs(self):
        os.mkdir(self.path("folder.png"))
        with open(self.path("there.png"), "wb") as file:
            file.write(b"mine")
        os.symlink("in.png", self.path("link.png"))
        os.symlink("nowhere", self.path("dangling.png"))
        writers = (("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o"),
                   ("composite", "in.png", "--result", "in.png", "--mask", "mask.png", "-o"),
                   ("mask", "in.png", "--rect", "1,1,5,5", "-o"),
                   ("plan", "in.png", "--mask", "mask.png", "--out-image"),
                   ("plan", "in.png", "--mask", "mask.png", "--out-mask"), ("compare", "in.png", "in.png", "--heatmap"),
                   ("compare", "in.png", "in.png", "--side-by-side"))
        for words in writers:
            with self.subTest(words):
                self.fails(3, *words, "there.png", says=("there.png", "was not touched", "--overwrite"))
                self.fails(3, *words, "in.png", says=("in.png", "--overwrite"))
                self.fails(3, *words, "link.png", says=("link.png", "--overwrite"))
                self.fails(3, *words, "dangling.png", says="dangling.png")
                self.fails(1, *words, "link.png", "--overwrite", says="symbolic link")
                self.fails(1, *words, "folder.png", "--overwrite", says=("folder.png", "is a folder"))
                self.fails(1, *words, "no/such/out.png", says=("no/such", "create it"))
                self.fails(1, *words, "in.png/out.png", says="in.png")
                self.fails(1, *words, "x" * 300 + ".png", says="xxx")
                self.fails(2, *words, "noext", says=".png")
                self.fails(2, *words, "", says=".png")

    def test_hostile_names(self):
        os.mkdir(self.path("d"))
        for name in hostile_names():
            with self.subTest(name):
                place = os.path.join(self.folder.encode(), b"d", name)
                os.rename(self.path("in.png"), place)
                answer = self.run_here("mask", b"./d/" + name, "--rect", "1,1,5,5", "-o", "m.png", "--json")
                self.assertEqual(answer.code, 0, answer.err)
                missing = self.run_here("compare", b"./d/not-" + name[4:], "m.png")
                self.assertEqual(missing.code, 1)
                self.assert_sentence(missing)
                for byte in b"\x1b\x07\x08\r\t":
                    self.assertNotIn(byte, missing.err)
                self.assertNotIn("\u202e", missing.note)
                os.rename(place, self.path("in.png"))
                os.remove(self.path("m.png"))
                if name.lower().endswith(b".png"):
                    self.assert_writes(name)
        self.assertEqual(self.files(), ["d", "in.png", "mask.png"])

    def assert_writes(self, name):
        answer = self.run_here("mask", "in.png", "--rect", "1,1,5,5", "--json", "-o", b"./d/" + name)
        self.assertEqual(answer.code, 0, answer.err)
        self.assertEqual(answer.json["output"].encode("utf-8", "replace")[:4], b"./d/")
        self.assertEqual(os.listdir(self.path("d").encode()), [name])
        os.remove(os.path.join(self.path("d").encode(), name))


if __name__ == "__main__":
    unittest.main()
