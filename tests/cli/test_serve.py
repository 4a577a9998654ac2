"""serve: who may call, what it refuses, how it misbehaves when told to, how it ends."""

import base64
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time
import zlib

import kit
from serve_kit import Serve, form

MODEL = ("model", "maskwright-builtin")


class ServeCase(kit.Case):
    def setUp(self):
        super().setUp()
        self.picture(width=64, height=48)
        kit.png.write(self.path("mask.png"), kit.png.make(
            64, 48, 4, 8, lambda x, y, c: (0 if 20 <= x < 40 and 16 <= y < 32 else 255) if c == 3 else 0))

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def edit(self, server, *fields, mask=True, prompt="make it red", timeout=60):
        files = [("image", "in.png", self.read("in.png"))]
        if mask:
            files.append(("mask", "mask.png", self.read("mask.png")))
        body, kind = form([("prompt", prompt), MODEL, *fields], files)
        return server.ask("images/edits", body, headers=[("Content-Type", kind)], timeout=timeout)

    def answer(self, server, *fields, **more):
        """(head, picture) of an edit that works."""
        status, head, body = self.edit(server, *fields, **more)
        self.assertEqual(status, 200, body[:400])
        data = base64.b64decode(json.loads(body)["data"][0]["b64_json"], validate=True)
        with open(self.path("answer.png"), "wb") as out:
            out.write(data)
        return head, kit.png.read(self.path("answer.png"))

    def error(self, answered, status, **parts):
        self.assertEqual(answered[0], status, answered[2][:400])
        error = json.loads(answered[2])["error"]
        self.assertEqual(set(error) - {"moderation_details"}, {"message", "type", "param", "code"})
        for name, value in parts.items():
            self.assertEqual(error[name], value, error)
        return error


