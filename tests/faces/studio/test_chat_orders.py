# SPDX-License-Identifier: Apache-2.0
"""Orders from a chat: read, entered into the queue of the taps, finished by whoever gets the link."""

from __future__ import annotations

import asyncio
import html
import re

import httpx
import pytest
import structlog
from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.ground.places import Country
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import CommitterSettings
from silkcast.stage.deals.values import Claim, Deal
from silkcast.who.closings import service as closings
from tests.faces.build import Town, visitor
from tests.faces.live.test_claiming import HOME, buyer, claim, running

from .conftest import live_show

CHAT = """[12:03] Mai Sunisa: CUP-CELADON x1
[12:04] Tom: is it warm?
[12:04] Léa: mine!
[12:05] نورة: +1
[12:06] Tom: cancel mine
"""


@pytest.fixture
async def on_air(town: Town) -> Town:
    await live_show(town)
    return town


def path(town: Town, deal: Deal) -> str:
    return f"/studio/shows/{town.show.id}/deals/{deal.id}/chat"


def typed(chat: str = CHAT, **more: str) -> dict[str, str]:
    return {"chat": chat, "market": "FR", "since": "", **more}


def ticks(page: str) -> tuple[list[str], list[str]]:
    """The keys that are ticked, and those that are not."""
    boxes = re.findall(r'name="pick" value="([0-9a-f]{32})"( checked)?', page)
    return [key for key, on in boxes if on], [key for key, on in boxes if not on]


def links(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'readonly dir="ltr" value="([^"]+)"', page)]


def where(link: str) -> str:
    """The path of a link, as a browser of the house asks for it."""
    return "/" + link.split("/", 3)[3]


async def enter(seller: httpx.AsyncClient, town: Town, deal: Deal, chat: str = CHAT) -> httpx.Response:
    read = await seller.post(path(town, deal), data=typed(chat))
    assert read.status_code == 200, read.text[:400]
    sure, _ = ticks(read.text)
    return await seller.post(f"{path(town, deal)}/enter", data={**typed(chat), "pick": sure})


async def claims_in(town: Town, deal: Deal) -> list[Claim]:
    async with town.database.read() as db:
        return await deals.claims(db, deal.lanes[0].id)


