# SPDX-License-Identifier: Apache-2.0
"""Pages: long lists are read a page at a time, from a cursor that says where the last one ended.

A cursor holds the key of the last row given: what the list is ordered by, and the row's id to part those
that are equal. So nothing is skipped or told twice while rows are added.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from silkcast.ground.refusals import Invalid

T = TypeVar("T")
S = TypeVar("S")
MOST = 200
"""The longest page there is, whatever is asked for."""


@dataclass(eq=False)
class BadCursor(Invalid):
    """The cursor is not one that this list gave."""

    code: ClassVar[str] = "paging.bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the cursor of the next page if there is one."""

    items: tuple[T, ...]
    next: str | None = None


def cursor(*key: Any) -> str:
    """Where a list has come to, from what it is ordered by."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def read_cursor(mark: str, *types: Any) -> tuple[Any, ...]:
    """Back from `cursor`, as values of these types."""
    try:
        octets = base64.b64decode(mark + "=" * (-len(mark) % 4), altchars=b"-_", validate=True)
        raw = msgspec.json.decode(octets, type=list[Any])
        if len(raw) != len(types):
            raise BadCursor
        return tuple(msgspec.convert(value, kind) for value, kind in zip(raw, types, strict=True))
    except (ValueError, msgspec.ValidationError):
        raise BadCursor from None


def encode_cursor(moment: datetime, id: UUID) -> str:
    """Where a list that is ordered by moment and id has come to."""
    return cursor(moment, id)


def decode_cursor(mark: str) -> tuple[datetime, UUID]:
    """Back from `encode_cursor`."""
    moment, id = read_cursor(mark, datetime, UUID)
    return moment, id


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
