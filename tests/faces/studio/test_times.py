# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

import httpx

from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town, visitor


async def test_good_times_are_found_for_the_markets_with_prices(
    town: Town, seller: httpx.AsyncClient
) -> None:
    page = (await seller.get("/studio/shows/times")).text

    assert "Good times for a show" in page
    assert re.search(r'value="FR" checked', page)
    assert re.search(r'value="SA" checked', page)
    assert page.count('class="stars"') > 3
    assert "/studio/shows/new?starts_at=" in page


async def test_the_markets_can_be_chosen(town: Town, seller: httpx.AsyncClient) -> None:
    page = (await seller.get("/studio/shows/times?there=JP&minutes=60")).text

    assert re.search(r'value="JP" checked', page)
    assert not re.search(r'value="FR" checked', page)
    assert "Japan" in page


async def test_a_found_time_stands_in_the_plan(town: Town, seller: httpx.AsyncClient) -> None:
    page = (await seller.get("/studio/shows/new?starts_at=2026-12-01T20:00")).text
    odd = (await seller.get("/studio/shows/new?starts_at=whenever")).text

    assert 'value="2026-12-01T20:00"' in page
    assert "whenever" not in odd


async def test_a_clash_with_another_show_is_told(town: Town, seller: httpx.AsyncClient) -> None:
    local = town.show.starts_at.strftime("%Y-%m-%dT%H:%M")
    async with town.database.read() as db:
        assert await rooms.upcoming(db, seller=town.seller.id)
    told = await seller.get(f"/studio/shows/times/check?starts_at={local}%2B00:00&there=FR")
    own = await seller.get(f"/studio/shows/times/check?starts_at={local}&there=FR&show={town.show.id}")
    none = await seller.get("/studio/shows/times/check?starts_at=nonsense")

    assert told.status_code == own.status_code == none.status_code == 200
    assert "Winter glazes" not in own.text
    assert "stars" not in none.text


async def test_only_a_seller_sees_them(town: Town, seller: httpx.AsyncClient) -> None:
    async with visitor(town) as stranger:
        for path in ("/studio/shows/times", "/studio/shows/times/check?starts_at=2026-12-01T20:00"):
            assert (await stranger.get(path)).status_code in (302, 303, 401)
    assert (await seller.get("/studio/shows/times?minutes=100000")).status_code in (400, 422)
