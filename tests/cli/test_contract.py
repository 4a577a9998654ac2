"""Our client and our server through Prism, a judge of the service's published contract.

A matrix of parameters goes through a validating proxy to a stub; every fifteenth also to serve, whose answers are
then judged as well. Skips without npm, network, the package or the contract.
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
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


class Contract(kit.Case):
    def judge(self, upstream, every=1, token="x"):
        with Prism(PACKAGES, upstream) as prism:
            env = {**os.environ, "MASKWRIGHT_CONTRACT_URL": prism.url, "MASKWRIGHT_CONTRACT_EVERY": str(every),
                   "MASKWRIGHT_API_KEY": token}
            done = subprocess.run([os.environ["MASKWRIGHT_CONTRACT_TEST"]], env=env, capture_output=True, timeout=280,
                                  check=False)
            said = done.stdout.decode("utf-8", "replace")
            self.assertEqual(done.returncode, 0, said + "".join(prism.said))
            found = re.search(r"(\d+) combinations, 0 violations", said)
            self.assertTrue(found, said)
            print(found[0], "at", "serve" if every > 1 else "a stub")
            return int(found[1])

    def test_the_judge_judges(self):
        with Serve() as server, Prism(PACKAGES, server.url) as prism:
            for body in ({"prompt": "x", "n": 99}, {"model": "gpt-image-2"}):
                request = urllib.request.Request(prism.url + "/images/generations", json.dumps(body).encode())
                request.add_header("Content-Type", "application/json")
                with self.assertRaises(urllib.error.HTTPError) as caught:
                    urllib.request.urlopen(request, timeout=20)
                self.assertEqual(caught.exception.code, 422)
                caught.exception.close()

    def test_our_client_keeps_the_contract(self):
        made = self.picture("small.png", width=8, height=8)
        del made
        with open(self.path("small.png"), "rb") as file:
            Stub.picture = file.read()
        stub = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
        threading.Thread(target=stub.serve_forever, daemon=True).start()
        try:
            self.assertGreaterEqual(self.judge("http://127.0.0.1:%d" % stub.server_port), 200)
        finally:
            stub.shutdown()
            stub.server_close()

    def test_our_server_keeps_the_contract(self):
        with Serve() as server:
            self.assertGreaterEqual(self.judge(server.url, 29, server.token), 10)


if __name__ == "__main__":
    if not os.path.exists(CONTRACT):
        skip("the contract is not there")
    PACKAGES = installed(PACKAGE, "prism")
    kit.main()
