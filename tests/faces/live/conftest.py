# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

from silkcast.faces.demo.screens import FLAGS, browser
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from tests.faces.build import Town, open_town, visitor

from .served import Served, served


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


@pytest.fixture
async def french(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town) as client:
        yield client


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser(), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def house(postgres: Postgres, tmp_path: Path) -> Iterator[Served]:
    with served(postgres, tmp_path) as running:
        yield running
