# SPDX-License-Identifier: Apache-2.0
"""The buy sheet asks for the number customs wants, says why, and never shows it whole again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from silkcast.faces.shop.basket import CONTEXT
from silkcast.money.rates import service as rates
from silkcast.trade.orders import receiving
from silkcast.trade.orders import service as orders
from tests.faces.build import Town, visitor

from .test_buy import form_of

PCCC = "P123456789012"
SEOUL = {
    "name": "김민서",
    "region": "서울특별시",
    "city": "중구",
    "street": "세종대로 110",
    "postcode": "04524",
    "phone": "01012345678",
    "number_PCCC": PCCC,
}
JAKARTA = {
    "name": "Sari",
    "region": "Jakarta",
    "street": "Jl. Sudirman 10",
    "phone": "081234567890",
    "number_NIK": "3171011708450001",
}


async def sell_there(town: Town, amount: str, market: str, currency: str) -> None:
    """Priced, and with the day's rates: the law there measures in dollars."""
    await town.set_price(amount, market, currency)
    async with town.database.write() as tx:
        await rates.load_shipped_rates(tx)


@pytest.fixture
async def korean(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    await sell_there(town, "18000", "KR", "KRW")
    async with visitor(town, market="KR") as client:
        yield client


async def give(client: httpx.AsyncClient, town: Town, **changes: str) -> httpx.Response:
    return await client.post(f"/buy/{town.variant.id}/address", data=SEOUL | changes)


async def test_the_address_step_asks_says_why_and_how_long(town: Town, korean: httpx.AsyncClient) -> None:
    page = (await korean.get(f"/buy/{town.variant.id}/address")).text
    async with visitor(town) as french:
        other = (await french.get(f"/buy/{town.variant.id}/address")).text

    field = re.search(r"<input[^>]*number_PCCC[^>]*>", page)
    assert field is not None
    assert 'dir="ltr"' in field[0]
    assert " required" in field[0]
    assert 'autocomplete="off"' in field[0]
    assert "Personal customs code (PCCC)" in page
    assert "Only customs and the carrier get this number." in page
    assert "deleted 30 days after the delivery" in page
    assert "number_" not in other
    assert "customs and the carrier get" not in other


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "This is needed."), ("P12", "This number cannot be right. Look for a wrong or missing figure.")],
)
async def test_a_missing_or_wrong_number_is_told_at_its_field(
    town: Town, korean: httpx.AsyncClient, typed: str, said: str
) -> None:
    refused = await give(korean, town, number_PCCC=typed)

    assert refused.status_code == 422
    assert re.search(rf'id="number_PCCC-wrong">{re.escape(said)}', refused.text)
    assert "receiver" not in refused.cookies
    assert (await give(korean, town)).status_code == 303


async def test_it_is_shown_by_its_end_only_and_stays_when_left_empty(
    town: Town, korean: httpx.AsyncClient
) -> None:
    kept = await give(korean, town)
    sheet = (await korean.get(f"/buy/{town.variant.id}")).text
    form = (await korean.get(f"/buy/{town.variant.id}/address")).text
    again = await give(korean, town, number_PCCC="", street="세종대로 112")
    after = (await korean.get(f"/buy/{town.variant.id}")).text

    assert (kept.status_code, again.status_code) == (303, 303)
    assert '<bdi dir="ltr">…012</bdi>' in sheet
    assert "Known: ends in 012." in form
    assert '<bdi dir="ltr">…012</bdi>' in after
    for said in (sheet, form, after, kept.headers["location"], kept.headers["set-cookie"]):
        assert PCCC not in said


async def test_the_order_is_placed_with_it(
    town: Town, korean: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await give(korean, town)
    sheet = await korean.get(f"/buy/{town.variant.id}")
    await korean.post(f"/buy/{town.variant.id}", data=form_of(sheet.text))

    async with town.database.read() as db:
        (order,) = (await orders.orders(db)).items
        assert await receiving.for_papers(db, order.id) == {"PCCC": PCCC}
    assert PCCC not in "".join(capsys.readouterr()), "no log says it"


async def test_an_address_without_the_number_leads_to_the_step_that_asks(
    town: Town, korean: httpx.AsyncClient
) -> None:
    """As when the account kept the address: of the number it keeps nothing."""
    await give(korean, town)
    sheet = await korean.get(f"/buy/{town.variant.id}")
    vault = town.database.vault
    whole = vault.open(korean.cookies["receiver"], CONTEXT)
    bare = re.sub(r',"number_PCCC":"[^"]*"', "", whole)
    assert bare != whole
    korean.cookies.delete("receiver")
    korean.cookies.set("receiver", vault.seal(bare, CONTEXT))

    without = await korean.get(f"/buy/{town.variant.id}")
    assert "Customs there asks for: Personal customs code (PCCC)" in without.text
    assert "Go on to the address" in without.text
    led = await korean.post(f"/buy/{town.variant.id}", data=form_of(sheet.text))
    assert led.status_code == 303
    assert led.headers["location"].startswith(f"/buy/{town.variant.id}/address?")
    async with town.database.read() as db:
        assert (await orders.orders(db)).items == ()


async def test_in_indonesia_it_may_be_left_out_but_not_be_wrong(town: Town) -> None:
    await sell_there(town, "2400000.00", "ID", "IDR")
    async with visitor(town, market="ID") as client:
        path = f"/buy/{town.variant.id}/address"
        wrong = await client.post(path, data=JAKARTA | {"number_NIK": "12"})
        without = await client.post(path, data=JAKARTA | {"number_NIK": ""})
        right = await client.post(path, data=JAKARTA)

    assert (wrong.status_code, without.status_code, right.status_code) == (422, 303, 303), wrong.text[:200]


async def test_in_arabic_the_number_stands_left_to_right(town: Town) -> None:
    await sell_there(town, "18000", "KR", "KRW")
    async with visitor(town, market="KR", language="ar") as client:
        await give(client, town)
        sheet = (await client.get(f"/buy/{town.variant.id}")).text

    assert 'dir="rtl"' in sheet
    assert '<bdi dir="ltr">…012</bdi>' in sheet
