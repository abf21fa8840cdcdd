# SPDX-License-Identifier: Apache-2.0
"""A room whose viewers' market is closed: the film goes on, and nobody there can order."""

from __future__ import annotations

import asyncio
from uuid import UUID

from silkcast.faces.live.presence import topic
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import new_secret
from silkcast.ground.places import Country
from silkcast.who.closings import service as closings
from tests.faces.build import Town, visitor
from tests.faces.live.test_claiming import buyer, claim, running

FR = Country("FR")


async def close(town: Town, link: str = "/shop/elsewhere") -> None:
    async with town.database.write() as tx:
        await closings.close(tx, FR, reason="A strike at the port", link=link)


async def test_a_tap_from_a_closed_market_is_told_why(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 5) as deal, buyer(town) as ours, buyer(town, market="SA") as others:
        key = new_secret(18)
        first = await claim(ours, deal, key=key)
        await close(town)

        unaware = await claim(ours, deal)
        await town.running.house.shut.look()
        aware = await claim(ours, deal)
        other = await claim(others, deal)
        again = await claim(ours, deal, key=key)

    assert first.status_code == 201
    assert (unaware.status_code, unaware.json()) == (409, {"outcome": "closed", "code": "markets.closed"})
    assert aware.status_code == 409
    assert aware.json() == {
        "outcome": "closed",
        "code": "markets.closed",
        "market": "FR",
        "since": clock.at.isoformat().replace("+00:00", "Z"),
        "reason": "A strike at the port",
        "link": "/shop/elsewhere",
    }
    assert other.status_code == 201, "other markets feel nothing"
    assert (again.status_code, again.json()["claim"]) == (201, first.json()["claim"])


async def test_the_room_says_so_and_shows_the_film_on(town: Town) -> None:
    await close(town)
    await town.running.house.shut.look()

    async with visitor(town, market="FR") as ours, visitor(town, market="US") as others:
        room = (await ours.get(f"/room/{town.show.slug}")).text
        card = (await ours.get(f"/live/{town.show.id}/card", headers={"x-fragment": "1"})).text
        sheet = await ours.get(f"/buy/{town.variant.id}")
        elsewhere = (await others.get(f"/room/{town.show.slug}")).text
        snapshot = (await ours.get(f"/live/{town.show.id}/state")).json()

    assert "A strike at the port" in room
    assert "sc-player" in room
    assert 'href="/shop/elsewhere"' in room
    assert f"/buy/{town.variant.id}?show" not in room
    assert "A strike at the port" in card or not card.strip()
    assert "A strike at the port" in sheet.text
    assert "A strike at the port" not in elsewhere
    assert snapshot["closed"] == ["FR"]


async def test_the_room_hears_of_it_at_once(town: Town) -> None:
    told: list[tuple[str, bytes]] = []
    hub = town.running.house.hub
    truly = hub.publish

    def publish(name: str, kind: str, body: dict[str, object], *, replaces: bool = False) -> None:
        told.append((name, f"{kind} {body}".encode()))
        truly(name, kind, body, replaces=replaces)

    hub.publish = publish  # type: ignore[method-assign,assignment]
    await close(town)
    await town.running.relay.deliver_all()
    async with town.database.write() as tx:
        await closings.reopen(tx, FR, "it is over")
    await town.running.relay.deliver_all()
    await asyncio.sleep(0)

    market = [body.decode() for name, body in told if name == topic(UUID(str(town.show.id)))]
    assert [one for one in market if one.startswith("market")] == [
        "market {'market': 'FR', 'is_closed': True}",
        "market {'market': 'FR', 'is_closed': False}",
    ]


async def test_its_product_page_offers_nothing_and_no_address_is_asked(town: Town) -> None:
    async with visitor(town, market="FR") as ours:
        before = (await ours.get(town.path)).text
        await close(town)
        await town.running.house.shut.look()
        product = (await ours.get(town.path)).text
        address = await ours.get(f"/buy/{town.variant.id}/address")

    assert "Buy now" in before
    assert "Buy now" not in product
    assert "A strike at the port" in product
    assert "A strike at the port" in address.text
    assert 'name="street"' not in address.text
