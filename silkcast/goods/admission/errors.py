# SPDX-License-Identifier: Apache-2.0
"""What admission says no to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class BadBarred(Invalid):
    """A file of barred goods or of words that is refused whole: which, where, and why."""

    code: ClassVar[str] = "admission.bad_file"
    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


@dataclass(eq=False)
class NothingToAppeal(Conflict):
    """The product may be sold there as it is."""

    code: ClassVar[str] = "admission.nothing_to_appeal"
    market: str


@dataclass(eq=False)
class AppealOpen(Conflict):
    """One appeal at a time for a product in a market."""

    code: ClassVar[str] = "admission.appeal_open"
    market: str


@dataclass(eq=False)
class NoSuchAppeal(NotFound):
    code: ClassVar[str] = "admission.no_such_appeal"


@dataclass(eq=False)
class AppealDecided(Conflict):
    code: ClassVar[str] = "admission.appeal_decided"
    state: str


@dataclass(eq=False)
class AppealOutdated(Conflict):
    """The product was changed since: what was asked for is no longer what would be admitted."""

    code: ClassVar[str] = "admission.appeal_outdated"


@dataclass(eq=False)
class BadAppeal(Invalid):
    """`field`: words, until, market."""

    code: ClassVar[str] = "admission.bad_appeal"
    field: str


@dataclass(eq=False)
class BadUntil(Invalid):
    """A ruling ends on a day to come, three years away at most."""

    code: ClassVar[str] = "admission.bad_until"
    most: date
