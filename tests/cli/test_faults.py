"""Faults from outside: full disk, read-only places, signals. The old file or the new one, never half of one."""

import glob
import os
import pty
import random
import resource
import signal
import subprocess
import time
import unittest

import kit
import png

NEW_ROOT = ["unshare", "--mount", "sh", "-c"]


def may_mount():
    try:
        return subprocess.run(NEW_ROOT + ["mount -t tmpfs -o size=64k tmpfs /mnt"], capture_output=True).returncode == 0
    except OSError:
        return False


class Faults(kit.Case):
    def setUp(self):
        super().setUp()
        self.picture(width=260, height=200)
        self.mask(width=260, height=200)
        self.words = ["edit", "in.png", "--mask", "mask.png", "--prompt", "remove it", "-o"]

    def in_mount(self, options, script, *words):
        """Mounts a tmpfs on ./disk in a namespace of its own, runs `script`, then the program, then lists the disk."""
        if not may_mount():
            self.skipTest("cannot mount here")
        os.makedirs(self.path("disk"), exist_ok=True)
        text = 'mount -t tmpfs -o %s tmpfs disk && (%s) && "$@"; code=$?; ls -A disk; ' \
               'sha256sum disk/old.png 2>/dev/null; exit $code' % (options, script)
        done = subprocess.run(NEW_ROOT + [text, "sh", kit.PROGRAM, *words], cwd=self.folder, capture_output=True)
        return kit.Answer(done)

    def test_full_disk(self):
        for verb in (self.words + ["disk/out.png"],
                     self.words + ["disk/out.psd"],
                     self.words + ["disk/out.ora"],
                     ["composite", "in.png", "--result", "in.png", "--mask", "mask.png", "-o", "disk/out.png"],
                     ["compare", "in.png", "in.png", "--side-by-side", "disk/out.png"]):
            answer = self.in_mount("size=64k", "true", *verb)
            self.assertEqual(answer.code, 1, answer.err)
            self.assert_sentence(answer, ("out.", "No space left", "free some space"))
            self.assertEqual(answer.out, b"", "no half-written and no temporary file")

    def test_full_disk_keeps_the_old_file(self):
        answer = self.in_mount("size=64k", "head -c 5000 /dev/zero > disk/old.png", *self.words, "disk/old.png",
                               "--overwrite")
        self.assertEqual(answer.code, 1, answer.err)
        self.assert_sentence(answer, "No space left")
        self.assertIn(b"old.png\n", answer.out)
        self.assertEqual(len(answer.out.split(b"\n")), 3, answer.out)

    def test_read_only_folder(self):
        script = "echo x > disk/old.png; mount -o remount,ro disk"
        answer = self.in_mount("size=640k", script, *self.words, "disk/out.png")
        self.assertEqual(answer.code, 1)
        self.assert_sentence(answer, ("disk", "Read-only", "another folder"))
        self.assertTrue(answer.out.startswith(b"old.png\n"), answer.out)

    def test_read_only_target(self):
        with open(self.path("old.png"), "wb") as file:
            file.write(b"mine")
        os.chmod(self.path("old.png"), 0o444)
        self.fails(1, *self.words, "old.png", "--overwrite", says=("old.png", "read-only", "another name"))
        if os.geteuid() != 0:
            os.mkdir(self.path("shut"), 0o555)
            self.fails(1, *self.words, "shut/out.png", says=("shut", "another folder"))

    def test_limit_of_file_size(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))
        # Noise: two of it beside each other are a larger file than what the decoder hands over for one.
        noise = random.Random(2)
        for name in ("a.png", "b.png"):
            png.write(self.path(name), png.make(260, 200, 3, 8, lambda x, y, c: noise.randrange(256)))
        self.fails(1, "compare", "a.png", "b.png", "--metric", "psnr", "--side-by-side", "out.png",
                   says=("out.png", "too large"), preexec_fn=limit)

    def test_few_open_files_and_little_memory(self):
        for what, value in ((resource.RLIMIT_NOFILE, 5), (resource.RLIMIT_AS, 60 << 20)):
            answer = self.run_here(*self.words, "out.png", "--overwrite",
                                   preexec_fn=lambda: resource.setrlimit(what, (value, value)))
            self.assertIn(answer.code, (0, 1), answer.err)
            if answer.code:
                self.assert_sentence(answer)
                self.assertNotIn("out.png", self.files())
            self.assertFalse(glob.glob(self.path(".maskwright*")))

    def start_edit(self):
        """The large sample, which takes a while."""
        sample = os.path.join(kit.SAMPLE, "still_life")
        return subprocess.Popen([kit.PROGRAM, "edit", sample + ".png", "--mask", sample + ".mask.png", "--prompt",
                                 "remove it", "-o", "out.png"], cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True)

    def assert_nothing_left(self, group):
        self.assertEqual(self.files(), ["in.png", "mask.png"])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)
        self.fail("a child outlives the program")

    def test_killed_at_any_moment(self):
        for delay in (0.01, 0.05, 0.15, 0.4, 0.8):
            edit = self.start_edit()
            time.sleep(delay)
            self.assertIsNone(edit.poll(), "the sample is too quick for this test")
            edit.kill()
            edit.communicate()
            self.assert_nothing_left(edit.pid)

    def test_stopped_by_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            edit = self.start_edit()
            time.sleep(0.8)
            edit.send_signal(number)
            out, err = edit.communicate(timeout=60)
            self.assertEqual(out, b"")
            self.assertIn(edit.returncode, (1, -number))
            if edit.returncode == 1:
                self.assertRegex(err, rb"^maskwright: .*\n$")
            self.assert_nothing_left(edit.pid)

    def test_progress_goes_to_a_terminal_alone(self):
        ours, theirs = pty.openpty()
        edit = subprocess.Popen([kit.PROGRAM, *self.words, "out.png", "--json"], cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                part = b""
            if not part:
                break
            seen += part
        out, _ = edit.communicate()
        os.close(ours)
        self.assertEqual(edit.returncode, 0)
        self.assertIn(b"\r", seen)
        self.assertIn(b"preparing", seen)
        self.assertTrue(out.startswith(b"{") and b"\r" not in out)
        quiet = self.run_here(*self.words, "out2.png", "--json")
        self.assertNotIn(b"preparing", quiet.err)


if __name__ == "__main__":
    unittest.main()
