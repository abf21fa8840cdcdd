# SPDX-License-Identifier: Apache-2.0
"""Pages: long lists are read a page at a time, from a cursor that says where the last one ended.

A cursor holds the key of the last row given: what the list is ordered by, and the row's id to part those
that are equal. So nothing is skipped or told twice while rows are added.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from silkcast.ground.refusals import Invalid

T = TypeVar("T")
_KEYS = msgspec.json.Decoder(tuple[datetime, UUID])


@dataclass(eq=False)
class BadCursor(Invalid):
    """The cursor is not one that this list gave."""

    code: ClassVar[str] = "paging.bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the cursor of the next page if there is one."""

    items: tuple[T, ...]
    next: str | None = None


def encode_cursor(moment: datetime, id: UUID) -> str:
    """Where a list that is ordered by moment and id has come to."""
    return base64.urlsafe_b64encode(msgspec.json.encode((moment, id))).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Back from `encode_cursor`."""
    try:
        return _KEYS.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise BadCursor from None
