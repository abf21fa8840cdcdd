# SPDX-License-Identifier: Apache-2.0
"""What the whole application does with strange requests, and what it says of its own faults."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import structlog

from silkcast.plumbing.db import Database
from silkcast.plumbing.log import LogSettings, configure_log
from tests.faces.build import Town, open_town, visitor


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


@pytest.fixture
async def stranger(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town) as client:
        yield client


@pytest.mark.parametrize("path", ["/search?q=a%00b", "/room/a%00b", "/shop/a%00b/c", "/?after=%00"])
async def test_a_zero_octet_is_no_fault_of_ours(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code in (404, 422)


async def test_the_way_to_log_in_remembers_the_whole_address(stranger: httpx.AsyncClient) -> None:
    asked = await stranger.get("/studio/orders?tab=all&q=1")
    strange = await stranger.get("/studio/orders/%E4%B8%AD%0d%0ax:y")

    assert asked.headers["location"] == "/log-in?next=%2Fstudio%2Forders%3Ftab%3Dall%26q%3D1"
    assert strange.headers["location"].startswith("/log-in?next=%2Fstudio%2Forders%2F%E4%B8%AD%0D%0A")


async def test_a_fault_is_logged_by_its_route(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path may be the secret of an order."""

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("silkcast.faces.shop.window.open_shop", broken)
    root = logging.getLogger()
    handlers, level, told = root.handlers[:], root.level, io.StringIO()
    configure_log(LogSettings(format="json"), stream=told)
    try:
        async with visitor(town) as client:
            answer = await client.get("/shop/a-secret-of-somebody")
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()

    assert answer.status_code == 500
    assert "request.failed" in told.getvalue()
    assert "a-secret-of-somebody" not in told.getvalue()
