# SPDX-License-Identifier: Apache-2.0
"""The sender of news: signed webhooks, tried again with growing pauses until they are taken."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import Sequence

import httpx

from .book import Book

HEADER = "sandbox-signature"
PAUSES = (1, 2, 5, 10, 30, 60, 120, 300)
"""Seconds until the next try. After the last one the news is given up."""


def signature(body: bytes, at: int, secrets: Sequence[str]) -> str:
    """`t=…,v1=…` with one `v1` for each secret: while secrets are turned, both sign."""
    signed = str(at).encode() + b"." + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])


class Sender:
    """Runs beside the server until it is cancelled."""

    def __init__(self, book: Book, url: str, secrets: Sequence[str], *, pace: float = 1.0) -> None:
        self._book = book
        self._url = url
        self._secrets = secrets
        self._pace = pace
        self._awake = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                self._awake.clear()
                self._book.settle_due()
                for delivery in self._due():
                    await self._send(client, delivery["seq"], delivery["body"].encode())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), 0.25 * min(self._pace, 1) + 0.01)

    def _due(self) -> list[dict[str, str]]:
        if not self._url:
            return []
        return self._book.storage.rows(
            "SELECT d.seq, e.body FROM delivery d JOIN event e ON e.id = d.event"
            " WHERE NOT d.done AND d.due <= ? ORDER BY d.due, d.seq LIMIT 50",
            self._book.now(),
        )

    async def _send(self, client: httpx.AsyncClient, seq: int | str, body: bytes) -> None:
        headers = {
            "content-type": "application/json",
            HEADER: signature(body, int(self._book.now()), self._secrets),
        }
        try:
            response = await client.post(self._url, content=body, headers=headers)
            taken, answer = response.is_success, str(response.status_code)
        except httpx.HTTPError as fault:
            taken, answer = False, type(fault).__name__
        storage = self._book.storage
        delivery = storage.row("SELECT * FROM delivery WHERE seq = ?", seq)
        assert delivery is not None, "deliveries are never removed"
        tries = delivery["tries"] + 1
        given_up = tries > len(PAUSES)
        pause = 0 if taken or given_up else PAUSES[tries - 1] * self._pace
        storage.update(
            "delivery",
            delivery["seq"],
            tries=tries,
            answer=answer,
            done=int(taken or given_up),
            due=self._book.now() + pause,
        )
