# SPDX-License-Identifier: Apache-2.0
"""The provider's API: JSON over HTTP, a bearer key, an Idempotency-Key on whatever moves money."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from hmac import compare_digest

import msgspec

from .book import Book, Wrong, faults_in, shown, shown_refund
from .storage import Row
from .web import Answer, Handler, Request, json

Route = tuple[str, str, Handler]


class Api:
    """Routes over the book. `told` is called after whatever may have made news."""

    def __init__(self, book: Book, *, key: str, address: Callable[[], str], told: Callable[[], None]) -> None:
        self._book = book
        self._key = key
        self._address = address
        self._told = told

    def routes(self) -> tuple[Route, ...]:
        id = r"(?P<id>\w+)"
        return (
            ("GET", "/health", lambda _: json({"status": "ok"})),
            ("POST", "/v1/charges", self._once(self._open_charge)),
            ("GET", "/v1/charges", self._known(self._charges)),
            ("GET", f"/v1/charges/{id}", self._known(lambda r: json(self._shown(self._charge(r))))),
            ("POST", f"/v1/charges/{id}/capture", self._once(self._capture)),
            ("POST", f"/v1/charges/{id}/cancel", self._once(self._cancel)),
            ("POST", "/v1/refunds", self._once(self._open_refund)),
            ("GET", f"/v1/refunds/{id}", self._known(self._refund)),
            ("GET", "/v1/events", self._known(self._events)),
            ("POST", f"/v1/events/{id}/send", self._known(self._send_again)),
            ("POST", "/_faults", self._known(self._add_fault)),
            ("DELETE", "/_faults", self._known(self._no_faults)),
            ("GET", "/_inspect", self._known(self._inspect)),
        )

    def _known(self, handler: Handler) -> Handler:
        """Only for those who hold the key."""

        def handle(request: Request) -> Answer:
            given = request.headers.get("authorization", "")
            if not compare_digest(given.encode(), f"Bearer {self._key}".encode()):
                raise Wrong(401, "key_wrong")
            with self._book.storage.whole():
                answer = handler(request)
            self._told()
            return answer

        return handle

    def _once(self, handler: Handler) -> Handler:
        """The same key and body: the same answer. The same key and another body: 409."""

        def handle(request: Request) -> Answer:
            key = request.headers.get("idempotency-key", "")
            if not 1 <= len(key) <= 200:
                raise Wrong(400, "idempotency_key_missing")
            body = msgspec.json.encode(request.json(), order="deterministic")
            fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).digest()
            storage = self._book.storage
            before = storage.row("SELECT * FROM key WHERE key = ?", key)
            if before is not None:
                if before["fingerprint"] != fingerprint:
                    raise Wrong(409, "idempotency_key_reused")
                return Answer(before["status"], before["body"], headers={"idempotent-replayed": "true"})
            answer = handler(request)
            storage.insert("key", key=key, fingerprint=fingerprint, status=answer.status, body=answer.body)
            return answer

        return self._known(handle)

    def _charge(self, request: Request) -> Row:
        return self._book.charge(request.found["id"])

    def _shown(self, charge: Row) -> Row:
        return shown(charge) | {"page_url": f"{self._address()}/pay/{charge['token']}"}

    def _open_charge(self, request: Request) -> Answer:
        charge = self._shown(self._book.open_charge(request.json()))
        lost = "lost_answer" in faults_in(charge["metadata"])
        return Answer(201, msgspec.json.encode(charge), is_lost=lost)

    def _charges(self, request: Request) -> Answer:
        rows = self._book.charges(*_window(request))
        return json(
            {"charges": [self._shown(row) for row in rows], "last": rows[-1]["seq"] if rows else None}
        )

    def _capture(self, request: Request) -> Answer:
        return json(self._shown(self._book.capture(request.found["id"], request.json())))

    def _cancel(self, request: Request) -> Answer:
        return json(self._shown(self._book.cancel(request.found["id"])))

    def _open_refund(self, request: Request) -> Answer:
        refund = shown_refund(self._book.open_refund(request.json()))
        lost = "lost_answer" in faults_in(refund["metadata"])
        return Answer(201, msgspec.json.encode(refund), is_lost=lost)

    def _refund(self, request: Request) -> Answer:
        return json(shown_refund(self._book.refund(request.found["id"])))

    def _events(self, request: Request) -> Answer:
        rows = self._book.events(*_window(request))
        return json(
            {
                "events": [msgspec.Raw(row["body"].encode()) for row in rows],
                "last": rows[-1]["seq"] if rows else None,
            }
        )

    def _send_again(self, request: Request) -> Answer:
        self._book.send_again(request.found["id"])
        return json({"sent": request.found["id"]}, 202)

    def _add_fault(self, request: Request) -> Answer:
        self._book.add_fault(request.json())
        return json({"faults": self._book.storage.rows("SELECT * FROM fault WHERE times > 0")}, 201)

    def _no_faults(self, request: Request) -> Answer:
        self._book.storage.run("UPDATE fault SET times = 0")
        return json({"faults": []})

    def _inspect(self, request: Request) -> Answer:
        storage = self._book.storage
        return json(
            {
                "charges": storage.rows("SELECT status, count(*) AS n FROM charge GROUP BY status"),
                "refunds": storage.rows("SELECT status, count(*) AS n FROM refund GROUP BY status"),
                "deliveries": storage.rows(
                    "SELECT event, tries, done, answer FROM delivery ORDER BY seq DESC LIMIT 100"
                ),
                "faults": storage.rows("SELECT * FROM fault WHERE times > 0"),
            }
        )


def _window(request: Request) -> tuple[int, int]:
    try:
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
    except ValueError:
        raise Wrong(400, "window_wrong") from None
    return after, max(1, min(limit, 200))
