"""A project as a folder, and its results again from the recipe alone: by this script and `maskwright composite`."""

import hashlib
import json
import os
import subprocess
import unittest

import kit
import png


class ProjectExport(kit.Case):
    def test_the_recipe_makes_every_result_again(self):
        for depth in (8, 16):
            self.picture("in%d.png" % depth, depth=depth, width=96, height=80)
            self.mask(width=96, height=80)
            project, out = "p%d.mwr" % depth, "out%d" % depth
            for number, prompt in enumerate(("recolour to dark green", "remove it")):
                self.ok("edit", "in%d.png" % depth, "--mask", "mask.png", "--prompt", prompt, "--feather", 5, "--project", project,
                        "-o", "r%d-%d.png" % (depth, number))
            done = self.ok("project", "export", project, "-o", out)
            with open(self.path(out + "/recipe.json"), encoding="utf-8") as file:
                recipe = json.load(file)
            files = sum(len(names) for _, _, names in os.walk(self.path(out)))
            self.assertEqual((done["files"], done["iterations"]), (files, len(recipe["iterations"])))
            self.assertEqual(len(recipe["iterations"]), 2)

            def check(entry):
                with open(self.path(os.path.join(out, entry["file"])), "rb") as file:
                    self.assertEqual(hashlib.sha256(file.read()).hexdigest(), entry["sha256"], entry["file"])

            check(recipe["original"])
            self.assertTrue(recipe["original"]["as_opened"])
            for it in recipe["iterations"]:
                for entry in (it["mask"], it["patch"], it["result"], it["parts"][0]["answer"], it["parts"][0]["mask"]):
                    check(entry)
                words = it["command"]
                again = subprocess.run([kit.PROGRAM, *words[1:], "--overwrite"], cwd=self.path(out), capture_output=True, timeout=120)
                self.assertEqual(again.returncode, 0, again.stderr)
                made = png.read(self.path(os.path.join(out, words[-1])))
                kept = png.read(self.path(os.path.join(out, it["result"]["file"])))
                self.assertEqual(made.samples, kept.samples, it["prompt"])

    def test_what_is_refused(self):
        self.picture()
        self.mask()
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "blur 4px", "--project", "p.mwr", "-o", "r.png")
        self.ok("project", "export", "p.mwr", "-o", "out")
        self.fails(2, "project", "export", "p.mwr", says="-o FOLDER")
        self.fails(3, "project", "export", "p.mwr", "-o", "out", says="holds something already")
        self.fails(1, "project", "export", "p.mwr", "-o", "r.png", says="is a file")
        self.fails(1, "project", "export", "p.mwr", "-o", "none/out", says="no folder")


if __name__ == "__main__":
    kit.main()
