# SPDX-License-Identifier: Apache-2.0
"""What viewers say: from a script or a form, guest or logged in, taken or refused with words."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from silkcast.ground.ids import ProductId
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Speaking
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show
from tests.faces.build import Town, visitor
from tests.faces.running import browser, person

KEY = {"visitor": "camille-0123456789abcdef"}
JSON = {"accept": "application/json"}


async def say(client: httpx.AsyncClient, town: Town, text: str, **more: Any) -> httpx.Response:
    return await client.post(f"/live/{town.show.id}/chat", json={"text": text, **more}, headers=JSON)


async def state(client: httpx.AsyncClient, town: Town) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/live/{town.show.id}/state")).json()
    return found


async def test_a_line_is_answered_once_it_is_kept_and_stands_in_the_snapshot(
    town: Town, french: httpx.AsyncClient
) -> None:
    said = await say(french, town, "Does the lid stay on?", name="Camille\u0000  M")

    assert said.status_code == 201
    line = (await state(french, town))["chat"][0]
    assert line["id"] == said.json()["id"]
    assert (line["name"], line["text"], line["voices"]) == ("Camille M", "Does the lid stay on?", 1)
    assert "visitor=" in said.headers["set-cookie"]
    assert "HttpOnly" in said.headers["set-cookie"]


async def test_a_refused_line_comes_with_words_in_the_pages_language(town: Town) -> None:
    async with town.database.write() as tx:
        await chat.allow(tx, town.show.id, Speaking(slow_seconds=30))
    async with visitor(town, language="fr") as client:
        client.cookies.update(KEY)
        first = await say(client, town, "bonsoir")
        second = await say(client, town, "encore moi")
        whole = await state(client, town)

    assert (first.status_code, second.status_code) == (201, 429)
    told = second.json()
    assert (told["code"], told["facts"]["every"]) == ("chat.slow_mode", 30)
    assert "mode lent" in told["words"]
    assert second.headers["retry-after"] == str(told["facts"]["retry_seconds"])
    assert [line["text"] for line in whole["chat"]] == ["bonsoir"]
    assert whole["speaking"] == {"slow_seconds": 30, "has_links": False, "who": "everyone"}


async def test_who_is_logged_in_gets_the_same_answers(town: Town) -> None:
    zoe = await person(town.database, name="Zoé Petit")
    async with town.database.write() as tx:
        await chat.allow(tx, town.show.id, Speaking(who="known"))
    async with browser(town.running, zoe.session) as known, visitor(town) as guest:
        taken = await say(known, town, "hello")
        again = await say(known, town, "Hello!")
        unknown = await say(guest, town, "me too")

    assert (taken.status_code, taken.json()["name"]) == (201, "Zoé Petit")
    assert (again.status_code, again.json()["code"]) == (409, "chat.said_already")
    assert again.json()["words"]
    assert (unknown.status_code, unknown.json()["code"]) == (401, "chat.known_only")


async def test_lines_said_at_once_are_written_together_and_a_bad_one_alone_is_refused(town: Town) -> None:
    texts = [f"a question of mine, number {number}" for number in range(12)] + ["  ", "x" * 201]
    clients = [visitor(town) for _ in texts]
    for number, client in enumerate(clients):
        client.cookies.set("visitor", f"visitor-{number:04}-0123456789")

    answers = await asyncio.gather(*(say(one, town, text) for one, text in zip(clients, texts, strict=True)))

    assert [answer.status_code for answer in answers] == [201] * 12 + [422, 422]
    numbers = [answer.json()["number"] for answer in answers[:12]]
    assert len(set(numbers)) == 12
    async with town.database.read() as db:
        kept = [line.number for line in await chat.seen(db, town.show.id)]
    assert sorted(numbers) == kept
    for client in clients:
        await client.aclose()


async def test_what_cannot_be_read_or_comes_from_elsewhere_is_refused(
    town: Town, french: httpx.AsyncClient
) -> None:
    path = f"/live/{town.show.id}/chat"
    elsewhere = {**JSON, "sec-fetch-site": "cross-site"}

    broken = await french.post(path, content=b"{", headers={**JSON, "content-type": "application/json"})
    huge = await say(french, town, "x" * 5_000)
    crossing = await french.post(path, json={"text": "hi"}, headers=elsewhere)
    made_up = await french.post(f"/live/{ProductId(town.product.id)}/chat", json={"text": "hi"}, headers=JSON)

    assert [one.status_code for one in (broken, huge, crossing, made_up)] == [422, 422, 403, 404]
    assert (await state(french, town))["chat"] == []


async def test_after_the_show_nobody_speaks(town: Town, french: httpx.AsyncClient) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
        await rooms.end(tx, town.show.id, town.seller.id)

    assert (await say(french, town, "hello?")).json()["code"] == "rooms.wrong_state"


async def test_a_page_without_script_shows_folds_notes_and_pace(
    town: Town, french: httpx.AsyncClient
) -> None:
    for number in range(3):
        async with visitor(town) as client:
            client.cookies.set("visitor", f"visitor-{number:04}-0123456789")
            said = await say(client, town, "+1")
    assert said.json()["state"] == "folded"
    async with town.database.write() as tx:
        line = (await chat.seen(tx, town.show.id))[0]
        await chat.pin_line(tx, town.show.id, line.id)
        await chat.allow(tx, town.show.id, Speaking(slow_seconds=10))

    page = (await french.get(f"/room/{town.show.slug}")).text

    assert '×<bdi class="count">3</bdi>' in page
    assert 'One line every <bdi class="count">10</bdi> seconds' in page
    assert page.index("data-note") < page.index('role="log"')
    whole = await state(french, town)
    assert whole["pinned_line"]["voices"] == 3
    assert whole["chat"] == [whole["pinned_line"]]


async def test_a_crowd_that_comes_at_once_asks_for_the_show_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    the_show = rooms.the_show

    async def counted(*args: Any, **more: Any) -> Show:
        nonlocal asked
        asked += 1
        return await the_show(*args, **more)

    monkeypatch.setattr(rooms, "the_show", counted)
    presence = town.running.presence

    known = await asyncio.gather(*(presence.knows(town.show.id) for _ in range(200)))

    assert all(known)
    assert asked == 1
    assert not await presence.knows(town.product.id)
