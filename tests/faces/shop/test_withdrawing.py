# SPDX-License-Identifier: Apache-2.0
"""The button by which a buyer in the EU withdraws from a contract; what the law wants beside the goods."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from silkcast.ground.clock import SetClock
from silkcast.trade.orders import service as orders
from silkcast.who.sellers import answering
from silkcast.who.sellers.errors import BadShop
from silkcast.who.sellers.values import Answerable
from tests.faces.build import Town, visitor

from .test_buy import LYON, RIYADH, form_of

ANNA = Answerable("EU", "Anna Weber GmbH", "Lindenstraße 4, 10969 Berlin", "safety@weber.example")


async def ordered(client: httpx.AsyncClient, town: Town, typed: dict[str, str]) -> str:
    """The secret of an order that waits for its payment: nobody takes cards in this town."""
    await client.post(f"/buy/{town.variant.id}/address", data=typed)
    sheet = await client.get(f"/buy/{town.variant.id}")
    await client.post(f"/buy/{town.variant.id}", data=form_of(sheet.text))
    async with town.database.read() as db:
        (order,) = (await orders.orders(db)).items
        return await orders.link_secret(db, order.id)


async def test_the_button_asks_once_more_then_acknowledges(town: Town, french: httpx.AsyncClient) -> None:
    secret = await ordered(french, town, LYON)
    async with visitor(town) as stranger:  # another browser, nobody logged in: the link is enough
        page = (await stranger.get(f"/order/{secret}")).text
        asked = (await stranger.get(f"/order/{secret}/withdraw")).text
        async with town.database.read() as db:
            assert (await orders.by_secret(db, secret)).state != "cancelled", "a look does nothing"
        confirmed = await stranger.post(f"/order/{secret}/withdraw")
        done = (await stranger.get(f"/order/{secret}/withdraw")).text
        again = await stranger.post(f"/order/{secret}/withdraw")
        after = (await stranger.get(f"/order/{secret}")).text

    button = re.search(rf'<a[^>]*href="/order/{secret}/withdraw"[^>]*>.*?</a>', page, re.S)
    assert button is not None
    assert "Withdraw from contract" in button[0]
    for words in (
        "I withdraw from my contract with",
        "Confirm withdrawal",
        "c…@example.org",
        "Camille Moreau",
    ):
        assert words in asked, words
    assert (confirmed.status_code, again.status_code) == (303, 303)
    assert "Your withdrawal was received on" in done
    assert "Confirm withdrawal" not in done
    assert "You withdrew from the contract on" in after
    async with town.database.read() as db:
        assert (await orders.by_secret(db, secret)).state == "cancelled"


async def test_where_the_law_has_no_button_there_is_none(town: Town) -> None:
    async with visitor(town, market="SA") as saudi:
        secret = await ordered(saudi, town, RIYADH)
        page = await saudi.get(f"/order/{secret}")
        asked = await saudi.get(f"/order/{secret}/withdraw")
        pressed = await saudi.post(f"/order/{secret}/withdraw")

    assert "Withdraw from contract" not in page.text
    assert (asked.status_code, pressed.status_code) == (404, 409)


async def test_before_the_law_began_there_is_none(
    town: Town, french: httpx.AsyncClient, clock: SetClock
) -> None:
    secret = await ordered(french, town, LYON)
    clock.advance(-timedelta(days=160))
    assert (await french.get(f"/order/{secret}/withdraw")).status_code == 404


async def test_in_arabic_figures_and_contacts_stand_alone(town: Town, french: httpx.AsyncClient) -> None:
    secret = await ordered(french, town, LYON)
    async with visitor(town, language="ar") as arab:
        page = (await arab.get(f"/order/{secret}/withdraw")).text
    assert 'dir="rtl"' in page
    assert '<bdi dir="ltr">c…@example.org</bdi>' in page


async def test_the_product_page_names_who_answers_where_the_law_asks(town: Town) -> None:
    maker = Answerable("", "Qinghe Kiln", "Jingdezhen, China", "hello@qinghe.example")
    async with visitor(town) as french:
        before = (await french.get(town.path)).text
        async with town.database.write() as tx:
            await answering.name(tx, town.seller.id, ANNA)
            await answering.name(tx, town.seller.id, maker)
        after = (await french.get(town.path)).text
    async with visitor(town, market="SA") as saudi:
        elsewhere = (await saudi.get(town.path)).text

    assert "Who answers for it" not in before
    for words in (ANNA.name, ANNA.address, ANNA.email, maker.name, "Responsible person: EU"):
        assert words in after, words
    assert ANNA.name not in elsewhere


@pytest.mark.parametrize(
    ("market", "said"),
    [
        ("FR", "Sold by "),
        ("US", "Sold by "),
        ("CN", "For your own use only"),
        ("NZ", "Your rights by the consumer law"),
        ("SA", ""),
    ],
)
async def test_what_the_law_wants_said_stands_on_the_product_page(town: Town, market: str, said: str) -> None:
    async with visitor(town, market=market) as client:
        page = (await client.get(town.path)).text

    for words in ("Sold by ", "For your own use only", "Your rights by the consumer law"):
        assert (words in page) is (words == said), words


@pytest.mark.parametrize(
    ("who", "field"),
    [
        (Answerable("EU", "", "Berlin", "a@b.example"), "answerable.EU.name"),
        (Answerable("EU", "Anna", "", "a@b.example"), "answerable.EU.address"),
        (Answerable("EU", "Anna", "Berlin", "nobody"), "answerable.EU.email"),
        (Answerable("eu", "Anna", "Berlin", "a@b.example"), "answerable.eu"),
    ],
)
async def test_half_a_person_is_refused(town: Town, who: Answerable, field: str) -> None:
    with pytest.raises(BadShop) as refused:
        async with town.database.write() as tx:
            await answering.name(tx, town.seller.id, who)
    assert refused.value.field == field
    async with town.database.read() as db:
        assert await answering.answerable(db, town.seller.id) == {}
