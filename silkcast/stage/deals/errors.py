# SPDX-License-Identifier: Apache-2.0
"""What deals refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound, TooMany


@dataclass(eq=False)
class NoSuchDeal(NotFound):
    code: ClassVar[str] = "deals.no_such_deal"


@dataclass(eq=False)
class NoSuchClaim(NotFound):
    """There is none, or it is somebody else's."""

    code: ClassVar[str] = "deals.no_such_claim"


@dataclass(eq=False)
class BadDeal(Invalid):
    """`field` says what cannot be so."""

    code: ClassVar[str] = "deals.bad"
    field: str


@dataclass(eq=False)
class AnotherDealRuns(Conflict):
    """One deal at a time in a room."""

    code: ClassVar[str] = "deals.another_runs"


@dataclass(eq=False)
class DealClosed(Conflict):
    """The deal is not in a state in which this can be done."""

    code: ClassVar[str] = "deals.closed"
    state: str


@dataclass(eq=False)
class ClaimOver(Conflict):
    """The claim's time is up, or it was given back: its unit went to the next in line."""

    code: ClassVar[str] = "deals.claim_over"


@dataclass(eq=False)
class OverLimit(Conflict):
    """One person has as many units of this deal as it allows, under whatever name."""

    code: ClassVar[str] = "deals.over_limit"
    limit: int


@dataclass(eq=False)
class Busy(TooMany):
    """The queue is full: nothing was kept, the buyer is number `place` and may ask again."""

    code: ClassVar[str] = "deals.busy"
    place: int
