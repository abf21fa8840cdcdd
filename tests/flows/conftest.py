# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the flows: the programs outside once for all, a world for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database
from tests.flows import build
from tests.flows.build import World
from tests.flows.outside import Programs, programs


@pytest.fixture(scope="session")
async def outside(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Programs]:
    async with programs(tmp_path_factory.mktemp("outside")) as started:
        yield started


@pytest.fixture
async def world(
    database: Database, clock: SetClock, outside: Programs, tmp_path: Path
) -> AsyncIterator[World]:
    async with build.world(database, clock, outside, tmp_path) as made:
        yield made
        await made.books()
