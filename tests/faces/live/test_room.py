# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx

from silkcast.faces.live.presence import topic
from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Database
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Replay
from silkcast.who.identity import service as identity
from tests.faces.build import Town, open_town, visitor


async def go_live(town: Town) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
        await rooms.picture(tx, town.show.id, arrives=True)
        await rooms.pin(tx, town.show.id, town.seller.id, town.product.id)


async def test_a_planned_room_says_when_it_starts(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.get(f"/room/{town.show.slug}")

    assert answer.status_code == 200
    assert "your time" in answer.text
    assert 'data-state="planned"' in answer.text
    assert '"@type":"BroadcastEvent"' in answer.text


async def test_a_live_room_has_the_pinned_thing_with_its_whole_price(
    town: Town, french: httpx.AsyncClient
) -> None:
    await go_live(town)

    answer = await french.get(f"/room/{town.show.slug}")
    shelf = await french.get(f"/live/{town.show.id}/shelf")

    assert f"/buy/{town.variant.id}?show={town.show.id}" in answer.text
    assert f"/media/{town.running.house.scene.video.playback_path(town.show.id)}" in answer.text
    assert "Celadon tea cup" in shelf.text


async def test_a_room_on_air_knows_its_film_before_the_picture_comes(
    town: Town, french: httpx.AsyncClient
) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)

    answer = await french.get(f"/room/{town.show.slug}")

    path = town.running.house.scene.video.playback_path(town.show.id)
    assert f'data-stream="/media/{path}" data-live="yes"' in answer.text


async def test_the_card_is_drawn_for_the_viewers_market(town: Town) -> None:
    await go_live(town)
    card = f"/live/{town.show.id}/card"

    async with visitor(town, market="SG") as client:
        unsold = await client.get(card, headers={"x-fragment": "1"})
    async with visitor(town, market="SA", language="ar") as client:
        sold = await client.get(card, headers={"x-fragment": "1"})
        whole = await client.get(card)

    assert "The shop has no price for your country yet." in unsold.text
    assert "<html" not in unsold.text
    assert "ر.س" in sold.text
    assert whole.headers["location"] == f"/room/{town.show.slug}"


async def test_a_replay_leads_to_its_moments(town: Town, french: httpx.AsyncClient, clock) -> None:  # type: ignore[no-untyped-def]
    await go_live(town)
    clock.advance(timedelta(minutes=3))
    async with town.database.write() as tx:
        await rooms.end(tx, town.show.id, town.seller.id)
        await rooms.keep_replay(tx, town.show.id, Replay("replays/x.mp4", 180))

    room = await french.get(f"/room/{town.show.slug}")
    product = await french.get(town.path)

    assert "/media/replays/x.mp4" in room.text
    assert f"/room/{town.show.slug}?at=0" in product.text


async def test_chat_and_likes_work_without_script(town: Town, french: httpx.AsyncClient) -> None:
    await go_live(town)

    said = await french.post(f"/live/{town.show.id}/chat", data={"text": "Does the lid stay on?"})
    liked = await french.post(f"/live/{town.show.id}/like", data={"count": "1"})
    empty = await french.post(f"/live/{town.show.id}/chat", data={})
    room = await french.get(f"/room/{town.show.slug}")

    assert said.status_code == liked.status_code == 303
    assert said.headers["location"] == f"/room/{town.show.slug}"
    assert empty.status_code == 422
    assert "Does the lid stay on?" in room.text


async def test_strangers_of_one_kind_share_a_page_and_the_logged_in_do_not(
    database: Database, tmp_path: Path
) -> None:
    town = await open_town(database, tmp_path, room_seconds=60)
    path = f"/room/{town.show.slug}"
    async with database.write() as tx:
        user = await identity.register(
            tx, contact="zoe@example.org", password="long enough to pass", name="Zoé Petit", language="fr"
        )
        session = await identity.open_session(tx, user.id)

    async with visitor(town) as one, visitor(town, language="ar") as other, visitor(town) as known:
        first, again = await one.get(path), await one.get(path)
        await go_live(town)
        live, elsewhere = await one.get(path), await other.get(path)
        known.cookies.set("session", session.token)
        own = await known.get(path)

    assert first.content == again.content
    assert first.content != live.content
    assert 'data-state="live"' in live.text
    assert 'dir="rtl"' in elsewhere.text
    assert 'data-state="live"' in own.text
    assert "ZP" in own.text
    assert "ZP" not in first.text
    assert "no-store" in own.headers["cache-control"]


async def test_many_who_ask_at_once_are_one_drawing(database: Database, tmp_path: Path) -> None:
    town = await open_town(database, tmp_path, room_seconds=60)
    async with visitor(town) as client:
        answers = await asyncio.gather(*(client.get(town.path) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


async def test_every_page_is_guarded(town: Town, french: httpx.AsyncClient) -> None:
    for path in ("/", town.path, f"/room/{town.show.slug}", "/nowhere"):
        headers = (await french.get(path)).headers

        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_show_that_somebody_made_up_is_kept_nowhere(town: Town, french: httpx.AsyncClient) -> None:
    made_up = new_uuid()

    events = await french.get(f"/live/{made_up}/events")
    state = await french.get(f"/live/{made_up}/state")
    liked = await french.post(f"/live/{made_up}/like", json={"count": 3})
    await town.running.presence.tick()

    assert (events.status_code, state.status_code, liked.status_code) == (404, 404, 404)
    assert not town.running.house.hub.counts()
    assert topic(made_up) not in town.running.house.hub._topics
