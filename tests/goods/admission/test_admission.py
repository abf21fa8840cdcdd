# SPDX-License-Identifier: Apache-2.0
"""Rulings and appeals as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import (
    AppealDecided,
    AppealOpen,
    AppealOutdated,
    BadAppeal,
    NoSuchAppeal,
    NothingToAppeal,
)
from silkcast.goods.admission.events import AppealAnswered, AppealAsked, Ruled
from silkcast.goods.admission.values import Appeal, Goods
from silkcast.ground.ids import AppealId, SellerId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Tx
from tests.who.sellers.build import open_shop

from .build import goods

SA = Country("SA")


async def ask(tx: Tx, of: Goods, seller: SellerId, words: str = "SABER 123") -> Appeal:
    return await admission.appeal(tx, of, SA, seller=seller, name="Wooden toy", words=words)


async def test_an_appeal_is_admitted_and_the_product_with_it(tx: Tx) -> None:
    shop, toy = await open_shop(tx), goods("Wooden toy")
    asked = await ask(tx, toy, shop.id)
    until = tx.now.date() + timedelta(days=90)

    decided = await admission.admit(tx, asked.id, toy, until=until, answer="Seen.", by=None)

    assert toy.product is not None
    verdict = (await admission.verdicts(tx, [toy], SA))[toy.product]
    assert (asked.state, decided.state, decided.until) == ("open", "admitted", until)
    assert verdict.is_admitted
    assert verdict.ruling is not None
    assert verdict.ruling.rows == ("conformity_of_products",)
    kinds = [type(event) for event in tx.announced]
    assert [kind for kind in kinds if kind in (AppealAsked, Ruled, AppealAnswered)] == [
        AppealAsked,
        AppealAnswered,
        Ruled,
    ]
    with pytest.raises(AppealDecided):
        await admission.refuse(tx, asked.id, answer="No.", by=None)
    with pytest.raises(NothingToAppeal):
        await ask(tx, toy, shop.id)


async def test_a_refused_appeal_changes_nothing_and_may_be_made_again(tx: Tx) -> None:
    shop, toy = await open_shop(tx), goods("Wooden toy")
    asked = await ask(tx, toy, shop.id)

    decided = await admission.refuse(tx, asked.id, answer="No certificate.", by=None)

    assert toy.product is not None
    assert decided.answer == "No certificate."
    assert (await admission.verdicts(tx, [toy], SA))[toy.product].standing == "papers_needed"
    assert (await ask(tx, toy, shop.id)).state == "open"


async def test_one_appeal_at_a_time(tx: Tx) -> None:
    shop, toy = await open_shop(tx), goods("Wooden toy")
    await ask(tx, toy, shop.id)
    with pytest.raises(AppealOpen):
        await ask(tx, toy, shop.id)
    assert await admission.count_open(tx) == 1


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
async def test_an_appeal_says_why(tx: Tx, words: str) -> None:
    shop = await open_shop(tx)
    with pytest.raises(BadAppeal):
        await ask(tx, goods("Wooden toy"), shop.id, words)


async def test_what_was_changed_since_is_not_admitted(tx: Tx) -> None:
    shop, toy = await open_shop(tx), goods("Wooden toy")
    asked = await ask(tx, toy, shop.id)
    with pytest.raises(AppealOutdated):
        await admission.admit(
            tx, asked.id, replace(toy, hs_code="950300"), until=tx.now.date(), answer="Seen.", by=None
        )


async def test_nobody_reads_the_appeal_of_another_shop(tx: Tx) -> None:
    shop, other = await open_shop(tx), await open_shop(tx)
    asked = await ask(tx, goods("Wooden toy"), shop.id)
    with pytest.raises(NoSuchAppeal):
        await admission.the_appeal(tx, asked.id, seller=other.id)
    with pytest.raises(NoSuchAppeal):
        await admission.the_appeal(tx, AppealId(new_uuid()))


async def test_appeals_are_searched_and_come_in_pages(tx: Tx) -> None:
    shop = await open_shop(tx)
    for number in range(3):
        await ask(tx, goods(f"Wooden toy {number}"), shop.id, f"paper {number}")

    first = await admission.appeals(tx, state="open", market="SA", limit=2)
    rest = await admission.appeals(tx, state="open", market="SA", limit=2, after=first.next)
    found = await admission.appeals(tx, text="PAPER 1")

    assert [len(first.items), len(rest.items), rest.next] == [2, 1, None]
    assert [one.words for one in found.items] == ["paper 1"]
    assert not (await admission.appeals(tx, market="FR")).items


async def test_a_ruling_is_never_changed(tx: Tx) -> None:
    await admission.rule(
        tx, goods("Cup"), SA, "bar", reason="fake", until=tx.now.date() + timedelta(days=1), by=None
    )
    with pytest.raises(DBAPIError, match="only ever added to"):
        await tx.session.execute(text("UPDATE admission.rulings SET decision = 'admit'"))
