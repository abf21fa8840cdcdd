# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Invalid


@dataclass(eq=False)
class BadPrice(Invalid):
    """Not over zero, more decimals than the currency has, or absurdly much."""

    code: ClassVar[str] = "pricing.bad_price"
    currency: str


@dataclass(eq=False)
class WrongCurrency(Invalid):
    """A market's prices are in its own currency."""

    code: ClassVar[str] = "pricing.wrong_currency"
    wanted: str
    given: str
