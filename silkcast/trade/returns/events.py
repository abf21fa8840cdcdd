# SPDX-License-Identifier: Apache-2.0
"""What returns announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.ids import OrderId, ReturnId, SellerId
from silkcast.ground.money import Money
from silkcast.plumbing.events import Event
from silkcast.trade.returns.values import Amount, Part


@dataclass(frozen=True, slots=True)
class ReturnAsked(Event):
    name: ClassVar[str] = "returns.asked.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId
    market: str
    units: int


@dataclass(frozen=True, slots=True)
class ReturnAccepted(Event):
    name: ClassVar[str] = "returns.accepted.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId
    by: str


@dataclass(frozen=True, slots=True)
class ReturnDeclined(Event):
    name: ClassVar[str] = "returns.declined.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class ReturnSentBack(Event):
    name: ClassVar[str] = "returns.sent_back.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class ReturnReceived(Event):
    """The goods are back. All a refund needs: what is owed, kind by kind, and what may be sold again."""

    name: ClassVar[str] = "returns.received.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId
    parts: tuple[Part, ...]
    money: tuple[Amount, ...]
    total: Money
    restock: bool
    last: bool
    """Nothing of the order is left with the buyer."""


@dataclass(frozen=True, slots=True)
class ReturnRefunded(Event):
    name: ClassVar[str] = "returns.refunded.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId
    total: Money
    last: bool


@dataclass(frozen=True, slots=True)
class ContractWithdrawn(Event):
    """The buyer has withdrawn from the whole contract, at this moment."""

    name: ClassVar[str] = "returns.contract_withdrawn.v1"
    order: OrderId
    seller: SellerId
    market: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnClosed(Event):
    """Ended with nothing: withdrawn, or never sent."""

    name: ClassVar[str] = "returns.closed.v1"
    returning: ReturnId
    order: OrderId
    seller: SellerId
