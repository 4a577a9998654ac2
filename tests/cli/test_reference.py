"""The manual page and the completions of the shells: made from the table of verbs, and taken by those who read them."""

import os
import shutil
import subprocess
import unittest

import kit


class Reference(kit.Case):
    def verbs(self):
        text = self.run_here("--help").out.decode()
        return [line.split()[0] for line in text.splitlines() if line.startswith("  ")]

    def options(self, verb):
        text = self.run_here(verb, "--help").out.decode()
        words = [word.strip(",") for line in text.splitlines()[1:] if line.startswith("  ") for word in line.split()[:2]]
        return [word for word in words if word.startswith("--")]

    def offered(self, *words):
        """What bash completes the last of the words to."""
        script = self.path(".completion")
        if not os.path.exists(script):
            with open(script, "wb") as out:
                out.write(self.run_here("completions", "bash").out)
        code = ("source ./.completion; COMP_WORDS=(maskwright %s); COMP_CWORD=%d; _maskwright; "
                "printf '%%s\\n' \"${COMPREPLY[@]}\"" % (" ".join("'%s'" % w for w in words), len(words)))
        done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_the_manual_names_everything(self):
        page = self.run_here("manual").out.decode()
        plain = page.replace("\\-", "-")
        self.assertGreater(len(self.verbs()), 10)
        for verb in self.verbs():
            self.assertIn(".SS maskwright %s" % verb, plain)
            for option in self.options(verb):
                self.assertIn("\\fB%s\\fR" % option, plain, verb)

    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_the_manual_is_set_without_a_warning(self):
        page = self.run_here("manual").out
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-P-cbou"], input=page, capture_output=True)
        self.assertEqual(done.stderr, b"")
        self.assertIn("SYNOPSIS", done.stdout.decode())

    def test_bash_completes(self):
        self.assertIn("composite", self.offered("com"))
        self.assertEqual(sorted(self.offered("comp")), ["compare", "completions", "composite"])
        for verb in self.verbs():
            self.assertEqual(sorted(set(self.offered(verb, "--"))), sorted(set(self.options(verb)) | {"--help"}), verb)
        self.assertEqual(self.offered("edit", "a.png", "--seam", ""), ["fade", "fitting"])
        self.assertEqual(sorted(self.offered("project", "")), ["export", "info", "recover", "verify"])
        with open(self.path("mask of mine.png"), "wb"):
            pass
        self.assertEqual(" ".join(self.offered("edit", "a.png", "--mask", "mask")), "mask of mine.png")
        self.assertEqual(self.offered("edit", "a.png", "--prompt", ""), [], "words are the artist's own")

    def test_zsh_and_fish_have_every_option(self):
        for shell in ("zsh", "fish"):
            text = self.run_here("completions", shell).out.decode()
            for verb in self.verbs():
                for option in self.options(verb):
                    self.assertIn(option if shell == "zsh" else "-l %s" % option[2:], text, (shell, verb))
            if shutil.which(shell):
                with open(self.path(shell), "w") as out:
                    out.write(text)
                done = subprocess.run([shell, "-n", self.path(shell)], capture_output=True)
                self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_another_shell_is_refused(self):
        answer = self.run_here("completions", "tcsh")
        self.assertEqual(answer.code, 2)
        self.assertIn("bash, zsh and fish", answer.note)


if __name__ == "__main__":
    kit.main()
