# SPDX-License-Identifier: Apache-2.0
"""Settings of sellers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SellersSettings:
    """What a new shop starts with."""

    commission_rate: Decimal = Decimal("0.08")
    """The platform's share of the goods' price."""
