# SPDX-License-Identifier: Apache-2.0
"""One tap: off until it is switched on; then a press that says the price is an order."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import new_secret
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing import packs
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Claim, Deal, NewDeal, NewLane
from silkcast.stage.rooms import service as rooms
from silkcast.trade.orders import receiving
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.who.identity import one_tap
from silkcast.who.identity.values import User
from tests.faces.build import Town, visitor
from tests.faces.live.test_claiming import claim, running
from tests.faces.running import person

from .test_buy import RIYADH, form_of


@dataclass(frozen=True)
class Noura:
    """Somebody from Riyadh who is logged in."""

    client: httpx.AsyncClient
    user: User


@pytest.fixture
async def noura(town: Town) -> AsyncIterator[Noura]:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
        await rooms.pin(tx, town.show.id, town.seller.id, town.product.id)
    known = await person(town.database, name="نورة")
    async with visitor(town, market="SA") as client:
        client.cookies.set("session", known.session)
        client.cookies.set("visitor", new_secret(18))
        yield Noura(client, known.user)


async def switch_on(town: Town, noura: Noura) -> None:
    """By the tick in the buy sheet, with an order at the usual price."""
    await noura.client.post(f"/buy/{town.variant.id}/address", data=RIYADH)
    sheet = await noura.client.get(f"/buy/{town.variant.id}?payment=cod")
    assert 'name="one_tap" value="yes"' in sheet.text
    ticked = form_of(sheet.text, one_tap_asked="yes", one_tap="yes")
    answer = await noura.client.post(f"/buy/{town.variant.id}", data=ticked)
    assert answer.status_code == 303, answer.text[:300]
    noura.client.cookies.delete("receiver")  # only what the account keeps counts from here on


async def card(town: Town, noura: Noura) -> str:
    answer = await noura.client.get(f"/live/{town.show.id}/card", headers={"x-fragment": "1"})
    return answer.text


def shown_on(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9.]+)"', page)
    return found[1] if found else ""


async def tap(town: Town, noura: Noura, deal: Deal, shown: str) -> httpx.Response:
    """As the room's script: claimed, then ordered."""
    granted = (await claim(noura.client, deal)).json()
    assert granted["outcome"] == "granted"
    return await noura.client.post(f"/claims/{granted['claim']}/order", data={"shown": shown})


async def the_claim(town: Town, deal: Deal) -> Claim:
    async with town.database.read() as db:
        (found,) = await deals.claims(db, deal.lanes[0].id)
    return found


async def order_at(town: Town, location: str) -> Order:
    async with town.database.read() as db:
        return await orders.by_secret(db, location.split("/")[2])


async def test_one_press_orders_and_says_what_where_to_and_for_how_much(
    town: Town, noura: Noura, clock: SetClock
) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 5) as deal:
        page = await card(town, noura)
        shown = shown_on(page)
        answer = await tap(town, noura, deal, shown)
        again = await noura.client.post(f"/claims/{(await the_claim(town, deal)).name}/order", data={})
    ordered = await noura.client.get(answer.headers["location"], headers={"x-fragment": "1"})

    label = re.search(r'data-one-tap="([^"]+)"', page)
    assert label is not None
    assert html.unescape(label[1]).startswith("Order, pay "), "the button says that it is owed"
    assert shown in html.unescape(label[1])
    assert re.findall(r'pinned-price"><span class="now">.*?([0-9]+\.[0-9]{2})', page) == [shown], "one price"
    assert "شارع العليا 12" in page
    assert answer.status_code == 303
    assert answer.headers["location"] == again.headers["location"], "the same claim is the same order"
    order = await order_at(town, answer.headers["location"])
    assert (order.state, order.payment_method, str(order.total.amount)) == ("cod_accepted", "cod", shown)
    assert (order.buyer.user, order.ship_to.city) == (noura.user.id, "الرياض")
    for words in ("It is yours", "شارع العليا 12", order.number, "1 × Celadon", "Call it off now"):
        assert words in ordered.text, words
    assert shown in ordered.text


async def test_without_script_the_form_claims_and_orders(town: Town, noura: Noura, clock: SetClock) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 5) as deal:
        page = await card(town, noura)
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        claimed = await noura.client.post(f"/deals/{deal.id}/claim", data=form)
        ordered = await noura.client.post(claimed.headers["location"], data=form)

    assert claimed.status_code == 307, "the same form goes on"
    assert ordered.headers["location"].endswith("/ordered")


