# SPDX-License-Identifier: Apache-2.0
"""The power goes in the middle of a sale: nothing that was promised to a buyer is lost.

A real `silkcast serve` with a PostgreSQL of its own, nothing switched off, and buyers at its door. First the
database is killed under it, then the server itself. After the restart every order that was answered is there,
no unit is sold twice, none is held for nobody, and the books balance.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from silkcast.goods.stock import service as stock
from silkcast.ground.ids import VariantId
from silkcast.main import migrate, open_database, settings_from
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Database
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from tests.flows.build import HOMES, SECRET, Programs, open_the_shop

pytestmark = pytest.mark.timeout(300)
UNITS = 5000
BUYERS = 8


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the user PostgreSQL runs as can enter."""
    made = Path(tempfile.mkdtemp(prefix="silkcast-crash-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def write_settings(folder: Path, outside: Programs) -> Path:
    file = folder / "silkcast.toml"
    file.write_text(f"""
[house]
folder = "{folder / "var"}"
[site]
port = {free_port()}
["payment.sandbox"]
url = "{outside.payment}"
webhook_secrets = ["{SECRET}"]
["carrier.sandbox"]
base_url = "{outside.carrier}"
secret = "{SECRET}"
["customs.sandbox"]
base_url = "{outside.customs}"
secret = "{SECRET}"
["video.embedded"]
rtmp_host = "127.0.0.1"
rtmp_port = 0
""")
    return file


@asynccontextmanager
async def serving(file: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`silkcast serve`, when it answers; told to stop at the end, if it lives."""
    command = "from silkcast.main import run; run()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", command, "serve", "--config", str(file),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said: list[bytes] = []
    async with asyncio.timeout(120):
        while b"open at" not in (line := await process.stdout.readline()):
            said.append(line)
            assert line, b"".join(said).decode()
    draining = asyncio.create_task(process.stdout.read())
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await draining


@dataclass
class Sale:
    """Buyers at the door, and what they were answered."""

    url: str
    variant: VariantId
    secrets: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    selling: bool = True

    async def run(self) -> None:
        await asyncio.gather(*(self._buy_on(number) for number in range(BUYERS)))

    async def sells(self, more: int) -> None:
        """Until so many more were answered."""
        goal = len(self.secrets) + more
        try:
            async with asyncio.timeout(60):
                while len(self.secrets) < goal:
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{len(self.secrets)} of {goal}; {self.unanswered[-3:]}") from None

    async def _buy_on(self, buyer: int) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=10, trust_env=False) as client:
            count = 0
            while self.selling:
                count += 1
                await self._buy(client, f"crash-{buyer}-{count}", buyer % 2 == 0)

    async def _buy(self, client: httpx.AsyncClient, key: str, with_cash: bool) -> None:
        home = HOMES["SA"]
        asked = {
            "market": "SA",
            "wanted": [{"variant": str(self.variant), "units": 1}],
            "buyer_name": home.name,
            "ship_to": {
                "country": "SA", "name": home.name, "street": home.street, "city": home.city,
                "postcode": home.postcode, "phone": home.phone,
            },
            "delivery": "sandbox/post_tracked",
            "method": "cod" if with_cash else "card",
        }  # fmt: skip
        try:
            answer = await client.post("/api/v1/checkouts", json=asked, headers={"idempotency-key": key})
        except httpx.HTTPError as fault:
            self.unanswered.append(type(fault).__name__)
            await asyncio.sleep(0.1)
            return
        if answer.status_code >= 500:
            self.unanswered.append(answer.text)
            await asyncio.sleep(0.1)
            return
        assert answer.status_code == 201, answer.text
        self.secrets.append(answer.json()["secret"])


async def test_no_promise_is_lost_when_the_power_goes(folder: Path, outside: Programs) -> None:
    file = write_settings(folder, outside)
    settings = settings_from(file)
    async with open_database(settings) as database:
        await migrate(database)
        async with database.write() as tx:
            _, _, products = await open_the_shop(tx, units=UNITS)
    variant = products["cup"].variants[0].id
    url = f"http://127.0.0.1:{settings_port(file)}"
    sale = Sale(url, variant)

    async with serving(file) as server:
        selling = asyncio.create_task(sale.run())
        await sale.sells(2 * BUYERS)
        os.kill(postmaster(folder), signal.SIGKILL)
        await sale.sells(2 * BUYERS)
        server.kill()
        await server.wait()
        sale.selling = False
        await selling
    promised = list(sale.secrets)

    async with serving(file), httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
        for secret in promised:
            assert (await client.get(f"/api/v1/checkouts/{secret}")).status_code == 200

    async with open_database(settings) as database:
        await everything_adds_up(database, variant, promised)


async def everything_adds_up(database: Database, variant: VariantId, promised: list[str]) -> None:
    """Shelf and books against the orders, those included whose answer the buyer never saw."""
    found: list[Order] = []
    after: str | None = None
    async with database.read() as db:
        while True:
            page = await orders.orders(db, after=after, limit=200)
            found += page.items
            after = page.next
            if after is None:
                break
        for secret in promised:
            await orders.by_secret(db, secret)
        there = (await stock.levels(db, [variant]))[variant]
        assert await ledger.check(db) == ()
    sold = sum(order.units for order in found if order.reached("cod_accepted") or order.reached("paid"))
    waiting = sum(order.units for order in found if order.state in ("held", "awaiting_payment"))
    assert len(found) >= len(promised)
    assert there.on_hand == UNITS - sold, "no unit is sold twice, none is lost"
    assert there.held == waiting, "none is held for nobody"
    assert len({order.key for order in found}) == len(found)


def settings_port(file: Path) -> int:
    line = next(line for line in file.read_text().splitlines() if line.startswith("port"))
    return int(line.partition("=")[2])


def postmaster(folder: Path) -> int:
    """The database's first process, by its own note."""
    (note,) = (folder / "var" / "postgres").rglob("postmaster.pid")
    return int(note.read_text().split()[0])
