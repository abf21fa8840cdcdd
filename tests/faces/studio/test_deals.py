# SPDX-License-Identifier: Apache-2.0
"""Flash deals and coupons at the live desk: launched, followed, ended; and what is refused, in words."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import httpx
import pytest

from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId, new_salt, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.stage.deals import coupons
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal, Want, claim_key
from silkcast.stage.rooms import service as rooms
from silkcast.who.markets import service as markets
from tests.faces.build import Town

from .conftest import live_show


def form(town: Town, **changes: str) -> dict[str, str]:
    """A deal as the launcher sends it: five cups a fifth under their price."""
    typed = {
        "product": str(town.product.id),
        f"units-{town.variant.id}": "5",
        f"price-{town.variant.id}-FR": "19.20",
        f"price-{town.variant.id}-SA": "76",
        "limit": "1",
        "countdown": "10",
        "length": "5",
        "waitlist": "1",
    }
    return {**typed, **changes}


def plain(page: httpx.Response) -> str:
    """The words of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


def base(town: Town) -> str:
    return f"/studio/shows/{town.show.id}"


async def deals_of(town: Town) -> tuple[Deal, ...]:
    async with town.database.read() as db:
        return await deals.deals_of(db, town.show.id)


async def test_the_launcher_proposes_a_fifth_less_and_shows_full_prices(
    town: Town, seller: httpx.AsyncClient
) -> None:
    page = await seller.get(f"{base(town)}/deals/new?product={town.product.id}")

    assert page.status_code == 200
    assert f'name="price-{town.variant.id}-FR" inputmode="decimal" dir="ltr" value="19.20"' in page.text
    assert "all in" in page.text
    assert "Under your own price in all" in page.text


async def test_a_price_that_is_no_deal_is_said_before_and_after(
    town: Town, seller: httpx.AsyncClient
) -> None:
    dear = form(town, **{f"price-{town.variant.id}-FR": "24.00"})

    looked = await seller.get(f"{base(town)}/deals/new", params=dear)
    launched = await seller.post(f"{base(town)}/deals", data=dear)

    assert "Not under your own price" in looked.text
    assert launched.status_code == 422
    assert "under your own price of that market" in launched.text
    assert 'value="24.00"' in launched.text, "what was typed stays"
    assert await deals_of(town) == ()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("limit", "11", "One person may have 1 to 10."),
        ("countdown", "5", "A countdown takes 10 to 300 seconds."),
        ("length", "21", "A deal takes 1 to 20 minutes."),
        ("pay", "31", "The time to pay is 1 to 30 minutes."),
    ],
)
async def test_what_cannot_be_is_said_in_words(
    town: Town, seller: httpx.AsyncClient, field: str, value: str, words: str
) -> None:
    answer = await seller.post(f"{base(town)}/deals", data=form(town, **{field: value}))

    assert answer.status_code == 422
    assert words in answer.text


async def test_no_units_and_more_than_there_are(town: Town, seller: httpx.AsyncClient) -> None:
    none = await seller.post(f"{base(town)}/deals", data=form(town, **{f"units-{town.variant.id}": ""}))
    many = await seller.post(f"{base(town)}/deals", data=form(town, **{f"units-{town.variant.id}": "21"}))

    assert (none.status_code, many.status_code) == (422, 422)
    assert "Say how many units" in none.text
    assert "20 left" in many.text
    assert await deals_of(town) == (), "nothing of a refused launch is kept"


async def test_launching_pins_counts_down_and_takes_the_units(town: Town, seller: httpx.AsyncClient) -> None:
    await live_show(town)
    slow = form(town, pay="12")
    answer = await seller.post(f"{base(town)}/deals", data=slow, headers={"x-fragment": "1"})
    second = await seller.post(f"{base(town)}/deals", data=form(town))

    panel = await seller.get(f"{base(town)}/live/deal")

    assert (answer.status_code, second.status_code) == (204, 422)
    assert "Another deal runs in this show" in second.text
    assert "starts in" in panel.text
    assert "5 of 5 left" in plain(panel)
    async with town.database.read() as db:
        pin = await rooms.pinned(db, town.show.id)
        free = (await stock.levels(db, [town.variant.id]))[town.variant.id].free
    assert pin is not None
    assert pin.product == town.product.id
    assert free == 15
    assert (await deals_of(town))[0].pay_within == timedelta(minutes=12)