async def test_it_is_off_until_it_is_switched_on(town: Town, noura: Noura, clock: SetClock) -> None:
    await noura.client.post(f"/buy/{town.variant.id}/address", data=RIYADH)
    sheet = await noura.client.get(f"/buy/{town.variant.id}?payment=cod")
    unticked = form_of(sheet.text, one_tap_asked="yes")
    await noura.client.post(f"/buy/{town.variant.id}", data=unticked)
    async with running(town, clock, 5) as deal:
        page = await card(town, noura)
        answer = await tap(town, noura, deal, "90.00")

    ticked = re.search(r'name="one_tap" value="yes"( checked)?', sheet.text)
    assert ticked is not None
    assert ticked[1] is None, "the tick is not set beforehand"
    assert "data-one-tap" not in page
    assert answer.headers["location"] == f"/claims/{(await the_claim(town, deal)).name}", "on to the sheet"
    assert (await the_claim(town, deal)).state == "open", "nothing was ordered"


async def test_a_stranger_and_a_card_are_not_asked(town: Town, noura: Noura) -> None:
    await noura.client.post(f"/buy/{town.variant.id}/address", data=RIYADH)
    by_card = await noura.client.get(f"/buy/{town.variant.id}?payment=card")
    async with visitor(town, market="SA") as stranger:
        await stranger.post(f"/buy/{town.variant.id}/address", data=RIYADH)
        unknown = await stranger.get(f"/buy/{town.variant.id}?payment=cod")
    sheet = await noura.client.get(f"/buy/{town.variant.id}?payment=card")
    forged = form_of(sheet.text, payment="card", one_tap_asked="yes", one_tap="yes")
    await noura.client.post(f"/buy/{town.variant.id}", data=forged)

    assert "one_tap" not in by_card.text
    assert "one_tap" not in unknown.text
    async with town.database.read() as db:
        assert await one_tap.all_of_user(db, noura.user.id) == ()


async def test_without_a_saved_address_there_is_nothing_to_switch_on(town: Town, noura: Noura) -> None:
    sheet = await noura.client.get(f"/buy/{town.variant.id}?payment=cod")

    assert "one_tap" not in sheet.text
    assert "Add an address and phone" in sheet.text


async def test_in_another_market_it_is_off(town: Town, noura: Noura, clock: SetClock) -> None:
    await switch_on(town, noura)
    noura.client.cookies.set("market", "FR")
    async with running(town, clock, 5) as deal:
        page = await card(town, noura)
        answer = await tap(town, noura, deal, "90.00")

    assert "data-one-tap" not in page
    assert answer.headers["location"].startswith("/claims/")
    assert (await the_claim(town, deal)).state == "open"


async def test_another_price_than_the_button_said_is_shown_first(
    town: Town, noura: Noura, clock: SetClock
) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 5) as deal:
        answer = await tap(town, noura, deal, "1.00")
        claimed = await the_claim(town, deal)
        unsaid = await noura.client.post(f"/claims/{claimed.name}/order", data={})

    assert answer.status_code == 409
    assert "The price has changed. Look at the new one before you pay." in answer.text
    assert "شارع العليا 12" in answer.text, "the sheet has everything filled in"
    assert unsaid.headers["location"] == f"/claims/{claimed.name}", "without a price it is no order"
    assert claimed.state == "open"


async def test_anothers_claim_is_not_ordered(town: Town, noura: Noura, clock: SetClock) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 5) as deal:
        async with visitor(town, market="SA") as other:
            other.cookies.set("visitor", new_secret(18))
            granted = (await claim(other, deal)).json()
        answer = await noura.client.post(f"/claims/{granted['claim']}/order", data={"shown": "90.00"})

    assert answer.status_code == 404
    assert (await the_claim(town, deal)).state == "open"


async def test_who_comes_too_late_waits_and_orders_nothing(town: Town, noura: Noura, clock: SetClock) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 1) as deal:
        async with visitor(town, market="SA") as first:
            first.cookies.set("visitor", new_secret(18))
            await claim(first, deal)
        page = await card(town, noura)
        waiting = (await claim(noura.client, deal)).json()
        answer = await noura.client.post(f"/claims/{waiting['claim']}/order", data={"shown": "90.00"})

    assert "data-one-tap" not in page
    assert "Join the line" in page
    assert answer.headers["location"] == f"/claims/{waiting['claim']}"


async def test_an_order_is_called_off_until_it_is_packed(town: Town, noura: Noura, clock: SetClock) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 5) as deal:
        answer = await tap(town, noura, deal, shown_on(await card(town, noura)))
    secret = answer.headers["location"].split("/")[2]
    page = await noura.client.get(f"/order/{secret}")
    off = await noura.client.post(f"/order/{secret}/call-off")
    again = await noura.client.post(f"/order/{secret}/call-off")
    told = await noura.client.get(off.headers["location"])

    assert "Call the order off" in page.text
    assert (off.status_code, again.status_code) == (303, 303)
    assert (await order_at(town, f"/order/{secret}")).state == "cancelled"
    assert "The order is called off" in told.text
    assert "Call it off now" not in told.text


