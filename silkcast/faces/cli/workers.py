# SPDX-License-Identifier: Apache-2.0
"""Workers: several processes that answer at one address, started, watched and ended by a keeper."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from silkcast.faces.house import SiteSettings
from silkcast.plumbing.children import dies_with_us
from silkcast.plumbing.faults import Fault
from silkcast.plumbing.settings import Settings

from .roof import roof, tell

log = structlog.get_logger(__name__)

READY = "serving.ready"
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 15.0
LONGEST_PAUSE = 10.0


def shared_socket(host: str, port: int) -> socket.socket:
    """A socket that several processes may bind to the same address; the kernel deals connections out."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    made = socket.socket(found[0], socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind(found[4])
    except OSError:
        made.close()
        raise
    return made


def hold_address(host: str, port: int) -> socket.socket:
    """The address for us alone: what another program has is not shared with it by mistake. The socket that
    holds it does not listen, so nobody is sent to it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.socket(found[0], socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(found[4])
    return shared_socket(host, port)


class Workers:
    """So many children. One that dies is started again, after a pause that grows while it dies at once."""

    def __init__(self, command: Sequence[str], environ: dict[str, str], count: int) -> None:
        self._command = list(command)
        self._environ = environ
        self._children: list[subprocess.Popen[bytes] | None] = [None] * count
        self._began = [0.0] * count
        self._pauses = [0.0] * count

    @property
    def pids(self) -> list[int]:
        return [child.pid for child in self._children if child is not None and child.poll() is None]

    def start(self, number: int) -> None:
        self._began[number] = time.monotonic()
        self._children[number] = subprocess.Popen(  # noqa: S603
            [*self._command, "--as-worker", str(number)],
            stdin=subprocess.DEVNULL,
            env=self._environ,
            start_new_session=True,  # Ctrl-C reaches the keeper alone, which ends us in order
            preexec_fn=dies_with_us(),
        )

    async def keep(self) -> None:
        """Until cancelled."""
        for number in range(len(self._children)):
            self.start(number)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for number, child in enumerate(self._children):
                if child is not None and child.poll() is not None:
                    self._begin_again(number, child)

    def _begin_again(self, number: int, child: subprocess.Popen[bytes]) -> None:
        lived = time.monotonic() - self._began[number]
        log.error("worker.died", worker=number, code=child.returncode, lived=round(lived, 1))
        self._children[number] = None
        lasted = lived > LONGEST_PAUSE
        self._pauses[number] = 0.0 if lasted else min(LONGEST_PAUSE, self._pauses[number] * 2 + 0.1)
        asyncio.get_running_loop().call_later(self._pauses[number], self.start, number)

    async def stop(self) -> None:
        """All at once, each in its own order; who takes too long is killed."""
        children = [child for child in self._children if child is not None and child.poll() is None]
        self._children = []
        for child in children:
            child.send_signal(signal.SIGTERM)
        await asyncio.gather(*(asyncio.to_thread(_ended, child) for child in children))


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        log.error("worker.killed", pid=child.pid)
        child.kill()
        child.wait()


async def keep_until_told(settings: Settings, file: Path | None, count: int, leave: asyncio.Event) -> None:
    """The keeper: opens what there is once, then so many workers, until told to stop."""
    site = settings.section("site", SiteSettings)
    with hold_address(site.host, site.port):
        async with roof().open_keeper(settings, count, tell) as kept:
            ready: set[bytes] = set()

            def one_more(subject: str, octets: bytes) -> None:
                ready.add(octets)
                if len(ready) == count:
                    tell(f"open at {site.address}, {count} workers")

            await kept.bus.subscribe(READY, one_more)
            command = [sys.executable, "-m", "silkcast", "serve"]
            if file is not None:
                command += ["--config", str(file)]
            environ = {**os.environ, "SILKCAST_WIRE__URL": kept.url.reveal()}
            workers = Workers(command, environ, count)
            keeping = asyncio.create_task(workers.keep())
            leaving = asyncio.create_task(leave.wait())
            try:
                await asyncio.wait({keeping, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                keeping.cancel()
                leaving.cancel()
                tell("closing")
                await workers.stop()
            if keeping.done() and not keeping.cancelled():
                keeping.result()


def check_joining(settings: Settings, workers: int) -> None:
    """A worker that joins a keeper elsewhere has to be told where everything is."""
    database: Any = settings.section("database", object)
    wire: Any = settings.section("wire", object)
    if workers > 1:
        raise Fault("--without-keeper starts one worker; start it as often as you want workers")
    if not database.url or not wire.url:
        raise Fault("--without-keeper needs database.url and wire.url, the same as the keeper's")


def say_ready(running: Any, number: int) -> None:
    """A worker answers from now on."""
    running.house.bus.publish(READY, str(number).encode())
