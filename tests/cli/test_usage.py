"""Words, options, help, exit codes and streams of the command line itself."""

import os
import subprocess

import kit

VERBS = ("edit", "plan", "composite", "compare", "mask", "models", "serve", "replay", "project")

# Options of the command line's description that exist in this version, by verb.
OPTIONS = {
    "edit": "--mask --prompt -o --provider --model --quality --size -n --copy-not-from --seed --reference --markup --context "
            "--crop --enlarge --islands --exposure --no-register --accept-large-move --no-color-match --no-membrane "
            "--no-grain --no-dither --seam --feather --reach-out --project --max-cost --max-megapixels --overwrite "
            "--json",
    "plan": "--mask --provider --model --quality --context --size --crop --enlarge --islands --exposure --out-image "
            "--out-mask --overwrite --json",
    "replay": "--iteration -o --json",
    "project": "-o --json",
    "composite": "--result --mask --crop -o --no-register --accept-large-move --no-color-match --no-membrane "
                 "--no-grain --no-dither --seam --feather --reach-out --exposure --overwrite --json",
    "compare": "--mask --heatmap --side-by-side --metric --overwrite --json",
    "mask": "--load --rect --ellipse --polygon --stroke --add --subtract --intersect --grow --shrink --feather "
            "--invert -o --overwrite --json",
    "models": "--provider --json",
    "serve": "--host --port --fault --seed --max-body --json",
}