async def test_what_is_on_its_way_is_not_called_off(town: Town, noura: Noura, clock: SetClock) -> None:
    await switch_on(town, noura)
    async with running(town, clock, 5) as deal:
        answer = await tap(town, noura, deal, shown_on(await card(town, noura)))
    secret = answer.headers["location"].split("/")[2]
    order = await order_at(town, f"/order/{secret}")
    async with town.database.write() as tx:
        await orders.move(tx, order.id, "declared", "the list was sent")
    late = await noura.client.post(f"/order/{secret}/call-off")
    page = await noura.client.get(f"/order/{secret}")
    wrong = await noura.client.post(f"/order/{secret[:-1]}/call-off")

    assert late.status_code == 409
    assert "calling_off.too_late" in late.text
    assert "Call the order off" not in page.text
    assert wrong.status_code == 404
    assert (await order_at(town, f"/order/{secret}")).state == "declared"


async def test_it_is_switched_off_in_the_account_or_by_the_tick(
    town: Town, noura: Noura, clock: SetClock
) -> None:
    await switch_on(town, noura)
    you = await noura.client.get("/you")
    async with visitor(town) as stranger:
        refused = await stranger.post("/you/one-tap/SA/off")
    async with town.database.read() as db:
        kept = await one_tap.all_of_user(db, noura.user.id)
    off = await noura.client.post("/you/one-tap/SA/off")
    async with town.database.read() as db:
        gone = await one_tap.all_of_user(db, noura.user.id)

    await switch_on(town, noura)
    sheet = await noura.client.get(f"/buy/{town.variant.id}?payment=cod")
    await noura.client.post(f"/buy/{town.variant.id}", data=form_of(sheet.text, one_tap_asked="yes"))
    async with town.database.read() as db:
        unticked = await one_tap.all_of_user(db, noura.user.id)

    assert "شارع العليا 12" in you.text
    assert (refused.status_code, off.status_code) == (401, 303)
    assert [one.market for one in kept] == ["SA"]
    assert (gone, unticked) == ((), ())
    assert 'name="one_tap" value="yes" checked' in sheet.text


async def test_a_saved_address_is_sealed(town: Town, noura: Noura) -> None:
    await switch_on(town, noura)
    async with town.database.read() as db:
        (saved,) = await one_tap.all_of_user(db, noura.user.id)
        rows = await db.session.connection()
        text = str((await rows.exec_driver_sql("SELECT * FROM identity.one_taps")).all())

    assert saved.address.city == "الرياض"
    assert (saved.method, repr(saved)) == ("cod", "OneTap(SA, …)")
    assert "الرياض" not in text
    assert saved.address.phone not in text


async def test_beyond_the_carriers_most_the_button_only_claims(
    town: Town, noura: Noura, clock: SetClock
) -> None:
    await switch_on(town, noura)
    await town.set_price("90000.00", "SA", "SAR")
    async with running(town, clock, 5):
        cheap = await card(town, noura)
    async with town.database.write() as tx:
        first = await deals.launched(tx, town.show.id)
        assert first is not None
        await deals.end(tx, first.id, "by_hand")
        dear = {Country("SA"): Money.of("80000.00", "SAR")}
        lane = NewLane(town.variant.id, town.product.id, 5, dear)
        made = await deals.plan(tx, town.seller.id, NewDeal(town.show.id, (lane,)))
        await deals.launch(tx, made.id, town.seller.id)
    page = await card(town, noura)

    assert "data-one-tap" in cheap
    assert "data-deal" in page
    assert "data-one-tap" not in page


async def test_where_customs_asks_for_a_number_the_order_is_finished_in_the_sheet(
    town: Town, noura: Noura, clock: SetClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A pack that is data alone: Saudi Arabia, had it such a number. Told the number, one press orders."""
    await switch_on(town, noura)
    folder = tmp_path_factory.mktemp("packs")
    ask_for_a_number(folder)
    packs.use(packs.PackSettings(folder))
    try:
        async with running(town, clock, 5) as deal:
            shown = shown_on(await card(town, noura))
            led = await tap(town, noura, deal, shown)
            name = (await the_claim(town, deal)).name
            told = RIYADH | {"number_SA_ID": "1012345672"}
            await noura.client.post(f"/buy/{town.variant.id}/address", data=told)
            ordered = await noura.client.post(f"/claims/{name}/order", data={"shown": shown})
    finally:
        packs.use(packs.PackSettings())

    assert led.headers["location"] == f"/claims/{name}"
    order = await order_at(town, ordered.headers["location"])
    async with town.database.read() as db:
        assert await receiving.tails(db, order.id) == {"SA_ID": "672"}


def ask_for_a_number(folder: Path) -> None:
    pack = folder / "sa"
    pack.mkdir()
    house = (packs.HOUSE / "sa" / "market.toml").read_text(encoding="utf-8")
    asked = """
[[edition.recipient]]
code = "SA_ID"
asked = "always"
pattern = "[12][0-9]{9}"
hint = "10"
fact = { mark = "ours", as_of = 2026-11-22 }
"""
    (pack / "market.toml").write_text(house + asked, encoding="utf-8")
