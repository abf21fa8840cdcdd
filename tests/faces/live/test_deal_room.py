# SPDX-License-Identifier: Apache-2.0
"""A deal as a room shows it: both prices, the countdown, the claim of a browser without script, the place in
line; and the room's coupons, from the chip to the price."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx

from silkcast.faces.live.outdating import Outdating
from silkcast.flows import claiming
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import DealId, new_secret, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.stage.deals import coupons
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.events import DealEnded, DealLaunched
from silkcast.stage.deals.values import Coupon, Deal, NewCoupon
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.events import ShowEnded
from silkcast.trade.orders import service as orders
from tests.faces.build import Town, visitor

from .test_claiming import HOME, buyer, claim, running


def plain(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


async def start(town: Town) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
        await rooms.pin(tx, town.show.id, town.seller.id, town.product.id)


def press(deal: Deal, **changes: str) -> dict[str, str]:
    return {"variant": str(deal.lanes[0].variant), "units": "1", "key": new_secret(18), **changes}


async def test_the_card_counts_down_and_says_both_prices(town: Town, clock: SetClock) -> None:
    await start(town)
    async with running(town, clock, 5) as deal, visitor(town) as client:
        clock.at -= timedelta(seconds=4)
        early = await client.get(f"/room/{town.show.slug}")
        clock.at += timedelta(seconds=5)
        card = await client.get(f"/live/{town.show.id}/card", headers={"x-fragment": "1"})

    assert "deal-band counting" in early.text
    assert f'data-then="{deal.ends_at.isoformat()}"' in early.text if deal.ends_at else False
    assert "deal-band counting" not in card.text
    struck = re.search(r"<s>.*?</s>", card.text)
    assert struck is not None, "the usual price is struck"
    assert f'data-lane="{deal.id}/{town.variant.id}"' in card.text
    assert f'action="/deals/{deal.id}/claim"' in card.text


async def test_a_market_without_the_deals_price_sees_no_deal(town: Town, clock: SetClock) -> None:
    await start(town)
    async with running(town, clock, 5), visitor(town, market="SG") as client:
        page = await client.get(f"/room/{town.show.slug}")

    assert "deal-band" not in page.text


async def test_the_state_gives_a_browser_the_key_it_claims_with(town: Town) -> None:
    await start(town)
    async with visitor(town) as client:
        first = await client.get(f"/live/{town.show.id}/state")
        again = await client.get(f"/live/{town.show.id}/state")
        page = await client.get(f"/room/{town.show.slug}")

    assert "visitor=" in first.headers["set-cookie"]
    assert "set-cookie" not in again.headers
    assert "set-cookie" not in page.headers, "the page is the same for all strangers"


async def test_without_script_a_form_claims_and_leads_on(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1) as deal, visitor(town) as first, visitor(town) as second:
        form = press(deal)
        got = await first.post(f"/deals/{deal.id}/claim", data=form)
        again = await first.post(f"/deals/{deal.id}/claim", data=form)
        more = await first.post(f"/deals/{deal.id}/claim", data=press(deal))
        late = await second.post(f"/deals/{deal.id}/claim", data=press(deal))
        place = await second.get(late.headers["location"])

    name = f"/claims/{deal.lanes[0].id}-1"
    assert (got.status_code, got.headers["location"]) == (303, name)
    assert "visitor=" in got.headers["set-cookie"]
    assert again.headers["location"] == name
    assert more.headers["location"] == name, "who has theirs is led to it"
    assert "Number 1 of 1" in plain(place).replace(" 1 of 1 ", " 1 of 1 ")


async def test_what_a_form_cannot_claim(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1, has_waitlist=False) as deal, visitor(town) as client:
        bad = [
            await client.post(f"/deals/{deal.id}/claim", data=press(deal, **wrong))
            for wrong in ({"variant": "x"}, {"key": "short"}, {"units": "0"}, {"units": "11"})
        ]
        missing = await client.post(f"/deals/{new_uuid()}/claim", data=press(deal))
        clock.at -= timedelta(seconds=1)
        early = await client.post(f"/deals/{deal.id}/claim", data=press(deal))
        clock.at += timedelta(seconds=1)
        async with buyer(town) as other:
            await claim(other, deal)
        late = await client.post(f"/deals/{deal.id}/claim", data=press(deal))

    assert {answer.status_code for answer in bad} == {422}
    assert missing.status_code == 404
    assert early.status_code == 409
    assert "The deal has not begun" in early.text
    assert late.status_code == 409
    assert "It was sold out when your tap arrived" in late.text
    assert "Buy at the usual price" in late.text


async def test_mine_says_what_this_browser_has(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1) as deal, buyer(town) as first, buyer(town) as second:
        granted = (await claim(first, deal)).json()
        await claim(second, deal)
        has = (await first.get(f"/deals/{deal.id}/mine")).json()["claims"]
        waits = (await second.get(f"/deals/{deal.id}/mine")).json()["claims"]
        await first.post(f"/claims/{granted['claim']}/give-up")
        offered = (await second.get(f"/deals/{deal.id}/mine")).json()["claims"]
        async with visitor(town) as nobody:
            none = (await nobody.get(f"/deals/{deal.id}/mine")).json()["claims"]

    assert [(one["state"], one["claim"]) for one in has] == [("open", granted["claim"])]
    assert [(one["state"], one["place"]) for one in waits] == [("waiting", 1)]
    assert [one["state"] for one in offered] == ["open"]
    assert none == []


async def test_the_place_in_line_answers_only_when_it_changes(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1) as deal, buyer(town) as first, buyer(town) as second:
        granted = (await claim(first, deal)).json()
        name = (await claim(second, deal)).json()["claim"]
        path = f"/claims/{name}?place=1&waiting=1"

        same = await second.get(path)
        await first.post(f"/claims/{granted['claim']}/give-up")
        turn = await second.get(path)

    assert same.status_code == 204
    assert turn.status_code == 303
    assert f"claim={name}" in turn.headers["location"]


async def test_when_the_time_is_over_the_sheet_leads_to_words(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1) as deal, buyer(town) as client:
        granted = (await claim(client, deal)).json()
        on = (await client.get(granted["href"])).headers["location"]
        clock.at += timedelta(minutes=5)
        over = await client.get(granted["href"])
        await client.post(f"{granted['href']}/give-up")
        sheet = await client.get(on)

    assert over.status_code == 200
    assert "not paid in time" in over.text
    assert (sheet.status_code, sheet.headers["location"]) == (303, granted["href"])


async def test_what_is_launched_lies_on_the_table(town: Town, clock: SetClock) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
    async with running(town, clock) as deal, town.database.write() as tx:
        assert deal.starts_at is not None
        assert deal.ends_at is not None
        await claiming.pin(tx, DealLaunched(deal.id, town.show.id, deal.starts_at, deal.ends_at))
        pin = await rooms.pinned(tx, town.show.id)

    assert pin is not None
    assert pin.product == town.product.id


async def test_a_deal_ends_with_its_show(town: Town, clock: SetClock) -> None:
    await start(town)
    async with running(town, clock) as deal, town.database.write() as tx:
        ended = await rooms.end(tx, town.show.id, town.seller.id)
        await claiming.end_with_show(tx, ShowEnded(ended.id, town.seller.id, tx.now))
        over = await deals.the_deal(tx, deal.id)

    assert (over.state, over.ended_why) == ("ended", "show_ended")


def test_a_launch_and_an_end_outdate_the_pages(town: Town) -> None:
    deal, at = DealId(new_uuid()), town.database.clock.now()

    assert Outdating().all_pages([DealLaunched(deal, town.show.id, at, at)])
    assert Outdating().all_pages([DealEnded(deal, town.show.id, "time")])


async def make(town: Town, **changes: Any) -> Coupon:
    async with town.database.write() as tx:
        new: dict[str, Any] = {
            "code": "TEA10",
            "total": 2,
            "starts_at": tx.now,
            "ends_at": tx.now + timedelta(minutes=15),
            "percent": 10,
        }
        return await coupons.make(tx, town.seller.id, town.show.id, NewCoupon(**(new | changes)))


def at(town: Town, coupon: Coupon) -> str:
    return f"/live/{town.show.id}/coupons/{coupon.id}"


async def test_a_coupon_is_claimed_in_the_room_while_it_is_live(town: Town) -> None:
    coupon = await make(town)
    async with buyer(town) as client:
        early = await client.post(at(town, coupon), data={"key": "a"}, headers={"x-fragment": "1"})
        await start(town)
        page = await client.get(f"/room/{town.show.slug}")
        got = await client.post(at(town, coupon), data={"key": "a"}, headers={"x-fragment": "1"})
        again = await client.post(at(town, coupon), data={"key": "a"}, headers={"x-fragment": "1"})
        more = await client.post(at(town, coupon), data={"key": "b"}, headers={"x-fragment": "1"})
        other = await client.post(f"/live/{new_uuid()}/coupons/{coupon.id}", data={"key": "c"})
    async with town.database.read() as db:
        claimed = (await coupons.the_coupon(db, coupon.id)).claimed

    assert early.status_code == 409
    assert "TEA10" in page.text
    assert "2 left" in plain(page).replace("2  left", "2 left")
    assert (got.status_code, again.status_code, more.status_code, other.status_code) == (201, 201, 409, 404)
    assert "yours, used when you pay" in got.text
    assert "You have this coupon already" in more.text
    assert claimed == 1


async def test_when_all_are_taken_it_is_said(town: Town) -> None:
    coupon = await make(town, total=1)
    await start(town)
    async with buyer(town) as first, buyer(town) as second:
        await first.post(at(town, coupon), data={"key": "a"})
        late = await second.post(at(town, coupon), data={"key": "a"}, headers={"x-fragment": "1"})

    assert late.status_code == 409
    assert "All 1 of these coupons are taken" in late.text


async def test_a_coupon_lowers_the_price_by_itself_and_is_spent_on_the_order(town: Town) -> None:
    coupon = await make(town)
    await start(town)
    async with buyer(town) as client:
        before = await client.get(f"/buy/{town.variant.id}")
        await client.post(at(town, coupon), data={"key": "a"})
        await client.post(f"/buy/{town.variant.id}/address", data=HOME)
        page = await client.get(f"/buy/{town.variant.id}")
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        await client.post(f"/buy/{town.variant.id}", data={**form, "payment": "card"})
        after = await client.get(f"/buy/{town.variant.id}")
    async with town.database.read() as db:
        (order,) = (await orders.orders(db, seller=town.seller.id)).items

    assert "24.00" in before.text
    assert "21.60" in page.text
    assert "With your coupon TEA10" in plain(page)
    assert form["coupon"] == f"{coupon.id}.1"
    assert order.lines[0].unit_price == Money.of("21.60", "EUR")
    assert "With your coupon" not in after.text, "it is spent"


async def test_anothers_coupon_is_refused_and_the_price_without_is_shown(town: Town) -> None:
    coupon = await make(town)
    await start(town)
    async with buyer(town) as owner, buyer(town) as thief:
        await owner.post(at(town, coupon), data={"key": "a"})
        await thief.post(f"/buy/{town.variant.id}/address", data=HOME)
        data = {"coupon": f"{coupon.id}.1", "key": new_secret(18), "payment": "card"}
        answer = await thief.post(f"/buy/{town.variant.id}", data=data)

    assert answer.status_code == 409
    assert "There is no such coupon" in answer.text


async def test_a_coupon_stacks_on_a_deal_only_if_it_says_so(town: Town, clock: SetClock) -> None:
    await start(town)
    pages = []
    for stacks in (False, True):
        coupon = await make(town, code=f"TEA{stacks:d}00", stacks=stacks)
        async with running(town, clock, 1) as deal, buyer(town) as client:
            await client.post(at(town, coupon), data={"key": "a"})
            granted = (await claim(client, deal)).json()
            pages.append(await client.get((await client.get(granted["href"])).headers["location"]))
        async with town.database.write() as tx:
            await deals.end(tx, deal.id, "by_hand")

    alone, stacked = pages
    assert "19.00" in alone.text
    assert "does not come on top of this deal" in alone.text
    assert "17.10" in stacked.text
    assert "With your coupon TEA100" in plain(stacked)


async def test_an_amount_is_for_its_own_market_only(town: Town) -> None:
    await make(town, percent=None, amounts={Country("FR"): Money.of("5", "EUR")})
    await start(town)
    async with visitor(town) as french, visitor(town, market="SA") as saudi:
        here = await french.get(f"/room/{town.show.slug}")
        there = await saudi.get(f"/room/{town.show.slug}")

    assert "TEA10" in here.text
    assert "TEA10" not in there.text


async def test_in_the_eu_a_lowered_price_stands_beside_the_lowest_of_thirty_days(
    town: Town, clock: SetClock
) -> None:
    """The shop's price was 20 for a while, then 24: the deal is held against 20, all in."""
    await town.set_price("20.00")
    async with visitor(town) as client:
        then = re.search(r'class="now">(.*?)</span>', (await client.get(town.path)).text)
    clock.at += timedelta(days=10)
    await town.set_price("24.00")
    await start(town)
    path, inside = f"/live/{town.show.id}/card", {"x-fragment": "1"}
    async with running(town, clock, 5):
        async with visitor(town) as client:
            french = await client.get(path, headers=inside)
        async with visitor(town, market="SA") as client:
            saudi = await client.get(path, headers=inside)

    assert then is not None
    lowest = re.search(r'class="small lowest">(.*?)</p>', french.text, re.S)
    struck = re.search(r"<s>.*?</s>", french.text, re.S)
    assert lowest is not None
    assert struck is not None
    assert figure(then[1]) == figure(lowest[1].removeprefix("Lowest in the last 30 days:"))
    assert figure(struck[0]) == figure(then[1]), "not lowered from the price of last week"
    assert "<s>" in saudi.text
    assert 'lowest">' not in saudi.text


def figure(html: str) -> str:
    """The amount in some words."""
    found = re.search(r"[0-9]+[.,][0-9]{2}", re.sub(r"<[^>]+>", "", html))
    assert found is not None, html
    return found[0]
