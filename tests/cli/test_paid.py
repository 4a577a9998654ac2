"""Requests that cost money, from the program itself against a service of this file: what is sent, what a refusal
says, and what is left after the program was killed at any moment."""

import json
import os
import random
import signal
import subprocess
import threading
import time
import unittest

import kit
import png
from small_service import Service, event, head

KILLS = int(os.environ.get("MASKWRIGHT_KILLS", "16"))
KEY = "TESTKEY-cli-0123456789abcdef"


def noise_png(width, height):
    state = [77]

    def sample(x, y, c):
        state[0] = (state[0] * 1103515245 + 12345) & 0x7fffffff
        return state[0] >> 23

    made = png.make(width, height, 3, 8, sample)
    path = "/tmp/maskwright-paid-%d.png" % os.getpid()
    png.write(path, made)
    with open(path, "rb") as file:
        data = file.read()
    os.unlink(path)
    return data


class Paid(kit.Case):
    def setUp(self):
        super().setUp()
        self.env = dict(os.environ, HOME=self.folder, XDG_STATE_HOME=self.path("state"),
                        XDG_CONFIG_HOME=self.path("config"), OPENAI_API_KEY=KEY)
        for name in ("MASKWRIGHT_DAY_BUDGET", "https_proxy", "http_proxy"):
            self.env.pop(name, None)

    @classmethod
    def setUpClass(cls):
        cls.answer = noise_png(1024, 64 * 10)  # 640 rows: 655,360 pixels, the least a model takes

    def serve(self, script):
        service = Service(script)
        self.addCleanup(service.close)
        self.env["OPENAI_BASE_URL"] = "http://127.0.0.1:%d/v1" % service.port
        return service

    def pictures(self):
        png.write(self.path("in.png"), png.make(1024, 640, 3, 8, lambda x, y, c: (x + y + c) & 255))
        png.write(self.path("mask.png"), png.make(1024, 640, 1, 8,
                                                  lambda x, y, c: 255 if 400 < x < 600 and 200 < y < 400 else 0))

    def words(self, *more):
        model = [] if "--model" in more else ["--model", "gpt-image-2"]
        quality = [] if "--quality" in more else ["--quality", "low"]
        return ["edit", "in.png", "--mask", "mask.png", "--prompt", "a lamp", "--provider", "openai", *model, *quality,
                "--size", "1024x640", "--no-register", "-o", "out.png", "--json", *more]

    def jobs(self):
        answer = self.run_here("jobs", "--json", env=self.env)
        self.assertEqual(answer.code, 0, answer.err)
        return answer.json

    def assert_no_key_on_disk(self):
        for top, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(top, name), "rb") as file:
                    self.assertNotIn(KEY.encode(), file.read(), name)

    def test_an_edit_is_paid_grafted_and_booked(self):
        service = self.serve(lambda m, p, b, send: send(head("text/event-stream") + event(self.answer)))
        self.pictures()
        answer = self.run_here(*self.words("--max-cost", "0.05"), env=self.env)
        self.assertEqual(answer.code, 0, answer.err)
        json_ = answer.json
        self.assertEqual(json_["changed_outside_mask"], 0)
        self.assertGreater(json_["changed_inside_mask"], 1000)
        self.assertEqual(json_["requests"][0]["outcome"], "answered")
        self.assertAlmostEqual(json_["cost"]["actual_usd"], (196 * 30 + 1024 * 8 + 26 * 5) / 1e6, 9)
        self.assertEqual(service.requests[0][1], "/v1/images/edits")
        self.assertEqual(service.requests[0][2]["authorization"], "bearer " + KEY.lower())
        told = self.jobs()
        self.assertEqual(told["entries"], [])
        self.assertAlmostEqual(told["today"]["known_usd"], json_["cost"]["actual_usd"], 9)
        self.assert_no_key_on_disk()

        # Over either budget nothing leaves.
        for limit in (["--max-cost", "0.005"], ["--day-budget", "0.02"]):
            refused = self.run_here(*self.words("--overwrite", *limit), env=self.env)
            self.assertEqual(refused.code, 3, refused.err)
            self.assertIn("nothing was sent", refused.note)
        self.assertEqual(service.posts(), 1)

        # A picture from nothing: the service's own bytes.
        made = self.run_here("generate", "--provider", "openai", "--prompt", "a lamp", "--size", "1024x640",
                             "--quality", "low", "-o", "made.png", "--json", env=self.env)
        self.assertEqual(made.code, 0, made.err)
        with open(self.path("made.png"), "rb") as file:
            self.assertEqual(file.read(), self.answer)

    def test_refusals_have_their_sentence(self):
        self.pictures()
        sentence = json.dumps({"error": {"message": "Incorrect API key provided: " + KEY, "code": "invalid_api_key"}})

        def script(method, path, body, send):
            if method == "GET":
                send(head() + b'{"data":[{"id":"gpt-image-2","shutdown_date":"2027-02-01"}]}')
            else:
                send(head(status="401 Unauthorized") + sentence.encode())

        self.serve(script)
        refused = self.run_here(*self.words(), env=self.env)
        self.assertEqual(refused.code, 1)
        self.assertIn("does not accept the key", refused.note)
        self.assertNotIn(KEY, refused.note)
        self.assertEqual(self.jobs()["entries"], [])

        models = self.run_here("models", "--provider", "openai", "--online", "--json", env=self.env).json["openai"]
        self.assertTrue(models["gpt-image-2"]["offered"])
        self.assertEqual(models["gpt-image-2"]["shutdown"], "2027-02-01")
        self.assertFalse(models["gpt-image-2.6-flare"]["offered"])

        for words, says in ((["--base-url", "http://example.com/v1"], "use https"),
                            (["--base-url", "https:///v1"], "no host"),
                            (["--model", "gpt-image-9"], "no model"),
                            (["--quality", "max"], "no quality"),
                            (["--background", "transparent"], "no background"),
                            (["--input-fidelity", "high"], "no input fidelity")):
            answer = self.run_here(*self.words(*words), env=self.env)
            self.assertIn(answer.code, (1, 2), words)
            self.assertIn(says, answer.note)
        nothing = dict(self.env, PATH=self.folder)  # no keyring
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
            nothing.pop(name)
        answer = self.run_here(*self.words(), env=nothing)
        self.assertEqual(answer.code, 1)
        self.assertIn("There is no key for https://api.openai.com", answer.note)

    def test_killed_at_any_moment(self):
        """No answer that was whole is lost, nothing is sent twice, and the next start says what became of each."""
        whole = head("text/event-stream") + event(self.answer)
        sent_all = threading.Event()

        def script(method, path, body, send):
            for at in range(0, len(whole), len(whole) // 40 + 1):
                send(whole[at:at + len(whole) // 40 + 1])
                time.sleep(0.002)
            sent_all.set()

        service = self.serve(script)
        self.pictures()
        chance = random.Random(11)
        started = time.monotonic()
        plain = self.run_here(*self.words(), env=self.env)
        self.assertEqual(plain.code, 0, plain.err)
        span = time.monotonic() - started
        launched, tally = 1, {}
        for _ in range(KILLS):
            os.path.exists(self.path("out.png")) and os.unlink(self.path("out.png"))
            sent_all.clear()
            before = service.posts()
            process = subprocess.Popen([kit.PROGRAM, *self.words()], cwd=self.folder, env=self.env,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, span * 1.1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            launched += 1
            posts = service.posts() - before
            self.assertLessEqual(posts, 1)
            entries = self.jobs()["entries"]
            self.assertLessEqual(len(entries), 1)
            if not entries:
                # Never begun, or over: then the picture is in its file.
                state = "not sent" if posts == 0 else "delivered"
                if posts:
                    self.assertTrue(os.path.exists(self.path("out.png")))
            else:
                entry = entries[0]
                state = entry["outcome"]
                if posts:
                    self.assertNotEqual(state, "not sent", "it did leave")
                if entry["response_bytes"] == len(event(self.answer)):
                    self.assertEqual(state, "answered")
                if state == "answered":
                    back = self.run_here("jobs", "recover", entry["entry"], "-o", "back.png", "--overwrite",
                                         env=self.env)
                    self.assertEqual(back.code, 0, back.err)
                    with open(self.path("back.png"), "rb") as file:
                        self.assertEqual(file.read(), self.answer)
                else:
                    self.assertEqual(self.run_here("jobs", "forget", entry["entry"], env=self.env).code, 0)
            tally[state] = tally.get(state, 0) + 1
        self.assertEqual(self.jobs()["entries"], [])
        self.assertEqual([r[0] for r in service.requests].count("GET"), 0)
        print("killed %d times, seed 11: %s" % (KILLS, tally))
        self.assert_no_key_on_disk()


if __name__ == "__main__":
    kit.main() if hasattr(kit, "main") else unittest.main()
