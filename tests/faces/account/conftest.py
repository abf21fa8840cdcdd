# SPDX-License-Identifier: Apache-2.0
"""A house at a name of its own, since browsers make passkeys for names only, and a browser before it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from silkcast.faces.demo.screens import FLAGS, browser
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from tests.conftest import VAULT, clone
from tests.faces.running import free_port, run_house


@dataclass(frozen=True, slots=True)
class Door:
    origin: str
    texts: Path
    """Where texts are laid."""


@pytest.fixture(scope="module")
def door(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder, port = tmp_path_factory.mktemp("door"), free_port()
    ready, over = threading.Event(), threading.Event()
    origin = f"http://localhost:{port}"

    async def serve() -> None:
        database = Database(postgres.url(await clone(postgres)), VAULT, pool_size=6)
        running = run_house(database, folder, f'origin = "{origin}"\n')
        server = uvicorn.Server(uvicorn.Config(running.app, port=port, log_level="warning", lifespan="off"))  # type: ignore[arg-type]
        beside = [asyncio.create_task(work()) for work in (running.relay.run, running.runner.run)]
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        ready.set()
        while not over.is_set():
            await asyncio.sleep(0.1)
        await running.house.gatherer.close()
        await running.house.hub.close()
        server.should_exit = server.force_exit = True
        await serving
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(60)
        yield Door(origin, folder / "var" / "texts")
    finally:
        over.set()
        thread.join(20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        yield found
        found.close()