class Behaviour(ServeCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Serve()

    @classmethod
    def tearDownClass(cls):
        assert cls.server.end() == 0, cls.server.error

    def raw(self, text, size=65536):
        with socket.create_connection(("127.0.0.1", self.server.port), 20) as line:
            line.sendall(text.replace("\n", "\r\n").encode())
            got = b""
            while len(got) < size:
                piece = line.recv(65536)
                if not piece:
                    break
                got += piece
            return got

    def test_who_may_call(self):
        port, token = self.server.port, self.server.token
        self.assertRegex(token, r"^[0-9a-f]{32}$")
        head = "GET /v1/models HTTP/1.1\nConnection: close\nAuthorization: Bearer %s\n" % token
        for host, status in ((f"127.0.0.1:{port}", 200), (f"localhost:{port}", 200), (f"[::1]:{port}", 200),
                             ("127.0.0.1", 403), (f"127.0.0.1:{port + 1}", 403), (f"evil.example:{port}", 403),
                             (f"127.0.0.1.evil.example:{port}", 403), (f"localhost.evil.example:{port}", 403), ("", 403)):
            self.assertIn(b" %d " % status, self.raw(f"{head}Host: {host}\n\n").split(b"\r\n")[0], host)
        self.assertIn(b" 403 ", self.raw(f"{head}Host: localhost:{port}\nHost: evil.example\n\n"))
        for origin, status in ((f"http://127.0.0.1:{port}", 200), (f"http://localhost:{port}", 200), ("null", 403),
                               ("http://evil.example", 403), (f"https://127.0.0.1:{port}", 403),
                               (f"http://evil.example:{port}", 403), ("http://localhost:1", 403)):
            answered = self.raw(f"{head}Host: localhost:{port}\nOrigin: {origin}\n\n")
            self.assertIn(b" %d " % status, answered.split(b"\r\n")[0], origin)
            self.assertNotIn(b"access-control", answered.lower())
        for wrong in ("", "x", token[:-1], token + "0", "sk-" + token):
            self.error(self.server.ask("models", token=wrong), 401, code="invalid_api_key")
        self.assertEqual(self.server.ask("models")[0], 200)

    def test_edit_keeps_what_the_mask_keeps(self):
        head, picture = self.answer(self.server)
        before, mask = kit.png.read(self.path("in.png")), kit.png.read(self.path("mask.png"))
        self.assertEqual(picture.size, before.size)
        kept = changed = 0
        for i in range(64 * 48):
            same = before.samples[3 * i:3 * i + 3] == picture.samples[4 * i:4 * i + 3]
            kept += same and mask.samples[4 * i + 3] != 0
            changed += not same
        self.assertEqual(kept, 64 * 48 - 20 * 16)
        self.assertEqual(changed, 20 * 16)
        self.assertRegex(head["x-request-id"], r"^req_[0-9a-f]+$")
        self.assertIn("under the mask", head["x-maskwright-did"])

    def test_any_prompt_is_answered(self):
        for prompt in ("draw a unicorn in the style of nobody", "\u00e4\U0001f600 \u202e", "x" * 3000):
            head, _ = self.answer(self.server, prompt=prompt)
            self.assertIn("does not know", head["x-maskwright-did"])
        head, _ = self.answer(self.server, mask=False)
        self.assertIn("no mask", head["x-maskwright-did"])

    def test_bad_parameters(self):
        for fields, param in (([("n", "0")], "n"), ([("n", "eleven")], "n"), ([("size", "64")], "size"),
                              ([("size", "9000x16")], "size"), ([("quality", "superb")], "quality"),
                              ([("partial_images", "4"), ("stream", "true")], "partial_images"),
                              ([("output_format", "bmp")], "output_format"), ([("stream", "maybe")], "stream"),
                              ([("output_compression", "50")], "output_compression"), ([("seed", "1")], "seed"),
                              ([("background", "transparent"), ("output_format", "jpeg")], "background")):
            self.error(self.edit(self.server, *fields), 400, param=param, type="invalid_request_error")
        self.error(self.edit(self.server, ("model", "gpt-image-2"), ("size", "1024x1000")), 400, param="size")
        body, kind = form([MODEL], [("image", "in.png", self.read("in.png"))])
        self.error(self.server.ask("images/edits", body, headers=[("Content-Type", kind)]), 400, param="prompt")
        body, kind = form([MODEL, ("prompt", "x")], [])
        self.error(self.server.ask("images/edits", body, headers=[("Content-Type", kind)]), 400, param="image")
        grey = kit.png.make(64, 48, 1, 8, lambda x, y, c: 255)
        kit.png.write(self.path("mask.png"), grey)
        self.assertIn("alpha channel", self.error(self.edit(self.server), 400, param="mask")["message"])
        self.error(self.server.ask("nowhere"), 404, code="unknown_url")
        self.error(self.server.ask("responses/resp_1"), 404)

    def test_bad_json(self):
        for body in (b"", b"{", b"[]", b"null", b"\xff", b'{"a":' + b"[" * 100000, b'{"prompt":"x","images":[{}]}',
                     b'{"prompt":"x","images":[{"image_url":"http://127.0.0.1:1/x.png"}]}',
                     b'{"prompt":"x","images":[{"image_url":"data:image/png;base64,***"}]}',
                     b'{"prompt":{"a":1},"images":[]}', b'{"prompt":"x","images":7}', b'{"prompt":"x"}'):
            answered = self.server.ask("images/edits", body, headers=[("Content-Type", "application/json")])
            self.error(answered, 400)
        for body in ({}, {"input": 7}, {"input": "x", "strange": 1}, {"input": "x", "previous_response_id": "resp_x"},
                     {"input": [{"content": [{"type": "input_image", "image_url": "file:///etc/passwd"}]}]},
                     {"input": "x", "tools": [{"type": "image_generation", "action": "edit"}]},
                     {"input": "x", "background": True, "store": False}):
            self.error(self.server.ask("responses", body), 400)

    def test_bodies_are_bounded(self):
        with Serve("--max-body", 1) as small:
            status, _, body = small.ask("images/edits", b"x" * 3_000_000, headers=[("Content-Type", "application/json")])
            self.assertEqual(status, 413, body)
            self.assertIn("too large", json.loads(body)["error"]["message"])
            self.assertEqual(small.ask("models")[0], 200)

    def test_many_idle_connections_starve_nobody(self):
        lines = [socket.create_connection(("127.0.0.1", self.server.port), 20) for _ in range(300)]
        try:
            for line in lines[::2]:
                line.sendall(b"POST /v1/images/edits HTTP/1.1\r\n")
            self.answer(self.server)
        finally:
            for line in lines:
                line.close()

    def test_a_client_that_leaves_stops_the_work(self):
        # Made of whole rows: a script is slow at a million samples.
        rows = b"".join(b"\0" + os.urandom(2700) for _ in range(900))
        with open(self.path("in.png"), "wb") as out:
            out.write(b"\x89PNG\r\n\x1a\n" + kit.png.chunk_bytes(b"IHDR", struct.pack(">IIBBBBB", 900, 900, 8, 2, 0, 0, 0)) +
                      kit.png.chunk_bytes(b"IDAT", zlib.compress(rows, 1)) + kit.png.chunk_bytes(b"IEND", b""))
        body, kind = form([("prompt", "remove it"), MODEL], [("image", "in.png", self.read("in.png"))])
        call = http.client.HTTPConnection("127.0.0.1", self.server.port)
        call.request("POST", "/v1/images/edits", body, {"Content-Type": kind, "Authorization": f"Bearer {self.server.token}"})
        call.close()
        self.assertEqual(self.server.ask("models")[0], 200)

    def test_port_in_use(self):
        self.fails(1, "serve", "--port", self.server.port, says=(str(self.server.port), "in use"))


class Faults(ServeCase):
    def test_faults_by_number(self):
        spec = "1:429=3; 2:429=x; 3:503; 4:quota; 5:500; 6:401; 7:moderation=output; 8:html; 9-10:wrong-size; 11:svg"
        with Serve("--fault", spec) as server:
            answered = self.edit(server)
            self.error(answered, 429, code="rate_limit_exceeded")
            self.assertEqual(answered[1]["retry-after"], "3")
            self.assertIsNone(self.edit(server)[1]["retry-after"])
            self.error(self.edit(server), 503)
            self.error(self.edit(server), 429, code="insufficient_quota")
            self.error(self.edit(server), 500, type="server_error")
            self.error(self.edit(server), 401, code="invalid_api_key")
            error = self.error(self.edit(server), 400, code="moderation_blocked", type="image_generation_user_error")
            self.assertEqual(error["moderation_details"]["moderation_stage"], "output")
            status, head, body = self.edit(server)
            self.assertEqual((status, head["Content-Type"]), (502, "text/html"))
            self.assertIn(b"<html>", body)
            for _ in range(2):
                self.assertEqual(self.answer(server)[1].size, (32, 24))
            status, _, body = self.edit(server)
            self.assertIn(b"<svg", base64.b64decode(json.loads(body)["data"][0]["b64_json"]))
            self.answer(server)
            self.assertEqual(server.requests(), 12)

    def test_faults_take_turns(self):
        with Serve("--fault", "500; none; drift=2,1+wrong-size=30x20") as server:
            for _ in range(2):
                self.error(self.edit(server), 500)
                self.answer(server)
                self.assertEqual(self.answer(server)[1].size, (30, 20))

    def test_picture_faults(self):
        before = kit.png.read(self.path("in.png"))
        inside = lambda x, y: 20 <= x < 40 and 16 <= y < 32
        with Serve("--fault", "drift=4,2; dropped-mask") as server:
            _, moved = self.answer(server)
            # Far from the edit: what was at (x, y) is now at (x + 4, y + 2), a little brighter.
            far = [(x, y) for x in range(46, 58) for y in range(4, 44)]
            level = lambda picture, n, x, y: picture.samples[n * (y * 64 + x) + 1]
            error = lambda dx, dy: sum(abs(level(moved, 4, x + dx, y + dy) - level(before, 3, x, y)) for x, y in far)
            self.assertLess(error(4, 2), 0.5 * error(0, 0))
            _, redrawn = self.answer(server)
            same = sum(level(redrawn, 4, x, y) == level(before, 3, x, y) for x in range(64) for y in range(48)
                       if not inside(x, y))
            self.assertLess(same, 64 * 48 * 0.3)

    def test_cut_and_stall(self):
        with Serve("--fault", "1:cut=500; 2:cut; 3:stall=100; 4:cut=300; 5:heartbeat=0.02; 6:heartbeat=0.02; 7:huge-line=3") as server:
            for most in (500, 1 << 20):
                with self.assertRaises(http.client.IncompleteRead) as caught:
                    self.edit(server)
                self.assertLessEqual(len(caught.exception.partial), most)
            with self.assertRaises((TimeoutError, socket.timeout)):
                self.edit(server, timeout=0.5)
            with self.assertRaises(http.client.IncompleteRead):
                self.edit(server, ("stream", "true"))
            for streams in ("true", "false"):
                body, kind = form([("prompt", "x"), MODEL, ("stream", streams)], [("image", "in.png", self.read("in.png"))])
                call = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
                call.request("POST", "/v1/images/edits", body,
                             {"Content-Type": kind, "Authorization": f"Bearer {server.token}"})
                got = call.getresponse().read(60)
                self.assertRegex(got, rb"^(: keep-alive\n\n)+" if streams == "true" else rb"^ +$")
                call.close()
            status, _, body = self.edit(server, ("stream", "true"))
            self.assertEqual(status, 200)
            self.assertGreater(max(map(len, body.split(b"\n"))), 3 << 20)

    def test_chance_repeats_with_the_seed(self):
        def statuses(seed):
            with Serve("--fault", "50%:500", "--seed", seed) as server:
                self.assertEqual(server.told["seed"], seed)
                return [self.edit(server)[0] for _ in range(8)]
        first = statuses(5)
        self.assertEqual(first, statuses(5))
        self.assertEqual(set(first), {200, 500})

    def test_a_response_fails_in_its_own_words(self):
        picture = "data:image/png;base64," + base64.b64encode(self.read("in.png")).decode()
        ask = {"model": "gpt-5.1", "tools": [{"type": "image_generation"}], "stream": True, "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "make it red"},
                                         {"type": "input_image", "image_url": picture}]}]}
        with Serve("--fault", "1:cut=400; 2:moderation") as server:
            with self.assertRaises(http.client.IncompleteRead):
                server.ask("responses", ask)
            self.error(server.ask("responses", ask), 400, code="moderation_blocked")
            # A picture that is none: the stream says so and ends.
            ask["input"][0]["content"][1]["image_url"] = "data:image/png;base64,AAAA"
            status, _, body = server.ask("responses", ask)
            self.assertEqual(status, 200)
            last = json.loads(body.decode().strip().split("\n")[-1][6:])
            self.assertEqual(last["type"], "response.failed")
            self.assertEqual(last["response"]["error"]["code"], "invalid_image_file")


