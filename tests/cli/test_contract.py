"""Our client and our server through Prism, a judge of the service's published contract.

A matrix of parameters goes through a validating proxy to a stub. Prism garbles the bytes of forms it passes on and knows
no event streams, so serve is judged by JSON bodies, whose answers are validated too. Skips without npm, network, the
package or the contract.
"""

import base64
import http.server
import json
import os
import re
import subprocess
import threading
import urllib.error
import urllib.request

import kit
from npm_kit import installed, skip
from serve_kit import Serve

PACKAGE = "@stoplight/prism-cli@5.16.0"
CONTRACT = os.path.join(kit.SOURCE, "..", "shared", "contract", "openai-images.openapi.json")
USAGE = {"input_tokens": 10, "output_tokens": 20, "total_tokens": 30,
         "input_tokens_details": {"text_tokens": 4, "image_tokens": 6}}


class Stub(http.server.BaseHTTPRequestHandler):
    """Answers any request with one small picture for each asked for."""
    protocol_version = "HTTP/1.1"
    picture = b""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        found = re.search(rb'name="n"\r\n\r\n(\d+)|"n":(\d+)', body)
        count = int(found[1] or found[2]) if found else 1
        picture = base64.b64encode(self.picture).decode()
        answer = json.dumps({"created": 1, "size": "1024x1024", "output_format": "png", "usage": USAGE,
                             "data": [{"b64_json": picture}] * count}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Prism:
    def __init__(self, packages, upstream):
        program = os.path.join(packages, "node_modules", "@stoplight", "prism-cli", "dist", "index.js")
        self.process = subprocess.Popen(["node", program, "proxy", CONTRACT, upstream, "--errors", "--port", "0",
                                         "--host", "127.0.0.1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env={**os.environ, "NO_COLOR": "1"})
        self.said = []
        for line in self.process.stdout:
            self.said.append(line.decode("utf-8", "replace"))
            found = re.search(r"listening on (http://127\.0\.0\.1:\d+)", self.said[-1])
            if found:
                self.url = found[1]
                break
        else:
            raise AssertionError("".join(self.said))
        self.reader = threading.Thread(target=self.process.stdout.read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.reader.join()
        self.process.stdout.close()


class Contract(kit.Case):
    def ask(self, prism, path, body, token="x"):
        """(status, document) of one JSON request through the judge."""
        request = urllib.request.Request(prism.url + path, json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", "Bearer " + token)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def test_the_judge_judges(self):
        with Serve() as server, Prism(PACKAGES, server.url) as prism:
            for body in ({"prompt": "x", "n": 99}, {"model": "gpt-image-2"}, {"prompt": "x", "quality": "superb"}):
                self.assertEqual(self.ask(prism, "/images/generations", body)[0], 422, body)

    def test_our_client_keeps_the_contract(self):
        self.picture("small.png", width=8, height=8)
        with open(self.path("small.png"), "rb") as file:
            Stub.picture = file.read()
        stub = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
        threading.Thread(target=stub.serve_forever, daemon=True).start()
        try:
            with Prism(PACKAGES, "http://127.0.0.1:%d" % stub.server_port) as prism:
                env = {**os.environ, "MASKWRIGHT_CONTRACT_URL": prism.url, "MASKWRIGHT_API_KEY": "x"}
                done = subprocess.run([os.environ["MASKWRIGHT_CONTRACT_TEST"]], env=env, capture_output=True,
                                      timeout=250, check=False)
            said = done.stdout.decode("utf-8", "replace")
            self.assertEqual(done.returncode, 0, said)
            found = re.search(r"(\d+) combinations, 0 violations", said)
            self.assertTrue(found, said)
            print(found[0])
            self.assertGreaterEqual(int(found[1]), 200)
        finally:
            stub.shutdown()
            stub.server_close()

    def test_our_server_keeps_the_contract(self):
        self.picture("in.png", width=64, height=48)
        kit.png.write(self.path("mask.png"), kit.png.make(
            64, 48, 4, 8, lambda x, y, c: (0 if 20 <= x < 40 and 16 <= y < 32 else 255) if c == 3 else 0))

        def url(name):
            with open(self.path(name), "rb") as file:
                return {"image_url": "data:image/png;base64," + base64.b64encode(file.read()).decode()}
        common = [{"quality": "low"}, {"output_format": "jpeg", "output_compression": 60}, {"n": 2, "output_format": "jpeg"},
                  {"background": "opaque", "output_format": "webp", "moderation": "low"}]
        with Serve() as server, Prism(PACKAGES, server.url) as prism:
            for more in common:
                body = {"model": "gpt-image-2", "prompt": "a red door", "size": "1536x1024", **more}
                for path, extra in (("/images/generations", {}),
                                    ("/images/edits", {"images": [url("in.png")], "mask": url("mask.png")})):
                    status, answer = self.ask(prism, path, {**body, **extra}, server.token)
                    self.assertEqual(status, 200, (path, more, answer))
                    self.assertEqual(len(answer["data"]), more.get("n", 1))


if __name__ == "__main__":
    if not os.path.exists(CONTRACT):
        skip("the contract is not there")
    PACKAGES = installed(PACKAGE, "prism")
    kit.main()
