"""A `maskwright serve` of our own for a test: started on a free port, ended politely."""

import json
import signal
import subprocess
import urllib.error
import urllib.request

import kit


class Serve:
    """with Serve("--fault", "500") as server: server.url, server.token"""

    def __init__(self, *words):
        self.process = subprocess.Popen([kit.PROGRAM, "serve", "--json", *map(str, words)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(10)
            raise AssertionError(self.process.stderr.read())
        told = json.loads(line)
        self.url, self.token, self.told = told["url"], told["token"], told
        self.port = int(self.url.split(":")[2].split("/")[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, how=signal.SIGTERM):
        """The exit status after that signal."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(20)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self.error = self.process.stderr.read()
            self.process.stderr.close()
        return code

    def ask(self, path, body=None, method=None, headers=(), token=None, timeout=60):
        """(status, headers, body) of one request; body is bytes or an object for JSON."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers = [("Content-Type", "application/json"), *headers]
        url = self.url[:-3] + path if path.startswith("/") else f"{self.url}/{path}"
        request = urllib.request.Request(url, body, method=method)
        request.add_header("Authorization", f"Bearer {self.token if token is None else token}")
        for name, value in headers:
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def requests(self):
        """How many requests for pictures came in."""
        return json.loads(self.ask("/rehearsal")[2])["requests"]


def form(fields, files):
    """(body, content type): fields as pairs, files as (name, file name, bytes)."""
    edge = "----maskwright-test-edge"
    parts = []
    for name, value in fields:
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, file_name, data in files:
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
                     f'Content-Type: image/png\r\n\r\n'.encode() + data + b"\r\n")
    parts.append(f"--{edge}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={edge}"
