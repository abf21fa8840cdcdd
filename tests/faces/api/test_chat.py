# SPDX-License-Identifier: Apache-2.0
"""Keeping order in a chat by program, with a token for that alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from silkcast.plumbing.db import Database
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Line, Saying
from silkcast.who.identity import service as identity
from silkcast.who.sellers import service as sellers
from tests.faces.build import Town, open_town
from tests.faces.running import browser, person
from tests.who.sellers.build import new_seller


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


async def program(town: Town, scope: str, *, of_another: bool = False) -> httpx.AsyncClient:
    owner, shop = town.seller.owner, town.seller
    if of_another:
        other = await person(town.database)
        owner = other.user.id
    async with town.database.write() as tx:
        if of_another:
            shop = await sellers.open_shop(tx, owner, new_seller(slug="another-shop"))
        made = await identity.make_token(tx, owner, shop.id, name="app", scopes=[scope])
    return browser(town.running, accept="application/json", authorization=f"Bearer {made.secret}")


@pytest.fixture
async def app(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with await program(town, "chat:moderate") as client:
        yield client


async def said(town: Town, text: str) -> Line:
    async with town.database.write() as tx:
        saying = Saying(Author("viewer", "camille", "Camille"), text, "en", "FR")
        return await chat.say(tx, town.show.id, town.seller.id, saying)


async def test_an_app_keeps_order(town: Town, app: httpx.AsyncClient) -> None:
    base = f"/api/v1/shows/{town.show.id}/chat"
    line, held = await said(town, "first"), await said(town, "see bad-shop.com")

    whole = (await app.get(base)).json()
    pinned = await app.put(f"{base}/pinned-line", json={"line": str(line.id)})
    let = await app.post(f"{base}/lines/{held.id}/show")
    hidden = await app.post(f"{base}/lines/{held.id}/hide")
    slow = await app.put(f"{base}/speaking", json={"slow_seconds": 10, "has_links": False, "who": "everyone"})
    key = {"idempotency-key": str(uuid4())}
    banned = await app.post(f"{base}/bans", json={"line": str(line.id), "length": "show"}, headers=key)
    again = await app.post(f"{base}/bans", json={"line": str(line.id), "length": "show"}, headers=key)
    bans = (await app.get(f"{base}/bans")).json()["items"]
    lifted = await app.delete(f"{base}/bans/{bans[0]['id']}")

    assert [one["held_for"] for one in whole["held"]] == ["link"]
    assert pinned.json()["text"] == "first"
    assert (let.json()["state"], hidden.json()["state"]) == ("shown", "hidden")
    assert slow.json()["slow_seconds"] == 10
    assert (banned.status_code, again.json()) == (201, banned.json())
    assert len(bans) == 1
    assert (lifted.status_code, (await app.get(f"{base}/bans")).json()["items"]) == (204, [])
    assert (await app.get(base)).json()["pinned_line"] is None
    assert (await app.delete(f"{base}/pinned-line")).status_code == 204


async def test_the_token_opens_nothing_else_and_no_other_opens_the_chat(
    town: Town, app: httpx.AsyncClient
) -> None:
    base = f"/api/v1/shows/{town.show.id}"
    line = await said(town, "first")
    async with await program(town, "shows:write") as shows:
        assert (await shows.get(f"{base}/chat")).json()["code"] == "api.scope_missing"
    async with await program(town, "chat:moderate", of_another=True) as other:
        for method, path in (
            ("GET", "chat"),
            ("POST", f"chat/lines/{line.id}/hide"),
            ("GET", "chat/bans"),
            ("DELETE", f"chat/bans/{line.id}"),
            ("DELETE", "chat/pinned-line"),
        ):
            assert (await other.request(method, f"{base}/{path}")).status_code == 404, path

    for path in ("", "/stream"):
        assert (await app.get(f"{base}{path}")).status_code == 403
    assert (await app.get("/api/v1/orders")).status_code == 403
    wrong = await app.put(
        f"{base}/chat/speaking", json={"slow_seconds": 601, "has_links": False, "who": "everyone"}
    )
    assert wrong.status_code == 422
    assert (await app.post(f"{base}/chat/lines/{uuid4()}/hide")).json()["code"] == "chat.no_such_line"
