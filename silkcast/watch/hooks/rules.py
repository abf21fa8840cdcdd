# SPDX-License-Identifier: Apache-2.0
"""Which address may be told, how news are signed, and how long to wait after which failure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from .errors import BadUrl, UnknownKind
from .values import KINDS

MOST_HOOKS = 20
LONGEST_URL = 500
OLD_SECRET_LASTS = timedelta(hours=24)
GIVES_UP_AFTER = timedelta(days=3)
LOW_STOCK = 5

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 86_400)
)
"""How long to wait after the first failure, the second, and so on: about three days in all."""


def check_url(url: str) -> str:
    """An address of a program in the open."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadUrl() from None
    fits = (
        len(text) <= LONGEST_URL
        and text.isascii()
        and text.isprintable()
        and " " not in text
        and parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and parts.username is None
        and parts.password is None
        and not parts.fragment
        and port != 0
    )
    if not fits:
        raise BadUrl()
    return text


def check_kinds(kinds: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(kinds)
    for kind in sorted(wanted - KINDS):
        raise UnknownKind(kind)
    if not wanted:
        raise UnknownKind("")
    return wanted


def signature(body: bytes, secrets: Sequence[str], at: datetime) -> str:
    """`t=…,v1=…` with one v1 for each secret that holds: the receiver checks against its own."""
    moment = int(at.timestamp())
    said = f"{moment}.".encode() + body
    marks = (hmac.new(secret.encode(), said, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={moment}", *(f"v1={mark}" for mark in marks)])


def pause(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; none: it is given up."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def is_taken(status: int) -> bool:
    """Whether an answer says that the news were taken."""
    return 200 <= status < 300
