# SPDX-License-Identifier: Apache-2.0
"""The counter of each market: numbers customs asks for, and what the law gives a person in a year."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import text

from silkcast.flows import calling_off, erasing, receiving
from silkcast.flows.checkout import Outcome
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import OrderId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import SYSTEM
from silkcast.trade.orders import receiving as papers
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer
from silkcast.trade.quotes.errors import NotSoldHere, PriceChanged
from silkcast.trade.shipping import service as shipping
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BadRecipientNumber
from tests.flows.build import HOMES, World

PRICES = {"KR": "18000", "BR": "90.00", "ID": "2400000", "CL": "12000", "CN": "1200.00", "AR": "18000.00"}
GOOD = {
    "KR": ("PCCC", "P123456789012"),
    "BR": ("CPF", "39053344705"),
    "ID": ("NIK", "3171011708450001"),
    "CL": ("RUT", "125319092"),
    "CN": ("CN_ID", "360426199101010071"),
    "AR": ("CUIT", "20055361682"),
}
BAD = {"KR": "P12345", "BR": "39053344706", "ID": "123", "CL": "125319093", "CN": "360426199101010072"}


async def price_there(world: World, code: str, amount: str = "") -> None:
    currency = markets.market(code, world.clock.now().date()).currency
    async with world.database.write() as tx:
        await pricing.set_price(
            tx,
            world.variant("cup"),
            Country(code),
            Money.of(amount or PRICES[code], currency),
            currency=currency,
        )


async def buy(world: World, code: str, numbers: Mapping[str, str], **changes: Any) -> Outcome:
    return await world.buy(
        code, {"cup": changes.pop("units", 1)},
        **{
            "ship_to": HOMES[code],
            "buyer": Buyer(HOMES[code].name, "buyer@example.org", HOMES[code].phone),
            "numbers": numbers,
        } | changes,
    )  # fmt: skip


def good(code: str) -> dict[str, str]:
    return dict((GOOD[code],))


async def used(world: World, code: str, numbers: Mapping[str, str]) -> Mapping[str, Decimal]:
    async with world.database.read() as db:
        return await receiving.used(db, world.market(code), Buyer("nobody"), numbers)


async def call_off(world: World, order: OrderId) -> None:
    async with world.database.write() as tx:
        await calling_off.by_buyer(tx, order)
    await world.quiet()


@pytest.mark.parametrize("code", BAD)
async def test_a_right_number_goes_with_the_order_and_a_wrong_one_places_none(
    world: World, code: str
) -> None:
    await price_there(world, code)
    kind = GOOD[code][0]

    with pytest.raises(BadRecipientNumber) as refused:
        await buy(world, code, {kind: BAD[code]})
    assert (refused.value.code, refused.value.kind, refused.value.fault) == (
        "markets.bad_recipient_number",
        kind,
        "invalid",
    )
    assert BAD[code] not in str(refused.value.facts())
    assert await world.free() == (50, 50), "nothing is held"

    made = await buy(world, code, good(code))
    async with world.database.read() as db:
        assert await papers.for_papers(db, made.order.id) == good(code)


@pytest.mark.parametrize("code", ["KR", "BR", "CN"])
async def test_where_it_is_always_asked_nothing_is_sold_without(world: World, code: str) -> None:
    await price_there(world, code)

    with pytest.raises(BadRecipientNumber) as refused:
        await buy(world, code, {})

    assert (refused.value.kind, refused.value.fault) == (GOOD[code][0], "required")
    assert await world.free() == (50, 50)


@pytest.mark.parametrize("code", ["ID", "CL"])
async def test_where_customs_asks_of_some_parcels_it_may_be_left_out(world: World, code: str) -> None:
    await price_there(world, code)
    assert (await buy(world, code, {})).order.state in ("held", "awaiting_payment")


async def test_a_number_the_market_does_not_ask_for_is_not_kept(world: World) -> None:
    with pytest.raises(BadRecipientNumber) as refused:
        await world.buy("FR", numbers={"CPF": GOOD["BR"][1]})
    assert refused.value.fault == "not_asked"
    assert (await world.buy("FR")).order.market == "FR"


async def test_the_carrier_gets_it_and_no_event_job_or_letter_does(world: World) -> None:
    await price_there(world, "KR")
    made = await buy(world, "KR", good("KR"))
    await world.card(made.action)
    order = await world.reaches(made.order.id, "paid")
    parcel = await world.dispatched(order)
    await world.quiet()

    assert parcel.label is not None
    label = await world.scene.files.get(shipping.label_name(parcel.label))
    (page,) = pypdfium2.PdfDocument(label)
    words = page.get_textpage().get_text_bounded()
    assert "Receiver's id ..012" in words, "the carrier got it"
    assert GOOD["KR"][1] not in words
    assert await readable_in(world, GOOD["KR"][1]) == []


async def readable_in(world: World, secret: str) -> list[str]:
    """The tables of the house that hold a text as anybody could read it."""
    found = []
    async with world.database.read() as db:
        tables = await db.session.execute(
            text(
                "SELECT schemaname || '.' || tablename FROM pg_tables"
                " WHERE schemaname NOT LIKE 'pg_%' AND schemaname <> 'information_schema'"
            )
        )
        for (name,) in tables.all():
            rows = (await db.session.execute(text(f"SELECT t::text FROM {name} AS t"))).scalars().all()
            if any(secret in row for row in rows):
                found.append(name)
    return found


async def test_the_clock_purges_it_some_days_after_the_order_was_called_off(world: World) -> None:
    await price_there(world, "KR")
    order = (await buy(world, "KR", good("KR"))).order
    await call_off(world, order.id)
    days = world.scene.settings.receiver_number_days

    world.clock.advance(timedelta(days=days) - timedelta(minutes=5))
    await world.tick("flows.purge_receiver_numbers")
    async with world.database.read() as db:
        assert await papers.tails(db, order.id) == {"PCCC": "012"}

    world.clock.advance(timedelta(minutes=10))
    await world.tick("flows.purge_receiver_numbers")
    async with world.database.read() as db:
        assert await papers.tails(db, order.id) == {}


async def test_erasing_a_person_purges_their_number_and_what_they_used(world: World) -> None:
    await price_there(world, "CN")
    order = (await buy(world, "CN", good("CN"))).order
    assert await used(world, "CN", good("CN"))
    await call_off(world, order.id)

    async with world.database.write() as tx:
        await erasing.erase_buyer(tx, order.id)

    async with world.database.read() as db:
        assert await papers.for_papers(db, order.id) == {}
        left = await db.session.execute(text("SELECT count(*) FROM quotes.uses"))
        assert left.scalar_one() == 0


async def test_china_counts_a_persons_year_and_says_no_over_it(world: World) -> None:
    await price_there(world, "CN", "4900.00")
    for number in range(5):
        made = await buy(world, "CN", good("CN"), buyer=Buyer("王芳", f"{number}@example.org", ""))
        assert made.order.market == "CN"
    before = (await used(world, "CN", good("CN")))["year_value"]
    assert Decimal("24500.00") < before <= Decimal("26000.00")

    with pytest.raises(NotSoldHere) as refused:
        await buy(world, "CN", good("CN"))
    assert (refused.value.code, refused.value.reason) == ("quotes.not_sold_here", "over_yearly_limit")

    somebody_else = {"CN_ID": "11010519491231002X"}
    assert (await buy(world, "CN", somebody_else)).order.market == "CN", "the limit is each person's own"

    async with world.database.read() as db:
        mine = (await orders.orders(db)).items[-1]
    await call_off(world, mine.id)
    assert (await used(world, "CN", good("CN")))["year_value"] < before
    assert (await buy(world, "CN", good("CN"))).order.market == "CN", "what was called off is given back"


async def test_argentina_counts_parcels(world: World) -> None:
    await price_there(world, "AR")
    for _ in range(5):
        await buy(world, "AR", good("AR"))

    with pytest.raises(NotSoldHere) as refused:
        await buy(world, "AR", good("AR"))
    assert refused.value.reason == "over_yearly_limit"
    assert await used(world, "AR", good("AR")) == {"year_parcels": Decimal(5)}


async def test_two_orders_of_one_person_at_once_are_counted_one_after_the_other(world: World) -> None:
    await price_there(world, "AR")
    for _ in range(4):
        await buy(world, "AR", good("AR"))

    tried = await asyncio.gather(*(buy(world, "AR", good("AR")) for _ in range(4)), return_exceptions=True)

    made = [one for one in tried if isinstance(one, Outcome)]
    refused = [one for one in tried if isinstance(one, NotSoldHere)]
    assert (len(made), len(refused)) == (1, 3), tried
    assert await used(world, "AR", good("AR")) == {"year_parcels": Decimal(5)}


async def sell_shirts(world: World) -> None:
    """The cup becomes one of cotton: Korea's rate for porcelain above the limit is not known here."""
    async with world.database.write() as tx:
        cup = world.products["cup"]
        await tx.session.execute(
            text("UPDATE catalog.products SET hs_code = '610910' WHERE id = :id"), {"id": cup.id}
        )


