# SPDX-License-Identifier: Apache-2.0
"""A comment that is an order is claimed in the same queue as a tap."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from silkcast.ground.clock import SetClock
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town
from tests.faces.live.test_claiming import buyer, claim, running


async def say(client: httpx.AsyncClient, town: Town, text: str) -> dict[str, Any]:
    answer = await client.post(
        f"/live/{town.show.id}/chat", json={"text": text}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def on_air(town: Town) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)


async def lane_of(town: Town, deal: Deal) -> tuple[int, int]:
    async with town.database.read() as db:
        lane = (await deals.the_deal(db, deal.id)).lanes[0]
    return lane.taken, lane.claims


@pytest.mark.parametrize("text", ["+1", "mine!!", "je prends", "CUP-CELADON x1", "要1件"])
async def test_an_order_in_words_is_a_claim(town: Town, clock: SetClock, text: str) -> None:
    await on_air(town)
    async with running(town, clock) as deal, buyer(town) as client:
        said = await say(client, town, text)
        follow = await client.get(said["claims"][0]["href"])

    assert [one["outcome"] for one in said["claims"]] == ["granted"]
    assert said["text"] == text, "and a line of the chat like any other"
    assert follow.status_code == 303
    assert await lane_of(town, deal) == (1, 1)


@pytest.mark.parametrize("text", ["is there +1?", "not mine", "how much is it", "10:30"])
async def test_talk_is_no_order(town: Town, clock: SetClock, text: str) -> None:
    await on_air(town)
    async with running(town, clock) as deal, buyer(town) as client:
        said = await say(client, town, text)

    assert "claims" not in said
    assert await lane_of(town, deal) == (0, 0)


async def test_taps_and_comments_stand_in_one_line_and_have_one_limit(town: Town, clock: SetClock) -> None:
    await on_air(town)
    async with running(town, clock, 2) as deal:
        async with buyer(town) as first:
            tapped = (await claim(first, deal)).json()
            twice = await say(first, town, "+1")
        async with buyer(town) as second:
            said = await say(second, town, "+1")
        async with buyer(town) as third:
            waiting = (await claim(third, deal)).json()

    assert tapped["number"] == 1
    assert twice["claims"][0]["outcome"] == "over_limit"
    assert (said["claims"][0]["outcome"], said["claims"][0]["number"]) == ("granted", 3)
    assert (waiting["outcome"], waiting["number"]) == ("waiting", 4)


async def test_who_changes_their_mind_gives_it_back_in_words(town: Town, clock: SetClock) -> None:
    await on_air(town)
    async with running(town, clock, 1) as deal:
        async with buyer(town) as first:
            mine = await say(first, town, "+1")
            back = await say(first, town, "cancel mine please")
        async with buyer(town) as second:
            after = await say(second, town, "mine")

    assert back["given_up"] == [mine["claims"][0]["claim"]]
    assert after["claims"][0]["outcome"] == "granted"
    assert await lane_of(town, deal) == (1, 2)


async def test_without_a_deal_there_is_nothing_to_order(town: Town) -> None:
    await on_air(town)
    async with buyer(town) as client:
        said = await say(client, town, "+1")

    assert "claims" not in said


async def test_where_the_deal_has_no_price_the_line_stays_and_the_reason_is_told(
    town: Town, clock: SetClock
) -> None:
    await on_air(town)
    async with running(town, clock) as deal, buyer(town, market="SG") as client:
        said = await say(client, town, "+1")

    assert said["claim_refused"] == "quotes.not_sold_here"
    assert await lane_of(town, deal) == (0, 0)
