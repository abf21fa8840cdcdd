# SPDX-License-Identifier: Apache-2.0
"""A row of the table: what, how much, and what it should be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    value: float | None
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    is_floor: bool = False
    """The least that anybody would need, or the most anybody could do: measured beside, not judged."""

    @property
    def is_met(self) -> bool | None:
        if self.value is None or (self.at_most is None and self.at_least is None):
            return None
        above = self.at_most is None or self.value <= self.at_most
        return above and (self.at_least is None or self.value >= self.at_least)

    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "is_met": self.is_met}

    def line(self) -> str:
        value = (
            "-" if self.value is None else f"{self.value:,.2f}" if self.value < 100 else f"{self.value:,.0f}"
        )
        bound = f"at most {self.at_most:g}" if self.at_most is not None else ""
        if self.at_least is not None:
            bound = f"at least {self.at_least:g}"
        if self.at_least is not None and self.at_least == self.at_most:
            bound = f"exactly {self.at_least:g}"
        mark = {True: "met", False: "MISSED", None: "floor" if self.is_floor else ""}[self.is_met]
        return f"  {self.what:<58} {value:>10} {self.unit:<8} {bound:<14} {mark}"