async def test_a_chat_is_read_and_shown_before_anything_is_ordered(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        empty = await seller.get(path(on_air, deal))
        read = await seller.post(path(on_air, deal), data=typed())

    assert empty.status_code == 200
    assert "Nothing of the chat is kept" in empty.text
    sure, unsure = ticks(read.text)
    assert (len(sure), len(unsure)) == (3, 0)
    for words in ("3 orders found", "Mai Sunisa", "نورة", "A question", "Takes an order back"):
        assert words in re.sub(r"<[^>]+>", "", read.text), words
    assert await claims_in(on_air, deal) == [], "nothing is ordered yet"


async def test_what_is_ticked_goes_into_the_queue_in_the_chats_order(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 3) as deal:
        async with buyer(on_air) as first:
            tapped = (await claim(first, deal)).json()
        answer = await enter(seller, on_air, deal)
        async with buyer(on_air) as last:
            after = (await claim(last, deal)).json()

    assert (tapped["number"], after["number"]) == (1, 5)
    found = await claims_in(on_air, deal)
    assert [one.outcome for one in found] == ["granted", "granted", "granted", "waiting", "waiting"]
    assert "0 of 3 left" in re.sub(r"<[^>]+>", "", answer.text)
    assert len({one.buyer for one in found}) == 5, "each name is a buyer"
    assert len(links(answer.text)) == 3, "who waits gets a link to their place"
    rows = re.findall(r"<tr>.*?</tr>", answer.text, re.S)[1:]
    assert ["Granted" in row for row in rows] == [True, True, False]
    assert "place 1" in re.sub(r"<[^>]+>", "", rows[2])


async def test_the_same_chat_twice_orders_nothing_twice_and_shows_the_same_links(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        first = await enter(seller, on_air, deal)
        again, at_once = await asyncio.gather(enter(seller, on_air, deal), enter(seller, on_air, deal))
        longer = await enter(seller, on_air, deal, CHAT + "[12:09] Bo: mine\n")

    found = await claims_in(on_air, deal)
    assert [one.outcome for one in found] == ["granted"] * 4
    assert links(first.text) == links(again.text) == links(at_once.text) == links(longer.text)[:3]


async def test_a_short_queue_keeps_the_order_and_a_full_one_is_told(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = on_air.running.house.counter.committer
    async with running(on_air, clock, 5) as deal:
        monkeypatch.setattr(committer, "_settings", CommitterSettings(queue=0))
        full = await enter(seller, on_air, deal)
        none = await claims_in(on_air, deal)
        monkeypatch.setattr(committer, "_settings", CommitterSettings(queue=1))
        keys = re.findall(r'type="hidden" name="(pick|which-\w+)" value="([^"]+)"', full.text)
        fields = {name: value for name, value in keys if name != "pick"}
        picks = [value for name, value in keys if name == "pick"]
        again = await seller.post(f"{path(on_air, deal)}/enter", data={**typed(), **fields, "pick": picks})

    assert full.text.count("The queue was full. Press Look again.") == 3
    assert none == []
    assert [one.outcome for one in await claims_in(on_air, deal)] == ["granted"] * 3
    assert [link.split("/")[4] for link in links(again.text)] == [
        one.name for one in await claims_in(on_air, deal)
    ]


async def test_one_name_has_one_limit_however_it_is_pasted(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        await enter(seller, on_air, deal, "[12:03] Mai: mine")
        copied = await enter(seller, on_air, deal, "12:04\t~ mai\tmine")

    assert "Over the limit" in copied.text
    assert [one.outcome for one in await claims_in(on_air, deal)] == ["granted", "over_limit"]


async def test_what_is_unsure_is_not_ticked_and_may_be(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    chat = "[12:03] Mai: mine\n[12:04] Mai: cancel"
    async with running(on_air, clock, 5) as deal:
        read = await seller.post(path(on_air, deal), data=typed(chat))
        sure, unsure = ticks(read.text)
        taken = await seller.post(f"{path(on_air, deal)}/enter", data={**typed(chat), "pick": unsure})

    assert (len(sure), len(unsure)) == (0, 1)
    assert "Taken back later in the chat." in read.text
    assert "Granted" in taken.text


async def test_what_was_said_before_the_hour_is_left_to_the_host(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        late = await seller.post(path(on_air, deal), data=typed(since="12:04"))

    assert [len(keys) for keys in ticks(late.text)] == [2, 1]
    assert "Said before the hour you gave." in late.text


async def test_a_tick_of_another_chat_ticks_nothing(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        read = await seller.post(path(on_air, deal), data=typed())
        sure, _ = ticks(read.text)
        other = await seller.post(
            f"{path(on_air, deal)}/enter", data={**typed("[12:03] Bo: mine"), "pick": sure}
        )

    assert other.status_code == 422
    assert "Tick at least one order." in other.text
    assert await claims_in(on_air, deal) == []


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        ("", "No messages were found."),
        ("just some words", "No messages were found."),
        ("[12:03] Mai: " + "x" * 60_000, "At most 60000 characters and 1000 messages"),
        ("[12:03] M: 1\n" * 1001, "At most 60000 characters and 1000 messages"),
    ],
)
async def test_what_is_no_chat_is_refused_in_words(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock, chat: str, words: str
) -> None:
    async with running(on_air, clock) as deal:
        for address in (path(on_air, deal), f"{path(on_air, deal)}/enter"):
            answer = await seller.post(address, data=typed(chat))
            assert answer.status_code == 422
            assert words in answer.text


async def test_too_many_at_once_and_none_are_refused(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    chat = "".join(f"[12:03] Buyer {number}: mine\n" for number in range(201))
    async with running(on_air, clock, 5) as deal:
        many = await enter(seller, on_air, deal, chat)
        none = await seller.post(f"{path(on_air, deal)}/enter", data=typed(chat))

    assert (many.status_code, none.status_code) == (422, 422)
    assert "At most 200 orders" in many.text
    assert await claims_in(on_air, deal) == []


async def test_a_shop_that_pastes_without_end_is_told_to_wait(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock) as deal:
        answers = [await seller.post(path(on_air, deal), data=typed()) for _ in range(31)]

    assert {one.status_code for one in answers[:30]} == {200}
    assert answers[30].status_code == 429
    assert "request.too_often" in answers[30].text


async def test_nobody_but_the_shop_enters_orders(
    on_air: Town,
    seller: httpx.AsyncClient,
    neighbour: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    clock: SetClock,
) -> None:
    async with running(on_air, clock, 5) as deal:
        read = await seller.post(path(on_air, deal), data=typed())
        body = {**typed(), "pick": ticks(read.text)[0]}
        for client, status in ((neighbour, 404), (stranger, 401)):
            assert (await client.post(path(on_air, deal), data=typed())).status_code == status
            assert (await client.post(f"{path(on_air, deal)}/enter", data=body)).status_code == status
        assert (await neighbour.get(path(on_air, deal))).status_code == 404
        assert (await stranger.get(path(on_air, deal))).status_code == 303
        foreign = await seller.post(
            f"{path(on_air, deal)}/enter", data=body, headers={"sec-fetch-site": "cross-site"}
        )
        assert foreign.status_code == 403

        assert await claims_in(on_air, deal) == []


async def test_a_deal_that_is_not_launched_takes_no_chat_and_one_that_is_over_shows_the_old_links(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        first = await enter(seller, on_air, deal)
        await seller.post(f"/studio/shows/{on_air.show.id}/deals/{deal.id}/end")
        after = await enter(seller, on_air, deal, CHAT + "[12:09] Bo: mine\n")
        planned = await seller.post(
            f"/studio/shows/{on_air.show.id}/deals",
            data={
                "product": str(on_air.product.id),
                f"units-{on_air.variant.id}": "5",
                f"price-{on_air.variant.id}-FR": "19.20",
                "at": "2031-01-01T20:00",
            },
        )
        async with on_air.database.read() as db:
            later = next(one for one in await deals.deals_of(db, on_air.show.id) if one.state == "planned")
        refused = await seller.get(path(on_air, later))

    assert planned.status_code == 303
    assert links(after.text) == links(first.text)
    assert "The deal does not run now: not entered" in after.text
    assert len(await claims_in(on_air, deal)) == 3
    assert refused.status_code == 409
    assert "deals.closed" in refused.text


async def test_where_the_deal_has_no_price_the_market_is_not_offered(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        page = await seller.post(path(on_air, deal), data=typed(market="SG"))

    options = re.findall(r'<option value="([A-Z]{2})"( selected)?', page.text)
    assert sorted(options) == [("FR", " selected"), ("SA", "")]


async def test_a_link_is_taken_by_a_press_and_then_finished(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        entered = await enter(seller, on_air, deal)
        link = where(links(entered.text)[0])
        async with visitor(on_air, market="SA") as friend:
            for _ in range(2):
                seen = await friend.get(link)
                assert seen.status_code == 200, "a messenger that looks at it takes nothing"
            assert "visitor" not in friend.cookies
            took = await friend.post(link)
            again = await friend.post(link)
            sheet = await friend.get(took.headers["location"])
            buy = await friend.get(sheet.headers["location"])
            await friend.post(f"/buy/{deal.lanes[0].variant}/address?units=1", data=HOME)
            ready = await friend.get(sheet.headers["location"])
        async with visitor(on_air) as late:
            looked, tried = await late.get(link), await late.post(link)
        shown = await enter(seller, on_air, deal)

    assert "Your order from the chat" in seen.text
    assert seen.headers["referrer-policy"] == "no-referrer"
    assert (took.status_code, again.status_code) == (303, 303)
    assert buy.status_code == 200
    assert "Held for you at this price" in buy.text
    assert "€" in ready.text
    assert "Léa Martin" in ready.text
    assert (looked.status_code, tried.status_code) == (409, 409)
    assert "deals.claim_taken" in looked.text
    assert "Granted, and opened by its link" in shown.text
    assert len(links(shown.text)) == 2


async def test_two_who_press_at_once_are_not_both_given_it(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        link = where(links((await enter(seller, on_air, deal)).text)[0])
        async with buyer(on_air) as one, buyer(on_air) as two:
            answers = await asyncio.gather(one.post(link), two.post(link))

    assert sorted(answer.status_code for answer in answers) == [303, 409]


async def test_a_link_that_was_not_made_here_opens_nothing(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        first, second, _ = (where(one) for one in links((await enter(seller, on_air, deal)).text))
        word = second.split("/take/")[1]
        async with buyer(on_air) as client:
            for wrong in (first.replace(first.split("/take/")[1], word), first[:-12], "/claims/x/take/y"):
                assert (await client.get(wrong)).status_code == 404, wrong
                assert (await client.post(wrong)).status_code == 404, wrong
            name = first.split("/")[2]
            assert (await client.get(f"/claims/{name}")).status_code == 404, "without the link it is nobody's"


async def test_who_waits_follows_their_place_and_is_offered_what_comes_free(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 1) as deal:
        link = where(links((await enter(seller, on_air, deal)).text)[1])
        async with visitor(on_air) as friend:
            seen = await friend.get(link)
            took = await friend.post(link)
            place = await friend.get(took.headers["location"])
            (granted, waiting, _) = await claims_in(on_air, deal)
            async with on_air.database.write() as tx:
                await deals.give_up(tx, granted)
            offered = (await friend.get(f"/deals/{deal.id}/mine")).json()["claims"]

    assert "Your place in line" in seen.text
    assert "You are in line" in place.text
    assert [(one["claim"], one["state"]) for one in offered] == [(waiting.name, "open")]


async def test_a_link_whose_time_is_over_says_so(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        link = where(links((await enter(seller, on_air, deal)).text)[0])
        (first, *_) = await claims_in(on_air, deal)
        async with on_air.database.write() as tx:
            await deals.give_up(tx, first)
        async with visitor(on_air) as friend:
            seen = await friend.get(link)

    assert seen.status_code == 200
    assert "The time for this one is over" in seen.text


async def test_no_name_is_kept_or_logged(on_air: Town, seller: httpx.AsyncClient, clock: SetClock) -> None:
    async with running(on_air, clock, 5) as deal:
        with structlog.testing.capture_logs() as logs:
            entered = await enter(seller, on_air, deal)
    async with on_air.database.read() as db:
        rows = await db.session.execute(text("SELECT row_to_json(c)::text FROM deals.claims AS c"))
        kept = "".join(row[0] for row in rows)

    said = "".join(map(str, logs)) + kept + "".join(links(entered.text))
    for personal in ("Sunisa", "Léa", "mine", "CELADON"):
        assert personal not in said


@pytest.mark.parametrize("language", ["zh", "fr", "ar"])
async def test_each_step_is_drawn_in_every_language(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock, language: str
) -> None:
    seller.cookies.set("language", language)
    async with running(on_air, clock, 5) as deal:
        pages = [
            await seller.get(path(on_air, deal)),
            await seller.post(path(on_air, deal), data=typed()),
            await seller.post(path(on_air, deal), data=typed("[12:03] Tom: nothing")),
            await enter(seller, on_air, deal),
            await seller.post(f"{path(on_air, deal)}/enter", data=typed()),
        ]

    assert [page.status_code for page in pages] == [200, 200, 200, 200, 422]
    for page in pages:
        assert f'<html lang="{language}"' in page.text


async def test_a_pasted_chat_enters_nothing_from_a_closed_market(
    on_air: Town, seller: httpx.AsyncClient, clock: SetClock
) -> None:
    async with running(on_air, clock, 5) as deal:
        async with on_air.database.write() as tx:
            await closings.close(tx, Country("FR"), reason="A strike")
        unaware = await enter(seller, on_air, deal)
        await on_air.running.house.shut.look()
        aware = await enter(seller, on_air, deal)

    assert "The market takes no orders now: not entered" in unaware.text
    assert aware.status_code == 200
    assert await claims_in(on_air, deal) == []
