# SPDX-License-Identifier: Apache-2.0
"""Answering: the maker of a shop's goods, and the persons who answer for them where a law asks for one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from silkcast.ground.ids import SellerId
from silkcast.plumbing.db import Db, Tx

from . import store
from .errors import BadShop
from .rules import check_text
from .values import Answerable

MAKER = ""
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_AREA = re.compile(r"[A-Z]{0,4}")


async def answerable(db: Db, seller: SellerId) -> Mapping[str, Answerable]:
    """By the area of law they answer in; the maker's is empty."""
    return {one.area: one for one in await store.answerable(db, seller)}


async def name(tx: Tx, seller: SellerId, who: Answerable) -> None:
    """Name who answers in an area. All fields empty: nobody does any more."""
    if not (who.name or who.address or who.email):
        await store.drop_answerable(tx, seller, who.area)
        return
    check(who)
    await store.put_answerable(tx, seller, who)


def check(who: Answerable) -> None:
    field = f"answerable.{who.area or 'maker'}"
    if _AREA.fullmatch(who.area) is None:
        raise BadShop(field, "unknown")
    check_text(f"{field}.name", who.name, longest=120)
    check_text(f"{field}.address", who.address, longest=240)
    if _EMAIL.fullmatch(who.email) is None:
        raise BadShop(f"{field}.email", "shape")
