# SPDX-License-Identifier: Apache-2.0
"""A plain load generator, a process of its own: connections kept open, one request after the other on each.

It reads answers only as far as their length, so that it costs a small part of what any server costs. It tells
what it cost itself, so that one can see that it was not what held the server back.

`python -m bench.load ADDRESS CONNECTIONS SECONDS [HEADER …]` prints one line of JSON.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ROOM = 1 << 18


@dataclass(slots=True)
class Asking:
    """One connection, and how much of the answer is still to come; below 0 its head is not read yet."""

    link: socket.socket
    head: bytes = b""
    rest: int = -1

    def is_answered(self, came: memoryview) -> bool:
        """Take what came; True when the answer is whole."""
        if self.rest < 0:
            self.head += came
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.rest = length_of(self.head[:end]) - (len(self.head) - end - 4)
        else:
            self.rest -= len(came)
        if self.rest > 0:
            return False
        assert self.rest == 0, "more than one answer came"
        self.head, self.rest = b"", -1
        return True


def length_of(head: bytes) -> int:
    found = _LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or found is None:
        raise RuntimeError(head.decode("latin-1"))
    return int(found[1])


def load(address: str, connections: int, seconds: float, headers: list[str]) -> dict[str, float]:
    """Ask for `seconds` and count whole answers."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    lines = [f"GET {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", *headers, "", ""]
    request = "\r\n".join(lines).encode("latin-1")
    room = memoryview(bytearray(_ROOM))
    count = 0
    with selectors.DefaultSelector() as ready:
        for _ in range(connections):
            link = socket.create_connection((parts.hostname, parts.port or 80))
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(link, selectors.EVENT_READ, Asking(link))
            link.sendall(request)
        began, spent = time.monotonic(), time.process_time()
        end = began + seconds
        while time.monotonic() < end:
            for key, _ in ready.select(1):
                one: Asking = key.data
                came = one.link.recv_into(room)
                if not came:
                    raise ConnectionError("the server hung up")
                if one.is_answered(room[:came]):
                    count += 1
                    one.link.sendall(request)
        took, own = time.monotonic() - began, time.process_time() - spent
        for known in list(ready.get_map().values()):
            known.data.link.close()
    return {"answers": count, "seconds": took, "own_cpu": own}


if __name__ == "__main__":
    print(json.dumps(load(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:])))
