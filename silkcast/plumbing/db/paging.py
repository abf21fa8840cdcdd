# SPDX-License-Identifier: Apache-2.0
"""Paging: a page of a list and the mark to go on after it. Marks are opaque text that holds the sort key."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from silkcast.ground.refusals import Invalid

T = TypeVar("T")
S = TypeVar("S")
MOST = 200
"""The longest page there is, whatever is asked for."""


@dataclass(eq=False)
class BadCursor(Invalid):
    """Not a mark that a page of this list ended with."""

    code: ClassVar[str] = "paging.bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the mark to ask for what follows; None at the end."""

    items: tuple[T, ...]
    next: str | None = None


def cursor(*key: Any) -> str:
    """The mark of a row, from what the list is sorted by."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def read_cursor(mark: str, *types: Any) -> tuple[Any, ...]:
    """The sort key in a mark, as values of these types."""
    try:
        octets = base64.b64decode(mark + "=" * (-len(mark) % 4), altchars=b"-_", validate=True)
        raw = msgspec.json.decode(octets, type=list[Any])
        if len(raw) != len(types):
            raise BadCursor
        return tuple(msgspec.convert(value, kind) for value, kind in zip(raw, types, strict=True))
    except (ValueError, msgspec.ValidationError):
        raise BadCursor from None


def length(limit: int) -> int:
    """How many rows to put on a page when `limit` were asked for."""
    return max(1, min(limit, MOST))


def page(
    rows: Sequence[S], limit: int, *, key: Callable[[S], tuple[Any, ...]], value: Callable[[S], T]
) -> Page[T]:
    """A page of `rows`, of which one more than `length(limit)` was fetched to see if there is more."""
    shown = rows[: length(limit)]
    more = cursor(*key(shown[-1])) if len(rows) > len(shown) else None
    return Page(tuple(value(row) for row in shown), more)
