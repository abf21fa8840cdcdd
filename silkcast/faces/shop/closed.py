# SPDX-License-Identifier: Apache-2.0
"""Closed: what somebody whose market takes no orders is told."""

from __future__ import annotations

from dataclasses import dataclass

from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.refusal_words import closed_words
from silkcast.faces.visit import Visit
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import MarketIsClosed


@dataclass(eq=False)
class ClosedHere(NotSoldHere):
    """Not sold here since the market is closed."""

    closed: MarketIsClosed


@dataclass(frozen=True, slots=True)
class ClosedView:
    """Since when and why, in one sentence, and where else it can be bought."""

    words: str
    link: str


def closed_here(house: House, visit: Visit) -> ClosedHere | None:
    """The refusal for everything in a visitor's market, if it is closed."""
    if not house.shut.known:
        return None
    found = house.shut.of(visit.market)
    return ClosedHere(visit.market, "closed", closings.refusal(found)) if found else None


def closed_view(house: House, visit: Visit) -> ClosedView | None:
    """For the head of a room."""
    found = closed_here(house, visit)
    return view_of(found.closed, visit) if found else None


def view_of(closed: MarketIsClosed, visit: Visit) -> ClosedView:
    since = Format.of(visit).moment_text(closed.since)
    return ClosedView(closed_words(closed, visit.language, since), closed.link)
