# SPDX-License-Identifier: Apache-2.0
"""Wanted: the jobs of the flows, by name and payload. What they do is in the flow of the same word."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from silkcast.ground.ids import (
    ClosureId,
    DeclarationId,
    FileId,
    NoticeId,
    OrderId,
    PaymentId,
    RefundId,
    ReturnId,
    ShowId,
)

REFUND = "flows.refund"
LOOK = "flows.look_at_payment"
DISPATCH = "flows.dispatch"
DECLARE = "flows.declare"
BOOK_RETURN = "flows.book_return"
POST = "flows.post_letter"
CALL_OFF = "flows.call_off"
KEEP_REPLAY = "flows.keep_replay"
CLEAR_MARKET = "flows.clear_market"
TELL_FOLLOWERS = "flows.tell_followers"
REMOVE_LABELS = "flows.remove_labels"


@dataclass(frozen=True, slots=True)
class RefundWanted:
    refund: RefundId


@dataclass(frozen=True, slots=True)
class LookWanted:
    payment: PaymentId


@dataclass(frozen=True, slots=True)
class DispatchWanted:
    order: OrderId


@dataclass(frozen=True, slots=True)
class DeclareWanted:
    declaration: DeclarationId


@dataclass(frozen=True, slots=True)
class BookReturnWanted:
    returning: ReturnId


@dataclass(frozen=True, slots=True)
class LetterWanted:
    notice: NoticeId


@dataclass(frozen=True, slots=True)
class CallOffWanted:
    order: OrderId


@dataclass(frozen=True, slots=True)
class ReplayWanted:
    show: ShowId


@dataclass(frozen=True, slots=True)
class LabelsUnwanted:
    labels: tuple[FileId, ...]


@dataclass(frozen=True, slots=True)
class ClearingWanted:
    closure: ClosureId
    after: OrderId | None
    """The last order of the part before."""


@dataclass(frozen=True, slots=True)
class FollowersWanted:
    closure: ClosureId
    after: UUID | None
