"""A service of a few lines that speaks just enough of the Images API for tests; it shares no code with the program."""

import base64
import socket
import threading


class Service:
    """Reads whole requests and answers by `script(method, path, body, send)`; counts them."""

    def __init__(self, script):
        self.script, self.requests = script, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                data = b""
                while b"\r\n\r\n" not in data:
                    more = connection.recv(65536)
                    if not more:
                        return
                    data += more
                head, body = data.split(b"\r\n\r\n", 1)
                lines = head.decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:])
                while len(body) < int(headers.get("content-length", "0")):
                    more = connection.recv(65536)
                    if not more:
                        return
                    body += more
                method, path = lines[0].split(" ")[:2]
                self.requests.append((method, path, headers, body))
                self.script(method, path, body, connection.sendall)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(2)
                connection.recv(1)
            except OSError:
                return

    def posts(self):
        return sum(1 for request in self.requests if request[0] == "POST")


def head(kind="application/json", status="200 OK", more=""):
    return ("HTTP/1.1 %s\r\nContent-Type: %s\r\nConnection: close\r\nx-request-id: req_1\r\n%s\r\n" %
            (status, kind, more)).encode()


def event(data):
    usage = ('"usage":{"input_tokens":1050,"input_tokens_details":{"text_tokens":26,"image_tokens":1024},'
             '"output_tokens":196,"total_tokens":1246}')
    return (b'event: image_edit.completed\ndata: {"type":"image_edit.completed","b64_json":"' +
            base64.b64encode(data) + b'",' + usage.encode() + b"}\n\n")
