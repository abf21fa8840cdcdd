# SPDX-License-Identifier: Apache-2.0
"""A viewer: the room's snapshot, then its numbered events, as a page keeps them; comes back when cut off."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.request
from typing import Any
from uuid import UUID


class Viewer:
    """Keeps the deal of a show as its events tell it, in a thread of its own, until the block ends."""

    def __init__(self, port: int, show: UUID) -> None:
        self._port, self._show = port, show
        self.deal: dict[str, Any] | None = None
        self.events = 0
        self.snapshots = 0
        self._seq = ""
        self._hears = threading.Event()
        self._is_over = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Viewer:
        self._thread.start()
        assert self._hears.wait(20), "the room lets viewers in"
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._thread.join(20)

    def fresh(self) -> dict[str, Any]:
        """What the room says now to somebody who has just come."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self._port}/live/{self._show}/state", timeout=10
        ) as told:
            return dict(json.load(told))

    def agrees(self, seconds: float = 10) -> bool:
        """Whether the picture becomes what the room says, once all events are through."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.deal is not None and seen(self.deal) == seen(self.fresh()["deal"]):
                return True
            time.sleep(0.1)
        return False

    def _watch(self) -> None:
        while not self._is_over:
            try:
                self._look()
                self._listen()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.2)

    def _look(self) -> None:
        told = self.fresh()
        self.deal, self._seq = told["deal"], told["seq"]
        self.snapshots += 1

    def _listen(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=1)
        try:
            line.request("GET", f"/live/{self._show}/events?after={self._seq}")
            with line.getresponse() as answer:
                self._hears.set()
                kind = ""
                while not self._is_over:
                    try:
                        octets = answer.readline()
                    except TimeoutError:
                        return  # nothing for a second: come back with the last number, as after a bad line
                    if not octets:
                        return
                    name, _, value = octets.decode().rstrip("\n").partition(": ")
                    if name == "event":
                        kind = value
                    elif name == "data":
                        self._apply(kind, json.loads(value))
        finally:
            line.close()

    def _apply(self, kind: str, body: dict[str, Any]) -> None:
        self.events += 1
        if kind == "snapshot":
            self._look()
        elif kind == "deal":
            self.deal = body
        elif kind == "left" and self.deal is not None and self.deal["deal"] == body["deal"]:
            for lane in self.deal["lanes"]:
                if lane["variant"] == body["variant"]:
                    lane["left"] = body["left"]


def seen(deal: dict[str, Any] | None) -> Any:
    """What a page shows of a deal. How many wait is told with the deal only, not with each claim."""
    if deal is None:
        return None
    lanes = [(lane["variant"], lane["units"], lane["left"]) for lane in deal["lanes"]]
    return deal["deal"], deal["starts_at"], deal["ends_at"], deal["why"], lanes
