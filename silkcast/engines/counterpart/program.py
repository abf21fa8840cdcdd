# SPDX-License-Identifier: Apache-2.0
"""Runs a counterpart: its HTTP application and the loop that does what is due, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import uvicorn

from silkcast.engines.counterpart.app import App
from silkcast.engines.counterpart.signing import HEADER, sign
from silkcast.engines.counterpart.store import Store
from silkcast.ground.clock import SystemClock

ATTEMPTS = 30
LONGEST_PAUSE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Options:
    data: Path
    port: int
    callback: str
    secret: str
    host: str = "127.0.0.1"


def parser(what: str) -> argparse.ArgumentParser:
    """The options all counterparts have."""
    made = argparse.ArgumentParser(description=what)
    made.add_argument("--data", type=Path, required=True, help="folder for what it remembers")
    made.add_argument("--port", type=int, default=0, help="0: any free one; it is printed")
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--callback", default="", help="where news is posted; empty: nobody is told")
    kept = os.environ.get("SILKCAST_COUNTERPART_SECRET")  # where `ps` shows it to nobody
    made.add_argument(
        "--secret",
        default=kept,
        required=kept is None,
        help="bearer for those who ask, and key of the signatures; or SILKCAST_COUNTERPART_SECRET",
    )
    return made


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def send_callbacks(store: Store, options: Options, now: datetime) -> None:
    """Send what is due. What is not taken is tried again, later each time, and given up in the end."""
    due = store.all(
        "SELECT * FROM callbacks WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT 50",
        milliseconds(now),
    )
    if not due or not options.callback:
        return
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        for row in due:
            headers = {"content-type": row["media_type"], HEADER: sign(options.secret, row["body"], now)}
            taken = False
            with suppress(httpx.HTTPError):
                answered = await client.post(options.callback, content=row["body"], headers=headers)
                taken = answered.is_success
            attempts = row["attempts"] + 1
            pause = min(LONGEST_PAUSE_MS, 250 * 2 ** min(attempts, 10))
            state = "taken" if taken else "given_up" if attempts >= ATTEMPTS else "waiting"
            store.run(
                "UPDATE callbacks SET attempts = ?, state = ?, due = ? WHERE id = ?",
                attempts, state, milliseconds(now) + pause, row["id"],
            )  # fmt: skip


async def _loop(
    store: Store, options: Options, work: Callable[[datetime], None], stop: asyncio.Event
) -> None:
    clock = SystemClock()
    while not stop.is_set():
        work(clock.now())
        await send_callbacks(store, options, clock.now())
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.1)


async def serve(
    name: str, app: App, store: Store, options: Options, work: Callable[[datetime], None]
) -> None:
    """Listen, say where as one line of JSON, work until SIGINT or SIGTERM."""
    listening = socket.create_server((options.host, options.port))
    host, port = listening.getsockname()[:2]
    print(json.dumps({"listening": f"http://{host}:{port}", "counterpart": name}), flush=True)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none")
    )
    stop = asyncio.Event()
    loop = asyncio.create_task(_loop(store, options, work, stop))
    loop.add_done_callback(lambda task: setattr(server, "should_exit", True))
    try:
        await server.serve(sockets=[listening])
    finally:
        stop.set()
        await loop
        store.close()
