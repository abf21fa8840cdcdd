# SPDX-License-Identifier: Apache-2.0
"""Refusing: the HTTP status and the problem document of each kind of refusal."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from silkcast.ground.money import Money
from silkcast.ground.refusals import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotKnown,
    Refusal,
    TooMany,
    Unavailable,
)


class BadRequest(Invalid):
    """The request itself cannot be read: a field is missing or not of its kind."""

    code = "request.bad"


STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (Invalid, 422),
    (NotKnown, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooMany, 429),
    (Unavailable, 503),
    (Refusal, 400),
)


def status_of(refusal: Refusal) -> int:
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def plain(value: object) -> Any:
    """A refusal's field as JSON: money as text and currency, ids and dates as text."""
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, UUID | Decimal | date | datetime):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item) for name, item in asdict(value).items()}
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


def problem(refusal: Refusal, *, title: str, request_id: str = "") -> dict[str, Any]:
    """RFC 9457 problem details: `code` is stable, `title` is for people, the fields are typed facts."""
    body: dict[str, Any] = {
        "type": f"/docs/refusals#{refusal.code}",
        "title": title,
        "status": status_of(refusal),
        "code": refusal.code,
    }
    facts = {name: plain(value) for name, value in refusal.facts().items()}
    if facts:
        body["facts"] = facts
    if request_id:
        body["instance"] = f"urn:request:{request_id}"
    return body


RETRY_SECONDS = 5
"""When to come back to what is away for a moment."""


def headers_of(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, TooMany):
        return {"retry-after": str(refusal.retry_seconds)}
    if isinstance(refusal, Unavailable):
        return {"retry-after": str(RETRY_SECONDS)}
    if isinstance(refusal, NotKnown):
        return {"www-authenticate": 'Bearer realm="silkcast"'}
    return {}
