# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.ids import NoticeId

Kind = Literal[
    "code",
    "code_text",
    "order_placed",
    "order_cancelled",
    "order_shipped",
    "order_delivered",
    "refund_made",
    "return_accepted",
    "return_declined",
    "return_asked",
    "withdrawal_received",
    "market_closed",
    "market_moved",
    "appeal_answered",
]
CODES: tuple[Kind, ...] = ("code", "code_text")
"""What is forgotten once it is sent, and not sent any more once it is old."""
NoticeState = Literal["queued", "sent", "failed", "erased"]
"""A letter that was erased before it was sent stays unsent."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: `to` is an e-mail address or a phone number in E.164."""

    to: str
    language: str
    subject: str
    body: str

    def __repr__(self) -> str:
        return "Letter(…)"


@dataclass(frozen=True, slots=True)
class Text:
    """One message to a phone: `to` is in E.164."""

    to: str
    words: str

    def __repr__(self) -> str:
        return "Text(…)"


@dataclass(frozen=True, slots=True)
class Notice:
    id: NoticeId
    kind: Kind
    language: str
    about: UUID | None
    """The order, return or user it is about."""
    state: NoticeState
    created_at: datetime
    sent_at: datetime | None
