# SPDX-License-Identifier: Apache-2.0
"""What the studio's pages of returns show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from silkcast.ground.language import Words
from silkcast.trade.orders.values import Order
from silkcast.trade.returns.values import Return


@dataclass(frozen=True, slots=True)
class ReturnsView:
    rows: Sequence[Return]
    state: str
    text: str
    next: str


@dataclass(frozen=True, slots=True)
class ReturnView:
    returning: Return
    order: Order
    things: Sequence[tuple[Words, str, int]]
    problem: str = ""
