# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from .errors import BadClosure
from .values import OpenOrders

LONGEST_REASON = 300
LONGEST_LINK = 500
FURTHEST = timedelta(days=5 * 366)


def reason(text: str) -> str:
    """Some words on one line: buyers read them."""
    kept = " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
    if not kept or len(kept) > LONGEST_REASON:
        raise BadClosure("reason")
    return kept


def link(text: str) -> str:
    """An address of the web, or a path of this house; nothing else may be pressed."""
    given = text.strip()
    if not given:
        return ""
    if len(given) > LONGEST_LINK or any(sign.isspace() or not sign.isprintable() for sign in given):
        raise BadClosure("link")
    if given.startswith("/") and not given.startswith("//") and "\\" not in given:
        return given
    try:
        parts = urlsplit(given)
    except ValueError:
        raise BadClosure("link") from None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise BadClosure("link")
    return given


def check(now: datetime, begins: datetime, ends: datetime | None, open_orders: OpenOrders) -> None:
    """Not in the past, and not over before it begins."""
    if open_orders not in ("finish", "refund"):
        raise BadClosure("open_orders")
    if begins < now or begins > now + FURTHEST:
        raise BadClosure("begins_at")
    if ends is not None and not begins < ends <= now + FURTHEST:
        raise BadClosure("ends_at")