class Ends(ServeCase):
    def test_signals_end_it_cleanly(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            server = Serve()
            idle = socket.create_connection(("127.0.0.1", server.port), 20)
            began = threading.Event()

            def long_call():
                began.set()
                try:
                    server.ask("images/edits", b"{}", headers=[("Content-Type", "application/json")])
                except (OSError, http.client.HTTPException):
                    pass
            thread = threading.Thread(target=long_call)
            thread.start()
            began.wait()
            self.assertEqual(server.end(how), 0, server.error)
            thread.join()
            idle.close()
            self.assertEqual(server.error, b"")
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", server.port), 2)

    def test_a_stalled_answer_does_not_hold_it(self):
        server = Serve("--fault", "stall")
        thread = threading.Thread(target=lambda: self.assertRaises(Exception, self.edit, server))
        thread.start()
        deadline = time.time() + 20
        while server.requests() < 1 and time.time() < deadline:
            time.sleep(0.02)
        self.assertEqual(server.end(), 0)
        thread.join()

    def test_what_it_prints(self):
        process = subprocess.Popen([kit.PROGRAM, "serve", "--fault", "429"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = [process.stdout.readline().decode() for _ in range(5)]
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stdout.close()
        process.stderr.close()
        self.assertRegex(lines[0], r"http://127\.0\.0\.1:\d+/v1$")
        self.assertRegex(lines[2], r"OPENAI_API_KEY=[0-9a-f]{32}$")
        self.assertIn("429 (seed 1)", lines[3])
        self.assertIn("Ctrl+C", lines[4])

    def test_usage(self):
        for words, says in ((("--port", "70000"), "--port"), (("--fault", "explode"), ("explode", "moderation")),
                            (("--fault", "cut=-1"), "cut=-1"), (("--fault", "0:500"), '"0"'), (("--fault", "5%%:500"), "5%%"),
                            (("--fault", "wrong-size=10"), "between"), (("--fault", "quota=1"), "no value"),
                            (("--max-body", "0"), "--max-body"), (("--seed", "x"), "--seed")):
            self.fails(2, "serve", *words, says=says)
        self.fails(1, "serve", "--host", "no.such.host.invalid", says="Cannot listen")


if __name__ == "__main__":
    kit.main()