async def set_floor(town: Town, amount: str) -> None:
    async with town.database.write() as tx:
        money = Money.of(amount, "EUR")
        await pricing.set_floor(tx, town.variant.id, Country("FR"), money, currency="EUR")


async def test_under_the_floor_is_said_and_refused_until_it_is_meant(
    town: Town, seller: httpx.AsyncClient
) -> None:
    await set_floor(town, "19.21")

    looked = await seller.get(f"{base(town)}/deals/new", params=form(town))
    refused = await seller.post(f"{base(town)}/deals", data=form(town))
    kept = await deals_of(town)
    meant = await seller.post(f"{base(town)}/deals", data=form(town, below="yes"))

    assert "Under your floor of" in looked.text
    assert 'name="below"' in looked.text
    assert refused.status_code == 422
    assert "A price lies under your own floor." in refused.text
    assert kept == ()
    assert meant.status_code == 303
    assert (await deals_of(town))[0].state == "launched"


async def test_at_the_floor_nothing_is_said(town: Town, seller: httpx.AsyncClient) -> None:
    await set_floor(town, "19.20")

    looked = await seller.get(f"{base(town)}/deals/new", params=form(town))
    launched = await seller.post(f"{base(town)}/deals", data=form(town))

    assert "Under your floor" not in looked.text
    assert 'name="below"' not in looked.text
    assert launched.status_code == 303


async def test_a_floor_of_a_variant_that_is_not_in_the_deal_holds_nothing_up(
    town: Town, seller: httpx.AsyncClient
) -> None:
    other = town.product.variants[1]
    async with town.database.write() as tx:
        await pricing.set_floor(tx, other.id, Country("FR"), Money.of("23.00", "EUR"), currency="EUR")

    launched = await seller.post(f"{base(town)}/deals", data=form(town))

    assert launched.status_code == 303


async def test_a_deal_on_time_waits_and_may_be_launched_or_called_off(
    town: Town, seller: httpx.AsyncClient
) -> None:
    await seller.post(f"{base(town)}/deals", data=form(town, at="2031-01-01T20:00"))
    (planned,) = await deals_of(town)
    panel = await seller.get(f"{base(town)}/live/deal")

    now = await seller.post(f"{base(town)}/deals/{planned.id}/launch")

    assert planned.state == "planned"
    assert "Launch now" in panel.text
    assert now.status_code == 303
    assert (await deals_of(town))[0].state == "launched"


async def test_top_up_and_end(town: Town, seller: httpx.AsyncClient) -> None:
    await seller.post(f"{base(town)}/deals", data=form(town))
    (deal,) = await deals_of(town)
    path, lane = f"{base(town)}/deals/{deal.id}", str(deal.lanes[0].id)

    more = await seller.post(f"{path}/top-up", data={"lane": lane, "units": "3"})
    much = await seller.post(f"{path}/top-up", data={"lane": lane, "units": "99"})
    none = await seller.post(f"{path}/top-up", data={"lane": lane, "units": "0"})
    ended = await seller.post(f"{path}/end")

    assert (more.status_code, much.status_code, none.status_code, ended.status_code) == (303, 422, 422, 303)
    assert "12 left" in much.text
    (after,) = await deals_of(town)
    assert after.lanes[0].units == 8
    assert (after.state, after.ended_why) == ("ended", "by_hand")


async def asked(town: Town, deal: Deal, times: int) -> None:
    """So many claims, straight at the door of deals."""
    counter = town.running.house.counter
    today = town.database.clock.now().date()
    terms = await counter.terms((deal.id, town.variant.id, "FR", "fr", 1), markets.market("FR", today))
    buyers = [new_uuid() for _ in range(times)]
    keys = [claim_key(deal.id, buyer, new_salt()) for buyer in buyers]
    wants = [
        Want(deal.lanes[0].id, key, buyer, 1, terms, OrderId(new_uuid()), "FR")
        for key, buyer in zip(keys, buyers, strict=True)
    ]
    async with town.database.write() as tx:
        await deals.claim_many(tx, wants)