class Usage(kit.Case):
    def test_help(self):
        for words in (["--help"], ["-h"], ["help"]) if kit.HAS_WINDOW else (["--help"], []):
            answer = self.run_here(*words)
            self.assertEqual((answer.code, answer.err), (0, b""), words)
            for verb in VERBS:
                self.assertIn(verb.encode(), answer.out)
            self.assertIn(b"Exit codes", answer.out)
        self.assertRegex(self.run_here("--version").out, rb"^maskwright \d+\.\d+\.\d+\n$")

    def test_help_of_each_verb_names_every_option(self):
        for verb, options in OPTIONS.items():
            texts = {self.run_here(*words).out for words in
                     ([verb, "--help"], [verb, "-h"], ["help", verb], [verb, "a", "--json", "--help"])}
            self.assertEqual(len(texts), 1, verb)
            text = texts.pop().decode()
            for option in options.split():
                self.assertRegex(text, r"(?m)^ .*%s\b" % option, verb)
            for line in text.split("\n"):
                self.assertLessEqual(len(line), 110)

    def test_unknown_words(self):
        self.fails(2, "--frobnicate", says="--frobnicate")
        if not kit.HAS_WINDOW:
            self.picture()
            self.fails(2, "frobnicate", says=("frobnicate", "--help"))
            self.fails(2, "no such file.png", says="no such file.png")
            self.fails(2, "in.png", says=("in.png", "without a window"))
            self.fails(2, "", says="--help")
        for verb in VERBS:
            self.fails(2, verb, "--frobnicate", says=("--frobnicate", verb + " --help"))
            if verb not in ("models", "serve"):
                self.fails(2, verb, says=verb)
            self.fails(2, verb, *"abcdefghijklmnopq", says='"')  # compare takes sixteen

    def test_options_that_the_provider_has_not(self):
        self.picture()
        self.mask()
        edit = ("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png")
        for option in ("--reference", "--markup"):
            self.fails(2, *edit, option, "x.png", says=(option, "leave it out"))

    def test_needed_options(self):
        self.picture()
        self.mask()
        self.fails(2, "edit", "in.png", "--prompt", "x", "-o", "o.png", says="--mask MASK")
        self.fails(2, "edit", "in.png", "--mask", "mask.png", "-o", "o.png", says="--prompt TEXT")
        self.fails(2, "edit", "in.png", "--mask", "mask.png", "--prompt", "x", says="-o OUT")
        self.fails(2, "plan", "in.png", says="--mask MASK")
        self.fails(2, "composite", "in.png", "--mask", "mask.png", "-o", "o.png", says="--result RESULT")
        self.fails(2, "mask", "in.png", "--rect", "1,1,2,2", says="-o OUT")
        self.fails(2, "edit", "in.png", "--mask", says="--mask needs MASK")
        self.fails(2, "edit", "in.png", "--mask", "--json", says="--mask needs MASK")
        self.fails(2, "edit", "in.png", "--mask", "a", "--mask", "b", says="twice")
        self.fails(2, "edit", "in.png", "--json=yes", says="takes no value")

    def test_bad_numbers(self):
        self.picture()
        self.mask()
        edit = ("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png")
        bad = {"--context": ("nan", "1e99", "-5", "", "12px", "1.5", "99999999999999999999"),
               "--feather": ("nan", "inf", "1e99", "-5", "", "wide", "0x10"),
               "--size": ("64", "64x", "x64", "0x0", "-5x7", "64x64x64", "nanxnan", "99999x99999"),
               "-n": ("0", "-5", "nan", "1e99", "2.5", ""),
               "--seed": ("-1", "nan", "1e99", "x"),
               "--max-cost": ("nan", "-5", "1e99", "free"),
               "--crop": ("nan,0,5,5", "1,2,3", "0,0,0,5", "0,0,5,-5", "1.5,0,5,5", "1e9,0,5,5", "wide", ""),
               "--enlarge": ("0.5", "9", "nan", "0", "twice"), "--islands": ("both", "Apart"),
               "--exposure": ("21", "nan", "up"), "--seam": ("soft", "Fade"), "--reach-out": ("-1", "257", "nan"),
               "--max-megapixels": ("nan", "-5", "1e99", "0", "big")}
        for option, values in bad.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    self.fails(2, *edit, option, value, says=(option, '"' if value else "wants"))
        for option in ("--rect", "--ellipse"):
            for value in ("nan,0,1,1", "1e99,0,1,1", "0,0,-5,4", "0,0,5,0", "1,2,3", "1,2,3,4,5", "a,b,c,d", ""):
                with self.subTest(option=option, value=value):
                    self.fails(2, "mask", "in.png", option, value, "-o", "m.png", says=option)
        for option in ("--grow", "--shrink", "--feather"):
            for value in ("nan", "1e99", "-5", "", "1,2"):
                self.fails(2, "mask", "in.png", "--rect", "1,1,9,9", option, value, "-o", "m.png", says=option)
        self.fails(2, "mask", "in.png", "--polygon", "1,1", "5,5", "-o", "m.png", says="three points")
        self.fails(2, "mask", "in.png", "--polygon", "1,1", "5,nan", "9,9", "-o", "m.png", says="--polygon")
        self.fails(2, "mask", "in.png", "--stroke", "5", "-o", "m.png", says="--stroke")
        self.fails(2, "mask", "in.png", "--stroke", "-5", "1,1", "-o", "m.png", says="--stroke")
        self.fails(2, "composite", "in.png", "--result", "in.png", "--mask", "mask.png", "--crop", "1,2,3", "-o",
                   "o.png", says="--crop")
        for both in (("--size", "64x64", "--enlarge", "2"), ("--crop", "1,1,60,50", "--context", "3"),
                     ("--crop", "1,1,60,50", "--islands", "apart"), ("--accept-large-move", "--no-register")):
            self.fails(2, *edit, *both, says="leave")
        for crop in ("0,0,0,5", "-1,0,5,5", "1,0,72,5", "1.5,0,5,5", "1e9,1e9,1e9,1e9"):
            self.fails(2, "composite", "in.png", "--result", "in.png", "--mask", "mask.png", "--crop", crop, "-o",
                       "o.png", says="--crop")
        self.fails(2, "compare", "in.png", "in.png", "--metric", "vmaf", says=("vmaf", "psnr"))

    def test_unknown_provider_and_model(self):
        self.picture()
        self.mask()
        edit = ("edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o", "out.png")
        self.fails(2, *edit, "--provider", "nobody", says=("nobody", "builtin"))
        self.fails(2, *edit, "--model", "nothing", says=("nothing", "it has"))
        self.fails(2, "plan", "in.png", "--mask", "mask.png", "--provider", "nobody", says="nobody")
        self.fails(2, "models", "--provider", "nobody", says=("nobody", "builtin"))
        self.fails(1, *edit, "--quality", "superb", says="superb")

    def test_models(self):
        json = self.ok("models")
        model = next(iter(json["builtin"].values()))
        for key in ("label", "size_multiple", "max_side", "qualities", "max_count", "max_prompt_chars", "free"):
            self.assertIn(key, model)
        self.assertEqual(self.ok("models", "--provider", "builtin"), {"builtin": json["builtin"]})
        self.assertTrue(json["openai"]["gpt-image-2"]["generates"])
        plain = self.run_here("models")
        self.assertEqual((plain.code, plain.err), (0, b""))
        self.assertIn(b"builtin.", plain.out)

    def test_options_may_stand_anywhere_and_names_may_begin_with_a_dash(self):
        self.picture("-rf.png")
        self.ok("mask", "-o", "m1.png", "--rect", "1,1,5,5", "./-rf.png")
        self.ok("mask", "--rect=1,1,5,5", "--output=m2.png", "./-rf.png")
        answer = self.run_here("mask", "-o", "m3.png", "--rect", "1,1,5,5", "--json", "--", "-rf.png")
        self.assertEqual(answer.code, 0, answer.err)
        self.ok("mask", "./-rf.png", "--load", "m1.png", "-o", "--help.png")
        self.assertEqual(kit.png.read(self.path("m1.png")).samples, kit.png.read(self.path("--help.png")).samples)
        self.assertEqual(self.files(), ["--help.png", "-rf.png", "m1.png", "m2.png", "m3.png"])

    def test_standard_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            answer = self.run_here("--help", stdout=full)
        self.assertEqual(answer.code, 1)
        self.assertIn("standard output", answer.note)
        done = subprocess.run(["sh", "-c", '"$0" models --json >&-', kit.PROGRAM], stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)


if __name__ == "__main__":
    kit.main()
