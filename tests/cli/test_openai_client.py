"""The official openai client for Node against serve: every call works. Skips without npm, network or the package."""

import os
import subprocess

import kit
from npm_kit import installed
from serve_kit import Serve

PACKAGE = "openai@7.57.0"
FAULTS = ("2:429=7; 3:500; 4:moderation; 5:cut=100; 6:cut=200; 7:wrong-size=40x24; 8:html; 9:503=0")


class OfficialClient(kit.Case):
    def test_every_call(self):
        self.picture(width=96, height=64)
        self.picture("big.png", width=700, height=700)
        edit = lambda x, y: 30 <= x < 60 and 20 <= y < 44
        rgba = lambda clear: kit.png.make(96, 64, 4, 8, lambda x, y, c: (0 if clear(x, y) else 255) if c == 3 else 40)
        kit.png.write(self.path("mask.png"), rgba(edit))
        kit.png.write(self.path("markup.png"), rgba(lambda x, y: not edit(x, y)))
        with Serve() as plain, Serve("--fault", FAULTS) as faulty:
            done = subprocess.run(
                ["node", os.path.join(kit.HERE, "openai_client.mjs"), PACKAGES, self.folder, plain.url, plain.token,
                 faulty.url, faulty.token], capture_output=True, timeout=200, check=False)
            said = done.stdout.decode() + done.stderr.decode()
            self.assertEqual(done.returncode, 0, said)
            self.assertIn("all 14 checks hold", said)
            self.assertEqual(faulty.requests(), 10, "one for each call, one more for the client's own second try")


if __name__ == "__main__":
    PACKAGES = installed(PACKAGE, "openai")
    kit.main()
