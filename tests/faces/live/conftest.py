# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from silkcast.plumbing.db import Database
from tests.faces.build import Town, open_town, visitor


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


@pytest.fixture
async def french(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town) as client:
        yield client
