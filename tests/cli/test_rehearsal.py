"""Our client against our rehearsal server: killed at random moments, and every fault.

The seed of the kills is printed; MASKWRIGHT_KILLS and MASKWRIGHT_SEED repeat or deepen a run.
"""

import json
import os
import random
import signal
import subprocess
import time

import kit
from serve_kit import Serve

# A model that takes small pictures, so that a request costs little to answer.
MODELS = {
    "schema": "maskwright-models/1", "date": "2026-11-27",
    "providers": {"openai": {"models": [{
        "id": "maskwright-builtin", "label": "Rehearsal", "certainty": "T", "qualities": ["low", "medium", "high"],
        "formats": ["png", "jpeg", "webp"], "fields": ["mask", "stream", "responses", "generate", "references"],
        "max_partials": 3, "size": {"multiple": 1, "max_side": 8192, "max_area": 64000000},
        "limits": {"max_count": 10, "max_references": 15},
        "price": {"text_in": 5, "image_in": 8, "image_out": 30, "certainty": "T"},
        "output_tokens": {"bases": {"low": 16, "medium": 48, "high": 96}, "per_partial": 100}}]}}}


class Rehearsal(kit.Case):
    def setUp(self):
        super().setUp()
        self.picture(width=120, height=90)
        self.mask(width=120, height=90)
        with open(self.path("models.json"), "w", encoding="utf-8") as out:
            json.dump(MODELS, out)

    def client(self, server):
        """The environment of a client: keys, journal and models of its own."""
        env = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
        env.update(OPENAI_API_KEY=server.token, OPENAI_BASE_URL=server.url, XDG_STATE_HOME=self.path("state"),
                   XDG_CONFIG_HOME=self.path("config"), HOME=self.folder, MASKWRIGHT_MODELS=self.path("models.json"))
        return env

    def words(self, out, *more, provider="openai"):
        return ["edit", "in.png", "--mask", "mask.png", "--prompt", "make it red", "--provider", provider, "--model",
                "maskwright-builtin", "--quality", "low", "-o", out, "--json", *more]

    def edit(self, server, out="out.png", *more, **kw):
        return self.run_here(*self.words(out, *more, **kw), env=self.client(server))

    def jobs(self, server):
        answer = self.run_here("jobs", "list", "--json", env=self.client(server))
        self.assertEqual(answer.code, 0, answer.err)
        return answer.json

    def forget(self, server):
        for entry in self.jobs(server)["entries"]:
            self.assertEqual(self.run_here("jobs", "forget", entry["entry"], env=self.client(server)).code, 0)


