# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotAllowed, NotFound, NotKnown, TooMany


@dataclass(eq=False)
class NothingSaid(Invalid):
    code: ClassVar[str] = "chat.nothing_said"


@dataclass(eq=False)
class TooLong(Invalid):
    code: ClassVar[str] = "chat.too_long"
    most: int


@dataclass(eq=False)
class TooFast(TooMany):
    code: ClassVar[str] = "chat.too_fast"


@dataclass(eq=False)
class SlowMode(TooMany):
    """The room takes one line a person in `every` seconds."""

    code: ClassVar[str] = "chat.slow_mode"
    every: int


@dataclass(eq=False)
class RoomBusy(TooMany):
    """More was said at once than anybody could read, and this line was not among those that were shown."""

    code: ClassVar[str] = "chat.room_busy"


@dataclass(eq=False)
class SaidAlready(Conflict):
    """The same person said the same thing a moment ago."""

    code: ClassVar[str] = "chat.said_already"


@dataclass(eq=False)
class Banned(NotAllowed):
    """Not in this chat; without `until` to the end of the show, or for good in the shop."""

    code: ClassVar[str] = "chat.banned"
    until: datetime | None


@dataclass(eq=False)
class Closed(NotAllowed):
    """Nobody but the host and those who keep order speaks now."""

    code: ClassVar[str] = "chat.closed"


@dataclass(eq=False)
class KnownOnly(NotKnown):
    """Only who is logged in may speak here."""

    code: ClassVar[str] = "chat.known_only"


@dataclass(eq=False)
class NoSuchLine(NotFound):
    code: ClassVar[str] = "chat.no_such_line"


@dataclass(eq=False)
class NoSuchBan(NotFound):
    code: ClassVar[str] = "chat.no_such_ban"


@dataclass(eq=False)
class NoSuchModerator(NotFound):
    """No such moderator, or no such right of theirs: the two cannot be told apart."""

    code: ClassVar[str] = "chat.no_such_moderator"


@dataclass(eq=False)
class NotAViewer(Conflict):
    """The host and those who keep order cannot be banned."""

    code: ClassVar[str] = "chat.not_a_viewer"


@dataclass(eq=False)
class BadSpeaking(Invalid):
    """What a room allows: `field` cannot be so."""

    code: ClassVar[str] = "chat.bad_speaking"
    field: str


@dataclass(eq=False)
class BadWord(Invalid):
    """A word for the list has 2 to 40 characters, at least one of them a letter."""

    code: ClassVar[str] = "chat.bad_word"


@dataclass(eq=False)
class TooManyWords(Invalid):
    code: ClassVar[str] = "chat.too_many_words"
    most: int


@dataclass(eq=False)
class NoRights(Invalid):
    """A moderator has a name and at least one right, and only known ones."""

    code: ClassVar[str] = "chat.no_rights"
