# SPDX-License-Identifier: Apache-2.0
"""What the page "Orders from a chat" shows: studio/chat_orders.html."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from silkcast.stage.deals.comments.forwarded import Said
from silkcast.stage.rooms.values import Show

from .deal_views import DealNumbers


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order that was found in the chat."""

    key: str
    said: Said
    units: int
    variants: Sequence[tuple[str, str]]
    """(id, words): one, or those among which the host has to choose."""
    is_on: bool
    doubt: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class PassedRow:
    """A message that is no order, and why."""

    said: Said
    why: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What an order that was entered was told, and how it stands."""

    said: Said
    what: str
    units: int
    answer: str
    kind: str
    """jade, saffron, indigo, madder, open: the colour of the answer."""
    place: int = 0
    until: datetime | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    orders: Sequence[OrderRow]
    passed: Sequence[PassedRow]

    @property
    def messages(self) -> int:
        """Of those that order nothing, and of the others each once."""
        return len(self.passed) + len({id(row.said) for row in self.orders})

    @property
    def doubted(self) -> int:
        return sum(bool(row.doubt) for row in self.orders)


@dataclass(frozen=True, slots=True)
class ChatOrdersView:
    """A chat to be pasted; then what it orders; then what became of that."""

    show: Show
    deal: DealNumbers
    here: str
    back: str
    typed: Mapping[str, str]
    """chat, market, since."""
    markets: Sequence[str]
    most: int
    preview: Preview | None = None
    answers: Sequence[AnswerRow] | None = None
    picks: Sequence[tuple[str, str]] = ()
    """The form's fields of what was entered: sent again, it only tells how all stands now."""
    problem: str = ""

    @property
    def has_links(self) -> bool:
        return any(row.link for row in self.answers or ())