async def test_in_korea_what_one_buys_on_one_day_is_added_up(world: World) -> None:
    """Each alone is under the limit of value; the second one is not, and its price is shown first."""
    await sell_shirts(world)
    await price_there(world, "KR", "120000")
    first = await buy(world, "KR", good("KR"))
    shown = first.order.total

    with pytest.raises(PriceChanged) as refused:
        await buy(world, "KR", good("KR"), shown=shown)
    assert refused.value.now > shown

    second = await buy(world, "KR", good("KR"), shown=refused.value.now)
    assert second.order.total == refused.value.now
    world.clock.advance(timedelta(days=1))
    assert (await buy(world, "KR", good("KR"), shown=shown)).order.total == shown


async def test_an_order_that_expires_gives_back_and_late_money_counts_again(world: World) -> None:
    await price_there(world, "AR")
    made = await buy(world, "AR", good("AR"))
    async with world.database.write(SYSTEM) as tx:
        await orders.move(tx, made.order.id, "expired", "time is up")
    await world.quiet()
    assert await used(world, "AR", good("AR")) == {}

    async with world.database.write(SYSTEM) as tx:
        await orders.move(tx, made.order.id, "paid", "the money came late")
    await world.quiet()
    assert await used(world, "AR", good("AR")) == {"year_parcels": Decimal(1)}
