# SPDX-License-Identifier: Apache-2.0
"""What deals announces. Not each claim that is granted: the room is told of those by the committer itself, a
batch at a time, and their rows are what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.ids import DealId, ShowId, UserId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class DealEvent(Event):
    deal: DealId
    show: ShowId


@dataclass(frozen=True, slots=True)
class DealLaunched(DealEvent):
    name: ClassVar[str] = "deals.launched.v1"
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DealEnded(DealEvent):
    name: ClassVar[str] = "deals.ended.v1"
    why: str


@dataclass(frozen=True, slots=True)
class ClaimOffered(DealEvent):
    """A unit became free and is held for the next in line until a moment."""

    name: ClassVar[str] = "deals.claim_offered.v1"
    claim: str
    user: UserId | None
    until: datetime


@dataclass(frozen=True, slots=True)
class ClaimsExpired(DealEvent):
    """These were not paid in time. Their units go to the next in line."""

    name: ClassVar[str] = "deals.claims_expired.v1"
    claims: tuple[str, ...]
