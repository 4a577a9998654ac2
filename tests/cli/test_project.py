"""Projects from the command line: recorded, looked into, checked, made again, salvaged."""

import hashlib
import os
import sqlite3

import kit
import png


class Project(kit.Case):
    def setUp(self):
        super().setUp()
        self.picture()
        self.mask()

    def record(self, prompt="recolour to dark green", out="out.png", *more):
        return self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", prompt, "-o", out, "--project", "work.mwr",
                       *more)

    def assert_same_picture(self, a, b):
        a, b = png.read(a), png.read(b)
        self.assertEqual((a.size, a.channels, a.depth, a.samples), (b.size, b.channels, b.depth, b.samples))

    def sha(self, name):
        with open(self.path(name), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def test_an_edit_is_recorded_and_made_again_bit_for_bit(self):
        self.record()
        self.record("blur 6px", "second.png")
        self.assertEqual(self.files(), ["in.png", "mask.png", "out.png", "second.png", "work.mwr"])
        info = self.ok("project", "info", "work.mwr")
        self.assertEqual(info["iterations"], 2)
        self.assertEqual([it["prompt"] for it in info["tree"]], ["recolour to dark green", "blur 6px"])
        for number, name in ((1, "out.png"), (2, "second.png")):
            made = self.ok("replay", "work.mwr", "--iteration", number, "-o", "again%d.png" % number)
            self.assertTrue(made["same_as_stored"])
            self.assert_same_picture(self.path("again%d.png" % number), self.path(name))
        self.ok("replay", "work.mwr", "--iteration", 0, "-o", "original.png")
        self.assert_same_picture(self.path("original.png"), self.path("in.png"))

    def test_looking_changes_no_byte(self):
        self.record()
        before = self.sha("work.mwr")
        checked = self.ok("project", "verify", "work.mwr")
        self.assertTrue(checked["whole"])
        self.assertEqual(checked["grafted_again"], 1)
        self.assertEqual(checked["original_sha256"], self.sha("in.png"))
        line = self.run_here("project", "verify", "work.mwr").out.decode()
        self.assertEqual(line.count("\n"), 1, "a certificate is one line")
        self.assertIn("whole", line)
        self.ok("project", "info", "work.mwr")
        self.ok("replay", "work.mwr", "-o", "again.png")
        self.assertEqual(self.sha("work.mwr"), before)

    def test_a_project_of_another_picture_is_not_touched(self):
        self.record()
        before = self.sha("work.mwr")
        self.picture("other.png", depth=16)
        self.fails(3, "edit", "other.png", "--mask", "mask.png", "--prompt", "blur 6px", "-o", "o.png", "--project",
                   "work.mwr", says="another picture")
        self.assertEqual(self.sha("work.mwr"), before)

    def test_usage(self):
        self.record()
        self.fails(2, "project", "frobnicate", "work.mwr", says="verify")
        self.fails(2, "project", "recover", "work.mwr", says="-o")
        self.fails(2, "replay", "work.mwr", says="-o OUT")
        self.fails(2, "edit", "in.png", "--mask", "mask.png", "--prompt", "blur 6px", "-o", "o.png", "--project",
                   "work.txt", says=".mwr")
        self.fails(1, "replay", "work.mwr", "--iteration", 7, "-o", "o.png", says="no iteration 7")
        self.fails(1, "project", "info", "nowhere.mwr", says="nowhere.mwr")
        self.fails(1, "project", "info", "in.png", says="not a project")
        self.fails(3, "replay", "work.mwr", "-o", "out.png", says="exists")

    def test_damage_is_found_named_and_salvaged(self):
        self.record()
        self.record("blur 6px", "second.png")
        with sqlite3.connect(self.path("work.mwr")) as db:
            db.execute("UPDATE blob SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB) WHERE id = (SELECT patch FROM "
                       "graft WHERE id = (SELECT graft FROM iteration WHERE id = 2))")
        db.close()
        before = self.sha("work.mwr")
        answer = self.run_here("project", "verify", "work.mwr")
        self.assertEqual(answer.code, 1)
        self.assertIn("recover", answer.note)
        saved = self.ok("project", "recover", "work.mwr", "-o", "saved.mwr")
        self.assertFalse(saved["complete"])
        self.assertEqual(saved["iterations"], 2)
        self.assertEqual(self.sha("work.mwr"), before)
        self.assertTrue(self.ok("project", "verify", "saved.mwr")["whole"])
        self.ok("replay", "saved.mwr", "--iteration", 2, "-o", "again.png")
        self.assert_same_picture(self.path("again.png"), self.path("second.png"))

    def test_half_a_file_gives_back_what_it_holds(self):
        for prompt in ("blur 6px", "blur 9px", "pixelate 8px", "brighten by 20 %"):
            self.record(prompt, "%s.png" % prompt.replace(" ", "_").replace("%", "p"))
        with open(self.path("work.mwr"), "rb") as file:
            data = file.read()
        with open(self.path("half.mwr"), "wb") as file:
            file.write(data[:len(data) * 3 // 4])
        answer = self.run_here("project", "info", "half.mwr")
        self.assertEqual(answer.code, 1)
        self.assertIn("recover", answer.note)
        answer = self.run_here("project", "recover", "half.mwr", "-o", "saved.mwr", "--json")
        if answer.code == 0:
            self.assertTrue(answer.json["lost"])
            self.ok("project", "info", "saved.mwr")
        else:
            self.assertEqual(answer.code, 1)
            self.assertNotIn("saved.mwr", self.files())


if __name__ == "__main__":
    kit.main()
