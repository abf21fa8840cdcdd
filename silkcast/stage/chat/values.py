# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from silkcast.ground.ids import BanId, LineId, ModeratorId, SellerId, ShowId, UserId

AuthorKind = Literal["viewer", "moderator", "host", "system"]
LineState = Literal["shown", "held", "hidden", "folded"]
HeldFor = Literal["link", "phone", "email", "word"]
Speakers = Literal["everyone", "known", "nobody"]
Right = Literal["hide", "ban", "pin", "slow"]
BanLength = Literal["short", "show", "shop"]
"""Ten minutes in this show, all of this show, or every show of the shop."""

RIGHTS: tuple[Right, ...] = ("hide", "ban", "pin", "slow")


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks: `key` is stable for one person in one browser, and is never shown."""

    kind: AuthorKind
    key: str
    name: str
    user: UserId | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody wants to say, in the language of their page, from their market."""

    author: Author
    text: str
    language: str
    market: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    id: LineId
    show: ShowId
    kind: AuthorKind
    name: str
    text: str
    language: str
    state: LineState
    held_for: HeldFor | None
    at: datetime
    number: int = 0
    """Its place among the room's lines: they are read in this order everywhere."""
    voices: int = 1
    """How many people said it: more than one where the same text was folded into it."""
    into: LineId | None = None
    """Of a folded line: the line that counts it."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """What a room allows. `slow_seconds`: one line a person in so many seconds, none for no slow mode."""

    slow_seconds: int = 0
    has_links: bool = False
    who: Speakers = "everyone"


@dataclass(frozen=True, slots=True)
class Ban:
    """Somebody may not speak. Without `show` in all shows of the shop; without `until` to the end of it."""

    id: BanId
    seller: SellerId
    show: ShowId | None
    name: str
    until: datetime | None
    reason: str
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who keeps order for a shop, or in one of its shows. Without `user` the invitation is still open."""

    id: ModeratorId
    seller: SellerId
    show: ShowId | None
    user: UserId | None
    name: str
    rights: frozenset[Right]
    named_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A moderator just named: the only time the secret of their link is seen."""

    moderator: Moderator
    secret: str

    def __repr__(self) -> str:
        return f"Invitation({self.moderator.id}, …)"
