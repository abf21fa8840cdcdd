# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotAllowed, NotFound


@dataclass(eq=False)
class NoSuchShow(NotFound):
    code: ClassVar[str] = "rooms.no_such_show"


@dataclass(eq=False)
class KeyRefused(NotAllowed):
    """The stream key opens nothing; no hint why."""

    code: ClassVar[str] = "rooms.key_refused"


@dataclass(eq=False)
class BadTitle(Invalid):
    code: ClassVar[str] = "rooms.bad_title"
    language: str


@dataclass(eq=False)
class RunTooLong(Invalid):
    code: ClassVar[str] = "rooms.run_too_long"
    most: int


@dataclass(eq=False)
class StartsInThePast(Invalid):
    code: ClassVar[str] = "rooms.starts_in_the_past"


@dataclass(eq=False)
class WrongState(Conflict):
    code: ClassVar[str] = "rooms.wrong_state"
    state: str


@dataclass(eq=False)
class AnotherIsLive(Conflict):
    """A seller has one show on air at a time."""

    code: ClassVar[str] = "rooms.another_is_live"


@dataclass(eq=False)
class NotInRun(Conflict):
    code: ClassVar[str] = "rooms.not_in_run"
