# SPDX-License-Identifier: Apache-2.0
"""What each of the viewer's pages shows: frozen values that a handler fills and a template reads.

Templates hold no sums and ask nothing: money, dates and choices arrive worked out. Words that sellers and
viewers wrote come as `Words` (the template picks the language and marks foreign text); words of the house
that depend on facts (`why` of a price line, a step's `fact`) come translated, as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from silkcast.ground.language import Words
from silkcast.ground.money import Money


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as a page shows it. `sizes` is a srcset: `/files/a-160.webp 160w, /files/a-320.webp 320w`."""

    address: str
    alt: str = ""
    width: int = 640
    height: int = 640
    sizes: str = ""


@dataclass(frozen=True, slots=True)
class PriceTag:
    """One price, whole: what leaves the buyer's account."""

    amount: Money
    before: Money | None = None
    lowest: Money | None = None
    included: bool = True
    """Nothing is left to pay at the door."""
    changed: str = ""
    """One sentence when the price moved while the page was open."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price: name, why, amount; `info` is the address of the rule, or empty."""

    name: str
    amount: Money
    why: str = ""
    info: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A promise: dates in the receiver's place."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Step:
    """A knot of a timeline. `when` is a moment, or words where it is not one."""

    title: str
    state: Literal["done", "now", "late", "refused", "next"]
    when: datetime | str | None = None
    fact: str = ""
    icon: str = ""
    """For now and late, the means: airplane-tilt-fill, truck-fill, warehouse-fill, package-fill."""


@dataclass(frozen=True, slots=True)
class NotSold:
    """Why a thing is not sold in the viewer's market, in one line; `why` is where it is explained."""

    reason: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class PartsView:
    """/design, in development only: every part on one page."""

    price: PriceTag
    deal: PriceTag
    lines: Sequence[Line]
    steps: Sequence[Step]


__all__ = ["Image", "Line", "NotSold", "PartsView", "PriceTag", "Step", "Window", "Words"]
