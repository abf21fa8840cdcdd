# SPDX-License-Identifier: Apache-2.0
"""Answering for goods: in which markets' law a responsible person has to be named, and who it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from silkcast.ground.clock import day
from silkcast.ground.ids import SellerId
from silkcast.plumbing.db import Db
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market
from silkcast.who.sellers import answering
from silkcast.who.sellers.values import Answerable

KEYS = ("responsible_person", "domestic_manager")
"""Notices that want a person named in the area: GPSR in the EU, the product safety laws of Japan."""


def is_asked(market: Market, on: date) -> bool:
    return any(market.owes(key, on) for key in KEYS)


def areas(on: date) -> tuple[str, ...]:
    """Areas of law that want one, of the markets there are."""
    return tuple(sorted({one.area for one in markets.markets(on) if is_asked(one, on)}))


async def shown(db: Db, seller: SellerId, market: Market) -> tuple[Answerable, ...]:
    """Who is named on the pages of this market: the maker, and the person responsible there."""
    if not is_asked(market, day(db.now)):
        return ()
    known: Mapping[str, Answerable] = await answering.answerable(db, seller)
    return tuple(known[area] for area in (answering.MAKER, market.area) if area in known)


async def missing(db: Db, seller: SellerId) -> tuple[str, ...]:
    """Areas where the law wants somebody named and the shop has named nobody."""
    known = await answering.answerable(db, seller)
    return tuple(area for area in areas(day(db.now)) if area not in known)
