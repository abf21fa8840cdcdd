# SPDX-License-Identifier: Apache-2.0
"""A house to be killed: the real program with the real database, a payment provider beside it that outlives
it, and an encoder that sends to its show."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import httpx

from silkcast.faces.demo.ports import free_port
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import ProductId, ShowId, VariantId
from silkcast.ground.language import Words
from silkcast.main import migrate, open_database, settings_from
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.postgres.traces import doing, processes_in, read_pid_file
from silkcast.plumbing.vault import vault_at
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow
from tests.flows.shop import open_the_shop
from tests.story.watching import push

T = TypeVar("T")
SECRET = "both-know-this"
KEY = "sandbox-key"
UNITS = 2000


@dataclass
class Killable:
    """The house's folder and ports, and whichever of its processes runs now."""

    folder: Path
    site: int
    rtmp: int
    provider: int
    stream_key: str = ""
    show: ShowId | None = None
    variants: tuple[VariantId, ...] = ()
    _server: subprocess.Popen[bytes] | None = None
    _provider: subprocess.Popen[bytes] | None = None
    _encoder: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.site}"

    @property
    def settings(self) -> Path:
        return self.folder / "silkcast.toml"

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres" / "cluster"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def server(self) -> subprocess.Popen[bytes]:
        assert self._server is not None, "it was started"
        return self._server

    def start(self) -> None:
        """The server, up when it answers."""
        with self.log.open("ab") as output:
            self._server = subprocess.Popen(
                [sys.executable, "-u", "-m", "silkcast", "serve", "--config", str(self.settings)],
                stdout=output,
                stderr=output,
                env=clean_environment(),
            )
        until(self.is_ready, 60, "the house answers")

    def is_ready(self) -> bool:
        assert self.server.poll() is None, self.log.read_text()[-4000:]
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.origin}/health/ready", trust_env=False, timeout=5).status_code == 200
        return False

    def kill_server(self) -> None:
        self.server.kill()
        self.server.wait()

    def postmaster(self) -> int:
        found = read_pid_file(self.cluster)
        assert found is not None, "PostgreSQL runs"
        return found.pid

    def backend(self) -> int:
        """One that serves a connection of the house."""
        return next(pid for pid in processes_in(self.cluster) if "[local]" in doing(pid))

    def start_provider(self) -> None:
        data = self.folder / "provider"
        data.mkdir(exist_ok=True)
        hook = f"{self.origin}/hooks/payment/sandbox"
        place = ("--data", str(data), "--port", str(self.provider), "--pace", "0.2")
        told = ("--key", KEY, "--secret", SECRET, "--webhook", hook)
        with (data / "log").open("ab") as output:
            self._provider = subprocess.Popen(
                [sys.executable, "-m", "silkcast.engines.payment.provider", *place, *told],
                stdout=output,
                stderr=output,
            )

    def start_encoder(self) -> None:
        self._encoder = push(f"rtmp://127.0.0.1:{self.rtmp}/live/{self.stream_key}")

    def kill_encoder(self) -> None:
        if self._encoder is not None:
            self._encoder.kill()
            self._encoder.wait()

    def film(self) -> int:
        """The number of the newest segment that a viewer is offered; it can be fetched."""
        path = f"{self.origin}/media/live/{self.show}"
        with httpx.Client(trust_env=False, timeout=5) as viewer:
            listed = viewer.get(f"{path}/live.m3u8")
            if listed.status_code != 200:
                return -1
            lines = listed.text.splitlines()
            names = [line for line in lines if line and not line.startswith("#")]
            first = next(line for line in lines if line.startswith("#EXT-X-MEDIA-SEQUENCE:"))
            if not names or len(viewer.get(f"{path}/{names[-1]}").content) < 500:
                return -1
        return int(first.rpartition(":")[2]) + len(names) - 1

    def film_goes_on(self, seconds: float, why: str) -> None:
        """Three more seconds of it."""
        before = self.film()
        until(lambda: self.film() >= before + 3, seconds, why)

    def close(self) -> None:
        self.kill_encoder()
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(20)
        for process in (self._server, self._provider):
            if process is not None:
                process.kill()
                process.wait()


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SILKCAST_")}


def until(look: Callable[[], T], seconds: float, what: str) -> T:
    """What `look` finds, as soon as it is something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return found


@contextlib.contextmanager
def killable(folder: Path) -> Iterator[Killable]:
    """A house with ports of its own; its world has still to be founded."""
    ports = [free_port([], "0.0.0.0") for _ in range(3)]
    made = Killable(folder, *ports)
    made.settings.write_text(_settings(made))
    try:
        yield made
    finally:
        made.close()


def _settings(house: Killable) -> str:
    return f"""
[house]
folder = "{house.folder}"
[site]
port = {house.site}
[log]
level = "warning"
[flows]
hold_minutes = 1
patience_seconds = 2
[video.embedded]
rtmp_port = {house.rtmp}
rtmp_host = "127.0.0.1"
[payment.sandbox]
url = "http://127.0.0.1:{house.provider}"
key = "{KEY}"
webhook_secrets = ["{SECRET}"]
"""


async def found(house: Killable) -> None:
    """A shop with three products and a show on air, written through the doors of the house."""
    async with open_database(settings_from(house.settings)) as database:
        await migrate(database)
        async with database.write() as tx:
            shop, _, products = await open_the_shop(tx, UNITS)
            run: tuple[ProductId, ...] = tuple(product.id for product in products.values())
            plan = NewShow(Words({"en": "Evening tea"}), tx.now + timedelta(hours=1), run)
            show = await rooms.plan_show(tx, shop.id, plan)
            await rooms.start(tx, show.id, shop.id)
            house.stream_key = await rooms.stream_key(tx, show.id, shop.id)
        house.show = show.id
        house.variants = tuple(product.variants[0].id for product in products.values())


@contextlib.asynccontextmanager
async def later(house: Killable, by: timedelta) -> AsyncIterator[Database]:
    """The database of the house after its end, at a later moment."""
    server = Postgres(house.folder / "postgres")
    server.start()
    try:
        vault = vault_at(house.folder / "vault.keys")
        database = Database(server.url(), vault)
        database.clock = SetClock(database.clock.now() + by)
        try:
            yield database
        finally:
            await database.close()
    finally:
        server.stop()
