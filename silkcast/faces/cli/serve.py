# SPDX-License-Identifier: Apache-2.0
"""`silkcast serve`: the site, its database if it has none, and the video engine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import uvicorn

from silkcast.faces.house import SiteSettings
from silkcast.faces.swift import Routes, swift_protocol
from silkcast.faces.warming import warm
from silkcast.plumbing.limits import raise_files
from silkcast.plumbing.rubbish import keep_what_is
from silkcast.plumbing.settings import Settings

from .roof import config_option, roof, settings_or_exit, tell, told_plainly

Beside = Callable[[Any], Awaitable[None]]


class Server(uvicorn.Server):
    """Leaves the signals to us, and says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=sockets)
        self.answers.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: Any, site: SiteSettings, routes: Routes = ()) -> Server:
    return Server(
        uvicorn.Config(
            app,
            http=swift_protocol(routes),
            host=site.host,
            port=site.port,
            loop="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=5,
            timeout_keep_alive=15,
            server_header=False,
            date_header=False,
            proxy_headers=site.is_behind_proxy,
            forwarded_allow_ips=list(site.proxies) if site.is_behind_proxy else None,
        )
    )


async def serve_until_told(settings: Settings, beside: Beside | None = None) -> None:
    """Open the house, answer requests, and close it again when told to stop."""
    site = settings.section("site", SiteSettings)
    leave = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, leave.set)
    async with roof().open_house(settings, tell) as running:
        server = make_server(running.app, site, running.swift)
        serving = asyncio.create_task(server.serve())
        leaving = asyncio.create_task(leave.wait())
        work = asyncio.create_task(_begin(server, site, running, beside))
        try:
            await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            work.cancel()
            leaving.cancel()
            server.should_exit = True
            await asyncio.gather(serving, work, leaving, return_exceptions=True)
        tell("closing")


async def _begin(server: Server, site: SiteSettings, running: Any, beside: Beside | None) -> None:
    await server.answers.wait()
    keep_what_is()
    tell(f"open at {site.address}")
    async with asyncio.TaskGroup() as group:
        group.create_task(warm())
        if beside is not None:
            await beside(running)


@click.command()
@config_option
def command(file: Path | None) -> None:
    """Start the site, its database if it has none, and the video engine."""
    import uvloop

    raise_files()
    with told_plainly():
        uvloop.run(serve_until_told(settings_or_exit(file)))