class Kills(Rehearsal):
    def test_killed_at_random_moments(self):
        kills = int(os.environ.get("MASKWRIGHT_KILLS", "24"))
        seed = int(os.environ.get("MASKWRIGHT_SEED", str(random.randrange(10**6))))
        rng = random.Random(seed)
        seen = {}
        # A slow line, so that there are moments in the middle of an answer.
        with Serve("--fault", "slow=400") as server:
            env = self.client(server)
            before = time.monotonic()
            self.assertEqual(self.edit(server, "warm.png", "--partials", "2").code, 0)
            whole = time.monotonic() - before
            for number in range(kills):
                out = "out%d.png" % number
                posts = server.requests()
                process = subprocess.Popen([kit.PROGRAM, *self.words(out, "--partials", "2")], cwd=self.folder, env=env,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                # Spread over the whole of it, so that few kills meet every state too.
                time.sleep((number + rng.random()) / kills * 1.1 * whole)
                process.send_signal(signal.SIGKILL)
                process.wait()
                entries = self.jobs(server)["entries"]
                sent = server.requests() - posts
                self.assertLessEqual(sent, 1, "bought twice; seed %d, kill %d" % (seed, number))
                state = self.what_is_left(server, entries, out, sent, (seed, number))
                seen[state] = seen.get(state, 0) + 1
                self.assertEqual(server.requests() - posts, sent, "looking at it bought again")
        print("%d kills, seed %d, 0 answers lost, 0 bought twice: %s" % (
            kills, seed, ", ".join("%d %s" % (n, s) for s, n in sorted(seen.items()))))
        if kills >= 20:
            self.assertGreaterEqual(len(seen), 3, "the kills met too few states: %r" % seen)

    def what_is_left(self, server, entries, out, sent, where):
        """The state that a start after the kill tells; what can be had is taken, then all is forgotten."""
        written = os.path.exists(self.path(out))
        if written:
            self.assertEqual(kit.png.read(self.path(out)).size, (120, 90), where)
        if not entries:
            # Finished and delivered, or never written down: then nothing may have left.
            self.assertTrue(written or sent == 0, where)
            return "finished" if written else "not begun"
        self.assertEqual(len(entries), 1, where)
        entry = entries[0]
        self.assertGreater(len(entry["meaning"]), 20, where)
        self.assertEqual((entry["prompt"], entry["model"]), ("make it red", "maskwright-builtin"), where)
        if entry["outcome"] == "not sent":
            self.assertEqual(sent, 0, where)
        if entry["outcome"] == "unknown":
            self.assertFalse(entry["recoverable"], where)
            self.assertGreater(entry["most_usd"], 0, where)
        if entry["outcome"] == "answered":
            self.assertTrue(entry["recoverable"], where)
            words = ("jobs", "recover", entry["entry"], "-o", "again.png", "--overwrite", "--json")
            answer = self.run_here(*words, env=self.client(server))
            self.assertEqual(answer.code, 0, (where, answer.err))
            self.assertGreater(os.path.getsize(self.path("again.png")), 100, where)
            with open(self.path("again.png"), "rb") as file:
                self.assertEqual(file.read(4), b"\x89PNG", where)
        else:
            # Whole answers are in the file as they came; a stream that has its last event is one.
            folder = os.path.join(self.path("state"), "maskwright", "journal", entry["entry"])
            raw = os.path.join(folder, "response.raw")
            data = b""
            if os.path.exists(raw):
                with open(raw, "rb") as file:
                    data = file.read()
            at = data.find(b"event: image_edit.completed")
            self.assertFalse(at >= 0 and b"\n\n" in data[at:], ("an answer was lost", where))
        self.forget(server)
        return entry["outcome"]


class Faults(Rehearsal):
    def fails_as(self, spec, outcome, *says, posts=1, code=1, provider="openai", more=()):
        with Serve("--fault", spec) as server:
            answer = self.edit(server, "out.png", *more, provider=provider)
            self.assertEqual(answer.code, code, (spec, answer.err))
            note = answer.note
            for part in says:
                self.assertIn(part, note, spec)
            self.assertNotIn(server.token, note)
            self.assertFalse(os.path.exists(self.path("out.png")), spec)
            self.assertEqual(server.requests(), posts, spec)
            jobs = self.jobs(server)
            uncertain = jobs["today"]["uncertain_usd"]
            if outcome in ("not sent", "refused"):
                self.assertEqual(jobs["entries"], [], spec)
            else:
                self.assertEqual([e["outcome"] for e in jobs["entries"]], [outcome], spec)
                self.assertGreater(uncertain, 0, spec)
                self.forget(server)
            return note

    def test_refused(self):
        self.fails_as("401", "refused", "key")
        self.fails_as("quota", "refused", "quota")
        self.fails_as("moderation=input", "refused", "safety", "other words")
        self.fails_as("429=0", "refused", posts=4)
        self.fails_as("503=0", "refused", posts=4)

    def test_a_picture_that_was_made_and_withheld_may_cost(self):
        self.assertIn("may have been charged", self.fails_as("moderation=output", "unknown", "safety"))

    def test_refusals_that_pass(self):
        with Serve("--fault", "1:429=0; 2:503=0") as server:
            self.assertEqual(self.edit(server).code, 0)
            self.assertEqual(server.requests(), 3)

    def test_unknown(self):
        for spec in ("500", "502", "html", "cut=10", "cut=2000", "huge-line=2"):
            note = self.fails_as(spec, "unknown")
            self.assertIn("may have been charged", note, spec)

    def test_received_but_not_decodable(self):
        self.fails_as("svg", "received but not decodable", "kept")

    def test_stalls_and_heartbeats_end_when_cancelled(self):
        for spec in ("stall=200", "heartbeat=0.05", "delay=60"):
            with Serve("--fault", spec) as server:
                process = subprocess.Popen([kit.PROGRAM, *self.words("out.png")], cwd=self.folder, env=self.client(server),
                                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                deadline = time.monotonic() + 20
                while server.requests() < 1 and time.monotonic() < deadline:
                    time.sleep(0.02)
                process.send_signal(signal.SIGINT)
                note = process.communicate(timeout=20)[1].decode()
                self.assertEqual(process.returncode, 1, (spec, note))
                self.assertIn("ancelled", note, spec)
                self.assertEqual([e["outcome"] for e in self.jobs(server)["entries"]], ["unknown"], spec)
                self.forget(server)

    def test_answers_that_lie(self):
        with Serve("--fault", "drift=2,1; dropped-mask; wrong-size") as server:
            moved = self.edit(server, "moved.png")
            self.assertEqual(moved.code, 0, moved.err)
            self.assertEqual(moved.json["changed_outside_mask"], 0)
            redrawn = self.edit(server, "redrawn.png")
            self.assertEqual(redrawn.code, 0, redrawn.err)
            self.assertEqual(redrawn.json["changed_outside_mask"], 0)
            half = self.edit(server, "half.png")
            if half.code == 0:
                self.assertEqual(half.json["changed_outside_mask"], 0)
            else:
                self.assertIn("size", half.note)
            self.forget(server)

    def test_a_response_is_taken_up_again(self):
        # The line is cut, the work goes on: the same answer is fetched, nothing is bought again.
        with Serve("--fault", "cut=900") as server:
            answer = self.edit(server, "out.png", provider="openai-responses")
            self.assertEqual(answer.code, 0, answer.err)
            self.assertEqual(server.requests(), 1)
            self.assertEqual(kit.png.read(self.path("out.png")).size, (120, 90))


if __name__ == "__main__":
    kit.main()
