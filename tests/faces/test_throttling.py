# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from silkcast.faces.throttling import CHAT, Deed, Throttle, TooOften
from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database
from tests.faces.build import open_town
from tests.faces.running import ORIGIN

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
THREE = Deed("knock", 3, timedelta(seconds=10))


def test_one_address_is_refused_until_the_window_ends() -> None:
    throttle = Throttle()
    for _ in range(3):
        throttle.count(THREE, "8.8.8.8", NOON)

    with pytest.raises(TooOften) as refused:
        throttle.count(THREE, "8.8.8.8", NOON + timedelta(seconds=4))
    throttle.count(THREE, "8.8.4.4", NOON)
    throttle.count(THREE, "8.8.8.8", NOON + timedelta(seconds=10))

    assert refused.value.retry_seconds == 6


def test_a_household_of_many_addresses_is_one() -> None:
    throttle = Throttle()
    for last in range(3):
        throttle.count(THREE, f"2a01:e0a:1:2::{last}", NOON)

    with pytest.raises(TooOften):
        throttle.count(THREE, "2a01:e0a:1:2:ffff::9", NOON)


def test_a_proxy_nobody_told_us_of_is_not_counted() -> None:
    throttle = Throttle()
    for _ in range(9):
        throttle.count(THREE, "127.0.0.1", NOON)
        throttle.count(THREE, "172.18.0.1", NOON)

    for _ in range(3):
        throttle.count(THREE, "172.18.0.1", NOON, is_behind_proxy=True)
    with pytest.raises(TooOften):
        throttle.count(THREE, "172.18.0.1", NOON, is_behind_proxy=True)


async def test_dropping_the_cookie_does_not_let_anybody_flood_a_room(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    town = await open_town(database, tmp_path)
    door = httpx.ASGITransport(app=town.running.app, client=("8.8.8.8", 1))  # type: ignore[arg-type]

    async with httpx.AsyncClient(transport=door, base_url=ORIGIN) as client:
        said = []
        for number in range(CHAT.most + 1):
            client.cookies.clear()
            clock.at += timedelta(seconds=0.2)  # a room shows no more than twenty lines a second
            answer = await client.post(f"/live/{town.show.id}/chat", json={"text": f"buy {number}"})
            said.append(answer.status_code)

    assert said == [201] * CHAT.most + [429]
    assert answer.headers["retry-after"]
