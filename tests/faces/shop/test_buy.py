# SPDX-License-Identifier: Apache-2.0
"""From the variant to the order: each refusal beside the success it spoils."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from silkcast.goods.stock import service as stock
from silkcast.trade.orders import service as orders
from tests.faces.build import Town, visitor

LYON = {
    "name": "Camille Moreau",
    "street": "18 rue des Tables Claudiennes",
    "postcode": "69001",
    "city": "Lyon",
    "phone": "06 12 34 56 78",
    "email": "camille@example.org",
}
RIYADH = {
    "name": "نورة العتيبي",
    "street": "شارع العليا 12",
    "city": "الرياض",
    "postcode": "12211",
    "phone": "0501234567",
}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, name
    return found[1]


def form_of(html: str, **more: str) -> dict[str, str]:
    """What a browser would send of the buy page."""
    delivery = re.search(r'name="delivery" value="([^"]+)" checked', html)
    payment = re.search(r'name="payment" value="([^"]+)" checked', html)
    assert delivery is not None
    return {
        "key": hidden(html, "key"),
        "shown": hidden(html, "shown"),
        "show": hidden(html, "show"),
        "units": "1",
        "delivery": delivery[1],
        "payment": payment[1] if payment else "card",
        **more,
    }


@pytest.fixture
async def saudi(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town, market="SA") as client:
        yield client


async def give_address(client: httpx.AsyncClient, town: Town, typed: dict[str, str]) -> httpx.Response:
    return await client.post(f"/buy/{town.variant.id}/address", data=typed)


async def order_in_cash(client: httpx.AsyncClient, town: Town, **more: str) -> httpx.Response:
    """Everything up to the order, paid at the door."""
    await give_address(client, town, RIYADH)
    sheet = await client.get(f"/buy/{town.variant.id}?payment=cod")
    return await client.post(f"/buy/{town.variant.id}", data=form_of(sheet.text, **more))


async def free(town: Town) -> int:
    async with town.database.read() as db:
        return (await stock.levels(db, [town.variant.id]))[town.variant.id].free


async def placed(town: Town) -> tuple[Any, ...]:
    async with town.database.read() as db:
        return (await orders.orders(db)).items


async def test_the_sheet_has_every_choice_and_the_whole_price(town: Town, french: httpx.AsyncClient) -> None:
    path = f"/buy/{town.variant.id}?show={town.show.id}"
    whole, inside = await french.get(path), await french.get(path, headers={"x-fragment": "1"})

    assert "Total, all in" in whole.text
    assert "Moon white" in whole.text
    assert f"/buy/{town.variant.id}/address?show={town.show.id}" in whole.text
    assert "<html" in whole.text
    assert "<html" not in inside.text
    assert 'content="noindex"' in whole.text


async def test_pay_without_an_address_asks_for_it(town: Town, french: httpx.AsyncClient) -> None:
    sheet = await french.get(f"/buy/{town.variant.id}")

    answer = await french.post(f"/buy/{town.variant.id}", data=form_of(sheet.text))

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/buy/{town.variant.id}/address")


async def test_an_address_is_asked_for_as_the_country_writes_it(town: Town) -> None:
    async with visitor(town, market="US") as client:
        american = await client.get(f"/buy/{town.variant.id}/address")
    async with visitor(town) as client:
        french = await client.get(f"/buy/{town.variant.id}/address")

    assert "California" in american.text
    assert 'name="region"' not in french.text
    assert "+33" in french.text


async def test_a_bad_phone_is_told_at_its_field_and_the_rest_stays(
    town: Town, french: httpx.AsyncClient
) -> None:
    answer = await give_address(french, town, {**LYON, "phone": "12"})

    assert answer.status_code == 422
    assert "This phone number is not right for this country." in answer.text
    assert 'value="18 rue des Tables Claudiennes"' in answer.text
    assert 'aria-describedby="phone-wrong' in answer.text


async def test_a_postcode_of_another_country_is_refused(town: Town, french: httpx.AsyncClient) -> None:
    answer = await give_address(french, town, {**LYON, "postcode": "ABC"})

    assert answer.status_code == 422
    assert 'aria-describedby="postcode-wrong' in answer.text


async def test_an_address_counts_only_in_its_own_country(town: Town, french: httpx.AsyncClient) -> None:
    kept = await give_address(french, town, LYON)
    there = await french.get(f"/buy/{town.variant.id}")
    french.cookies.set("market", "SA")
    elsewhere = await french.get(f"/buy/{town.variant.id}")

    assert kept.status_code == 303
    assert "Camille Moreau" not in kept.headers["set-cookie"]
    assert "69001 LYON" in there.text
    assert "69001" not in elsewhere.text


async def test_cash_is_offered_where_the_market_has_it(
    town: Town, french: httpx.AsyncClient, saudi: httpx.AsyncClient
) -> None:
    here, there = await french.get(f"/buy/{town.variant.id}"), await saudi.get(f"/buy/{town.variant.id}")

    assert 'value="cod"' not in here.text
    assert 'value="cod"' in there.text

    await give_address(french, town, LYON)
    form = form_of((await french.get(f"/buy/{town.variant.id}")).text, payment="cod")
    answer = await french.post(f"/buy/{town.variant.id}", data=form)

    assert answer.status_code == 409
    assert "This way to pay is not offered here." in answer.text
    assert await placed(town) == ()


async def test_an_order_in_cash_goes_to_its_page_and_twice_is_once(
    town: Town, saudi: httpx.AsyncClient
) -> None:
    await give_address(saudi, town, RIYADH)
    sheet = await saudi.get(f"/buy/{town.variant.id}?payment=cod")
    form = form_of(sheet.text)
    first = await saudi.post(f"/buy/{town.variant.id}", data=form)
    again = await saudi.post(f"/buy/{town.variant.id}", data=form)

    assert first.status_code == 303
    assert first.headers["location"].startswith("/order/")
    assert again.headers["location"] == first.headers["location"]
    assert len(await placed(town)) == 1
    assert await free(town) == 19


async def test_sold_out_while_paying(town: Town, saudi: httpx.AsyncClient) -> None:
    await give_address(saudi, town, RIYADH)
    sheet = await saudi.get(f"/buy/{town.variant.id}?payment=cod")
    await town.set_stock(town.variant, 0)

    answer = await saudi.post(f"/buy/{town.variant.id}", data=form_of(sheet.text))

    assert answer.status_code == 409
    assert "Sold out for now" in answer.text
    assert "Nothing was charged." in answer.text
    assert f"/buy/{town.product.variants[1].id}" in answer.text
    assert await placed(town) == ()


async def test_a_price_that_changed_is_shown_first(town: Town, saudi: httpx.AsyncClient) -> None:
    await give_address(saudi, town, RIYADH)
    sheet = await saudi.get(f"/buy/{town.variant.id}?payment=cod")
    before = form_of(sheet.text)
    await town.set_price("99.00", "SA", "SAR")

    answer = await saudi.post(f"/buy/{town.variant.id}", data=before)

    assert answer.status_code == 409
    assert "The price has changed." in answer.text
    assert hidden(answer.text, "shown") != before["shown"]
    assert await placed(town) == ()

    agreed = await saudi.post(f"/buy/{town.variant.id}", data=form_of(answer.text))

    assert agreed.status_code == 303


async def test_what_is_not_sold_here_says_why(town: Town) -> None:
    async with visitor(town, market="SG") as client:
        answer = await client.get(f"/buy/{town.variant.id}")

    assert "Not sold in Singapore" in answer.text
    assert "The shop has no price for your country yet." in answer.text


async def test_why_explains_a_line_by_its_rule(town: Town, french: httpx.AsyncClient) -> None:
    sheet = await french.get(f"/buy/{town.variant.id}")
    addresses = re.findall(rf'href="(/why/{town.variant.id}[^"]+)"', sheet.text)
    pages = [(await french.get(address.replace("&amp;", "&"))).text for address in addresses]

    assert len(pages) == 2
    assert "VAT at sale, under IOSS" in pages[1]
    assert "In force since" in pages[1]
    assert "20%" in pages[1]
    assert (await french.get(f"/why/{town.variant.id}?line=99")).status_code == 404


async def test_another_site_cannot_buy(town: Town, saudi: httpx.AsyncClient) -> None:
    saudi.headers["sec-fetch-site"] = "cross-site"

    assert (await order_in_cash(saudi, town)).status_code == 403
    assert await placed(town) == ()
