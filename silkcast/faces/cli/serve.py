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
from .workers import check_joining, keep_until_told, say_ready, shared_socket

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


async def serve_until_told(
    settings: Settings, beside: Beside | None = None, *, worker: int | None = None
) -> None:
    """Open the house, answer requests, and close it again when told to stop. A `worker` shares the address
    with the others of its keeper."""
    site = settings.section("site", SiteSettings)
    leave = told_to_leave()
    async with roof().open_house(settings, tell, is_worker=worker is not None) as running:
        server = make_server(running.app, site, running.swift)
        sockets = [shared_socket(site.host, site.port)] if worker is not None else None
        serving = asyncio.create_task(server.serve(sockets))
        leaving = asyncio.create_task(leave.wait())
        work = asyncio.create_task(_begin(server, site, running, beside, worker))
        try:
            await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            work.cancel()
            leaving.cancel()
            server.should_exit = True
            await asyncio.gather(serving, work, leaving, return_exceptions=True)
        if worker is None or worker < 0:
            tell("closing")


def told_to_leave() -> asyncio.Event:
    """Set when the system asks us to end."""
    leave = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, leave.set)
    return leave


async def _begin(
    server: Server, site: SiteSettings, running: Any, beside: Beside | None, worker: int | None
) -> None:
    await server.answers.wait()
    keep_what_is()
    if worker is not None and worker >= 0:
        say_ready(running, worker)
        return
    tell(f"open at {site.address}")
    async with asyncio.TaskGroup() as group:
        group.create_task(warm())
        if beside is not None:
            await beside(running)


@click.command()
@config_option
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer requests; with more than one, a keeper starts and watches them.",
)
@click.option(
    "--without-keeper",
    "is_joining",
    is_flag=True,
    help="One more worker of a house whose keeper runs elsewhere: no clock, no video engine.",
)
@click.option("--as-worker", "worker", type=int, hidden=True)
def command(file: Path | None, workers: int, is_joining: bool, worker: int | None) -> None:
    """Start the site, its database if it has none, and the video engine."""
    import uvloop

    raise_files()
    settings = settings_or_exit(file)
    with told_plainly():
        if is_joining:
            check_joining(settings, workers)
            uvloop.run(serve_until_told(settings, worker=-1))
        elif workers > 1 and worker is None:
            uvloop.run(_keep(settings, file, workers))
        else:
            uvloop.run(serve_until_told(settings, worker=worker))


async def _keep(settings: Settings, file: Path | None, workers: int) -> None:
    await keep_until_told(settings, file, workers, told_to_leave())
