# SPDX-License-Identifier: Apache-2.0
"""Starts a counterpart as the program it is, and listens for what it calls back."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Listener:
    """A place for callbacks on a port of its own. `refuse` makes it answer 500 so many times."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.refuse -= 1
                if outer.refuse < 0:
                    outer.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(500 if outer.refuse >= 0 else 200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def running(module: str, data: Path, *options: str, secret: str = "s3cret") -> Iterator[str]:
    """The address of a counterpart that runs while the block does."""
    command = [sys.executable, "-m", module, "--data", str(data), "--port", "0", "--secret", secret, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield json.loads(process.stdout.readline())["listening"]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
