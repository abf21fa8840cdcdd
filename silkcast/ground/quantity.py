# SPDX-License-Identifier: Apache-2.0
"""Quantity: weights in whole grams, sizes in whole millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """A mass in whole grams, never negative."""

    grams: int

    def __post_init__(self) -> None:
        if self.grams < 0:
            raise ValueError("a weight is never negative")

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.grams + other.grams)

    def __mul__(self, count: int) -> Weight:
        return Weight(self.grams * count)

    @property
    def kilograms(self) -> Decimal:
        """Exact, three decimals."""
        return Decimal(self.grams).scaleb(-3)


@dataclass(frozen=True, slots=True)
class Size:
    """A box: length, width and height in millimetres, each over zero."""

    length_mm: int
    width_mm: int
    height_mm: int

    def __post_init__(self) -> None:
        if min(self.length_mm, self.width_mm, self.height_mm) <= 0:
            raise ValueError("a size is over zero in each direction")

    def volumetric(self, divisor: int = 6000) -> Weight:
        """Volumetric weight: cubic centimetres by `divisor` to kilograms, rounded up to a gram."""
        return Weight(-(-self.length_mm * self.width_mm * self.height_mm // divisor))
