# SPDX-License-Identifier: Apache-2.0
"""A gateway of texts as a program of its own: speaks the Messages API as Twilio documents it, keeps what it
was sent in a file, and is wrong where the number's last figures say so."""

from __future__ import annotations

import base64
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

ACCOUNT, TOKEN = "AC0123456789", "of the tests alone"
WRONG = {
    "0001": (400, {"code": 21211, "message": "Invalid 'To' Phone Number: {to}", "status": 400}),
    "0002": (429, {"code": 20429, "message": "Too Many Requests", "status": 429}),
    "0003": (503, None),
    "0004": (201, None),
}


class Gateway(BaseHTTPRequestHandler):
    kept: Path

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        said = {name: values[0] for name, values in parse_qs(body).items()}
        wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("authorization") != wanted:
            return self.answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return self.answer(404, {"code": 20404, "status": 404})
        with self.kept.open("a") as out:
            out.write(json.dumps({"kind": self.headers["content-type"], **said}) + "\n")
        last = said["To"][-4:]
        if last == "0005":
            time.sleep(5)
        if last in WRONG:
            status, told = WRONG[last]
            words = json.dumps(told).replace("{to}", said["To"]) if told else "<html>away</html>"
            return self.answer(status, words)
        return self.answer(201, {"sid": "SM1", "status": "queued", "to": said["To"], "body": said["Body"]})

    def answer(self, status: int, told: object) -> None:
        body = (told if isinstance(told, str) else json.dumps(told)).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *words: object) -> None:
        """Quiet: its output is the port."""


if __name__ == "__main__":
    Gateway.kept = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    print(server.server_address[1], flush=True)
    server.serve_forever()
