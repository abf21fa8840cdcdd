# SPDX-License-Identifier: Apache-2.0
"""Who keeps order in a chat: the host all of it, a moderator what they were handed, anybody else nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection

import httpx
import pytest

from silkcast.ground.ids import ShowId, UserId
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Line, Saying
from silkcast.who.identity import service as identity
from silkcast.who.sellers import service as sellers
from tests.faces.build import Town
from tests.faces.running import browser, person
from tests.who.sellers.build import new_seller


@pytest.fixture
async def host(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with town.database.write() as tx:
        session = await identity.open_session(tx, town.seller.owner)
    async with browser(town.running, session.token) as client:
        yield client


@pytest.fixture
async def viewer(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(town.running, (await person(town.database, name="Viewer")).session) as client:
        yield client


async def moderator(
    town: Town, rights: Collection[str], *, show: ShowId | None = None
) -> tuple[httpx.AsyncClient, UserId]:
    zoe = await person(town.database, name="Zoé")
    async with town.database.write() as tx:
        named = await chat.name_moderator(tx, town.seller.id, show, name="Zoé", rights=rights)
        await chat.accept(tx, named.secret, zoe.user.id)
    return browser(town.running, zoe.session), zoe.user.id


async def said(town: Town, text: str, key: str = "camille") -> Line:
    async with town.database.write() as tx:
        saying = Saying(Author("viewer", key, key.title()), text, "en", "FR")
        return await chat.say(tx, town.show.id, town.seller.id, saying)


async def shown(town: Town) -> list[str]:
    async with town.database.read() as db:
        return [line.text for line in await chat.recent(db, town.show.id)]


async def test_the_host_hides_shows_pins_bans_and_lifts(town: Town, host: httpx.AsyncClient) -> None:
    base = f"/studio/shows/{town.show.id}"
    first, second = await said(town, "first"), await said(town, "second", "jordan")

    for verb in ("pin", "hide", "show"):
        assert (await host.post(f"{base}/lines/{first.id}/{verb}")).status_code == 303
    ban = await host.post(f"{base}/lines/{second.id}/ban", data={"length": "shop", "reason": "rude"})
    panel = (await host.get(f"{base}/live/keeping")).text

    assert ban.status_code == 303
    assert await shown(town) == ["first"]
    assert "Jordan" in panel
    assert "rude" in panel
    lifted = re.search(r"/bans/([0-9a-f-]{36})/lift", panel)
    assert lifted is not None
    assert (await host.post(f"{base}/bans/{lifted[1]}/lift", headers={"x-fragment": "1"})).status_code == 204
    assert (await host.post(f"{base}/bans/{lifted[1]}/lift")).status_code == 404
    assert "Jordan" not in (await host.get(f"{base}/live/keeping")).text


async def test_the_host_sets_pace_words_and_moderators(town: Town, host: httpx.AsyncClient) -> None:
    base = f"/studio/shows/{town.show.id}"

    slow = await host.post(
        f"{base}/speaking", data={"slow_seconds": "10", "has_links": "yes", "who": "known"}
    )
    wrong = await host.post(f"{base}/speaking", data={"slow_seconds": "9999", "who": "known"})
    word = await host.post(f"{base}/words", data={"word": "knockoff"})
    none = await host.post(f"{base}/words", data={"word": "!"})
    named = await host.post(
        f"{base}/moderators", data={"name": "Zoé", "right": ["hide", "ban"]}, headers={"x-fragment": "1"}
    )
    unnamed = await host.post(f"{base}/moderators", data={"name": "Zoé", "right": "money"})

    assert (slow.status_code, wrong.status_code) == (303, 422)
    assert (word.status_code, none.status_code) == (303, 422)
    assert (named.status_code, unnamed.status_code) == (200, 422)
    assert "/moderate/with/" in named.text
    panel = (await host.get(f"{base}/live/keeping")).text
    assert "knockoff" in panel
    assert "has not opened the link" in panel
    assert "/moderate/with/" not in panel
    async with town.database.read() as db:
        assert (await chat.speaking(db, town.show.id)).slow_seconds == 10
    await host.post(f"{base}/words", data={"remove": "knockoff"})
    assert "knockoff" not in (await host.get(f"{base}/live/keeping")).text


async def test_the_link_makes_one_person_a_moderator_and_their_account_leads_there(
    town: Town, host: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    asked = {"name": "Zoé", "right": ["hide"], "where": "shop"}
    page = (await host.post(f"/studio/shows/{town.show.id}/moderators", data=asked)).text
    found = re.search(r"/moderate/with/[\w-]+", page)
    assert found is not None
    link = found[0]
    async with browser(town.running) as stranger:
        assert (await stranger.get(link)).headers["location"].startswith("/log-in?")

    assert "hide lines" in (await viewer.get(link)).text
    taken = await viewer.post(link)
    again = await host.post(link)

    assert (taken.headers["location"], again.status_code) == ("/you", 404)
    assert f"/moderate/{town.show.id}" in (await viewer.get("/you")).text
    assert f"/moderate/{town.show.id}" not in (await host.get("/you")).text
    assert (await viewer.get(f"/moderate/{town.show.id}")).status_code == 200


async def test_a_moderator_does_what_they_were_handed_and_nothing_else(town: Town) -> None:
    client, _ = await moderator(town, ("hide", "ban"), show=town.show.id)
    base = f"/moderate/{town.show.id}"
    line, held = await said(town, "first"), await said(town, "see bad-shop.com", "jordan")
    async with client:
        page = (await client.get(base)).text
        hidden = await client.post(f"{base}/lines/{line.id}/hide")
        pinned = await client.post(f"{base}/lines/{line.id}/pin")
        slow = await client.post(f"{base}/speaking", data={"slow_seconds": "10"})
        shop_wide = await client.post(f"{base}/lines/{held.id}/ban", data={"length": "shop"})
        banned = await client.post(f"{base}/lines/{held.id}/ban", data={"length": "show"})
        spoke = await client.post(f"{base}/say", data={"text": "Be kind, see https://silkcast.example"})

        assert "see bad-shop.com" in page
        assert "All shows of the shop" not in page
        assert (hidden.status_code, banned.status_code, spoke.status_code) == (303, 303, 303)
        assert (pinned.status_code, slow.status_code, shop_wide.status_code) == (404, 404, 404)
        assert await shown(town) == ["Be kind, see https://silkcast.example"]
        for path in (
            f"/studio/shows/{town.show.id}/live",
            f"/studio/shows/{town.show.id}?key=1",
            f"/studio/shows/{town.show.id}/live/numbers",
            "/studio/payouts",
            "/studio/stock",
        ):
            answer = await client.get(path)
            assert answer.status_code in (303, 404), path
            assert "key" not in answer.text.lower() or answer.status_code == 303
        for words in ("Takings", "Stream key", "Orders"):
            assert words not in page


async def test_a_moderators_pace_leaves_the_hosts_rules_alone(town: Town, host: httpx.AsyncClient) -> None:
    await host.post(
        f"/studio/shows/{town.show.id}/speaking",
        data={"slow_seconds": "0", "has_links": "yes", "who": "known"},
    )
    client, _ = await moderator(town, ("slow",))
    async with client:
        answer = await client.post(
            f"/moderate/{town.show.id}/speaking", data={"slow_seconds": "30", "who": "nobody"}
        )

    assert answer.status_code == 303
    async with town.database.read() as db:
        speaking = await chat.speaking(db, town.show.id)
    assert (speaking.slow_seconds, speaking.has_links, speaking.who) == (30, True, "known")


async def test_viewers_other_hosts_and_other_moderators_find_nothing(
    town: Town, viewer: httpx.AsyncClient
) -> None:
    line = await said(town, "first")
    rival = await person(town.database, name="Rival")
    helper = await person(town.database, name="Rival's helper")
    async with town.database.write() as tx:
        shop = await sellers.open_shop(tx, rival.user.id, new_seller(slug="rival-shop"))
        named = await chat.name_moderator(tx, shop.id, None, name="H", rights=("hide", "ban", "pin", "slow"))
        await chat.accept(tx, named.secret, helper.user.id)
    studio, desk = f"/studio/shows/{town.show.id}", f"/moderate/{town.show.id}"
    async with browser(town.running, rival.session) as host, browser(town.running, helper.session) as other:
        for client, base, told in ((host, studio, 404), (viewer, desk, 404), (other, desk, 404)):
            for path, data in (
                (f"{base}/lines/{line.id}/hide", {}),
                (f"{base}/lines/{line.id}/pin", {}),
                (f"{base}/lines/{line.id}/ban", {"length": "short"}),
                (f"{base}/unpin-line", {}),
                (f"{base}/speaking", {"slow_seconds": "5"}),
                (f"{base}/bans/{line.id}/lift", {}),
            ):
                assert (await client.post(path, data=data)).status_code == told, path
        for client in (viewer, other, host):
            assert (await client.get(desk)).status_code == 404
            assert (await client.get(f"{desk}/events")).status_code == 404
            assert (await client.get(f"{desk}/part/held")).status_code == 404
        for path in ("say", "words", "moderators"):
            assert (await host.post(f"{studio}/{path}", data={"text": "x", "word": "xx"})).status_code == 404
            # who has no shop is led to opening one, and no further
            assert (await viewer.post(f"{studio}/{path}")).headers["location"] == "/studio/open"

    assert await shown(town) == ["first"]
