# SPDX-License-Identifier: Apache-2.0
"""What is known of a lane beside the history, and what the checker may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bench.checker.history import Asked

Kind = Literal["topped_up", "withdrawn", "freed", "left"]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a lane beside claims.

    `topped_up` and `withdrawn` move `units` into and out of the lane. `freed` gives back what claim `number`
    held (it expired, or was cancelled), and no longer counts against its buyer's limit. `left` takes claim
    `number` out of the line. Where there is a line, freed units go to its head, as far as they suffice.
    """

    kind: Kind
    units: int = 0
    number: int | None = None
    after: int | None = None
    """Its place, if known: after this number and before the next. Several there: in the order given."""
    since: int = 0
    until: int | None = None
    """When it happened, by the clock of the history, if its place is not known."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One thing in one deal: what was agreed, and what the house kept of it, where that was asked."""

    units: int
    limit: int | None = None
    """Granted units a buyer may hold."""
    waitlist: bool = False
    line_most: int | None = None
    """So many may wait; who comes later is told `sold_out`."""
    line_first: bool = False
    """Nobody is granted anything while somebody waits."""
    events: tuple[Event, ...] = ()
    opens: int | None = None
    closes: int | None = None
    """By the clock of the history. Without them the lane was open all the time."""
    ends_when_sold_out: bool = False
    numbers_given: int | None = None
    """The last number the house says it gave."""
    record: Mapping[tuple[str, str], Mapping[str, Any]] | None = None
    """{(buyer, key): outcome, number, claim} as the house's database has them, asked after all was over."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Why no serial order explains the history."""

    sentence: str
    requests: tuple[Asked, ...] = ()

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  {one}" for one in self.requests)])


class Undecided(Exception):
    """Too many orders to try: give events their place, or let fewer answers be lost."""
