# SPDX-License-Identifier: Apache-2.0
"""A row of the table: what, how much, what it should be, and the floor it stands on.

A floor is the least that anybody would need, or the most that anybody could do, measured in the same run: the
ratio says how much of a figure is ours, on whatever machine and whoever else uses it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Floor:
    """What was measured beside, and what it came to in the row's unit."""

    what: str
    value: float


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    value: float | None
    unit: str
    floor: Floor | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_met(self) -> bool | None:
        if self.value is None or (self.at_most is None and self.at_least is None):
            return None
        above = self.at_most is None or self.value <= self.at_most
        return above and (self.at_least is None or self.value >= self.at_least)

    @property
    def ratio(self) -> float | None:
        """The value by its floor."""
        if self.value is None or self.floor is None or not self.floor.value:
            return None
        return self.value / self.floor.value

    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "is_met": self.is_met}

    def line(self) -> str:
        bound = f"at most {self.at_most:g}" if self.at_most is not None else ""
        if self.at_least is not None:
            bound = f"at least {self.at_least:g}"
        if self.at_least is not None and self.at_least == self.at_most:
            bound = f"exactly {self.at_least:g}"
        mark = {True: "met", False: "MISSED", None: ""}[self.is_met]
        line = f"  {self.what:<50} {_written(self.value):>8} {self.unit:<3} {bound:<14} {mark:<6}"
        if self.floor is None or self.ratio is None:
            return line.rstrip()
        return (
            f"{line} {_written(self.ratio):>6} x {_written(self.floor.value)} {self.unit}, {self.floor.what}"
        )


def _written(value: float | None) -> str:
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 0.1 else f"{value:.3f}"