async def test_who_came_when_as_a_page_and_as_a_table(
    town: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    await seller.post(f"{base(town)}/deals", data=form(town))
    (deal,) = await deals_of(town)
    clock.at += timedelta(seconds=10)
    await asked(town, deal, 7)

    page = await seller.get(f"{base(town)}/deals/{deal.id}")
    table = await seller.get(f"{base(town)}/deals/{deal.id}/claims.csv")
    all_of_them = await seller.get(f"{base(town)}/deals")

    assert page.text.count("Granted") == 5
    assert "place 2" in plain(page)
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [row["answer"] for row in rows] == ["granted"] * 5 + ["waiting"] * 2
    assert f"/deals/{deal.id}" in all_of_them.text


async def test_anothers_deal_is_no_deal(
    town: Town, seller: httpx.AsyncClient, neighbour: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await seller.post(f"{base(town)}/deals", data=form(town))
    (deal,) = await deals_of(town)
    path = f"{base(town)}/deals/{deal.id}"

    for address in (path, f"{path}/claims.csv", f"{base(town)}/deals", f"{base(town)}/live/deal"):
        assert (await neighbour.get(address)).status_code == 404, address
    for verb in ("end", "launch"):
        assert (await neighbour.post(f"{path}/{verb}")).status_code == 404, verb
    topped = await neighbour.post(f"{path}/top-up", data={"lane": "1", "units": "1"})
    launched = await neighbour.post(f"{base(town)}/deals", data=form(town))
    assert (topped.status_code, launched.status_code) == (404, 404)
    assert (await stranger.post(f"{path}/end")).status_code in (302, 303, 401)
    assert (await deals_of(town))[0].state == "launched"


async def test_a_coupon_is_made_shown_and_withdrawn(town: Town, seller: httpx.AsyncClient) -> None:
    typed = {"code": "tea10", "percent": "10", "total": "50", "per_person": "1", "minutes": "15"}
    made = await seller.post(f"{base(town)}/coupons", data=typed)
    async with town.database.read() as db:
        (coupon,) = await coupons.of_show(db, town.show.id)
    panel = await seller.get(f"{base(town)}/live/deal")
    gone = await seller.post(f"{base(town)}/coupons/{coupon.id}/withdraw")

    assert (made.status_code, gone.status_code) == (303, 303)
    assert (coupon.code, coupon.percent, coupon.total) == ("TEA10", 10, 50)
    assert "TEA10" in panel.text
    assert "TEA10" not in (await seller.get(f"{base(town)}/live/deal")).text


async def test_an_amount_off_in_each_market(town: Town, seller: httpx.AsyncClient) -> None:
    await seller.post(
        f"{base(town)}/coupons",
        data={"code": "FIVE", "off-FR": "5", "total": "5", "per_person": "1", "minutes": "15"},
    )

    async with town.database.read() as db:
        (coupon,) = await coupons.of_show(db, town.show.id)
    assert str(coupon.amounts[Country("FR")].amount) == "5.00"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "no spaces"}, "A code has 3 to 20 letters and figures."),
        ({"percent": "95"}, "A percentage is between 1 and 90."),
        ({"percent": ""}, "Give either a percentage or an amount"),
        ({"total": "0"}, "Give a whole number of coupons."),
        ({"per_person": "11"}, "One person may have 1 to 10"),
        ({"percent": "", "off-FR": "much"}, "Amounts are over zero."),
    ],
)
async def test_a_coupon_that_cannot_be_is_refused_in_words(
    town: Town, seller: httpx.AsyncClient, changes: dict[str, str], words: str
) -> None:
    typed = {"code": "TEA10", "percent": "10", "total": "50", "per_person": "1", "minutes": "15", **changes}
    answer = await seller.post(f"{base(town)}/coupons", data=typed)

    assert answer.status_code == 422
    assert words in answer.text
    async with town.database.read() as db:
        assert await coupons.of_show(db, town.show.id) == ()
