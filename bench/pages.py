# SPDX-License-Identifier: Apache-2.0
"""Room and product pages a second, for strangers, at sixteen connections.

Three processes: the house as `silkcast serve` runs it, beside it in the same process and on the same loop a
bare ASGI program as the floor, and the load (bench/load.py), which costs a small part of either. They take
turns, so that what else the machine does meets them alike. Processor time a page is told beside pages a
second: it says the same on a machine that others use too.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench.row import Floor, Row
from bench.start import free_port
from silkcast.faces.cli.serve import make_server
from silkcast.main import migrate
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.vault import vault_at
from tests.faces.build import open_town

CONNECTIONS = 16
SECONDS = 2
TURNS = 4
VENDURE = 151
TICKS = os.sysconf("SC_CLK_TCK")
HEADERS = (
    "Cookie: market=FR; language=fr",
    "User-Agent: Mozilla/5.0 (Linux; Android 14) Mobile",
    "Accept: text/html",
    "Accept-Language: fr-FR,fr;q=0.9,en;q=0.8",
)


async def serve(folder: Path, port: int, floor: int) -> None:
    """A town and a bare program, until ended. Prints the two paths before both answer."""
    server = Postgres(folder / "postgres")
    server.start(lambda words: None)
    try:
        database = Database(server.url(), vault_at(folder / "vault.keys"), pool_size=10)
        await migrate(database)
        town = await open_town(database, folder, room_seconds=1)
        print(f"/room/{town.show.slug} {town.path}", flush=True)
        site = town.running.house.site
        await asyncio.gather(
            make_server(town.running.app, replace(site, port=port)).serve(),
            make_server(bare, replace(site, port=floor)).serve(),
        )
    finally:
        server.stop()


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """As many octets as the path says."""
    octets = int(scope["path"][1:])
    headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % octets)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * octets})


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of the load found: answers a second, and milliseconds of processor time for one."""

    rate: float
    server_ms: float
    load_ms: float


def processor_seconds(pid: int) -> float:
    """What a process has used so far."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS


def ask(pid: int, address: str) -> Turn:
    """One turn: the load in a process of its own."""
    command = [sys.executable, "-m", "bench.load", address, str(CONNECTIONS), str(SECONDS), *HEADERS]
    before = processor_seconds(pid)
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    spent = processor_seconds(pid) - before
    found = json.loads(said)
    count = found["answers"]
    return Turn(count / found["seconds"], 1000 * spent / count, 1000 * found["own_cpu"] / count)


def octets(address: str) -> int:
    with urlopen(Request(address, headers=dict(one.split(": ", 1) for one in HEADERS))) as answer:
        return len(answer.read())


def typical(turns: list[Turn]) -> Turn:
    return Turn(
        statistics.median(turn.rate for turn in turns),
        statistics.median(turn.server_ms for turn in turns),
        statistics.median(turn.load_ms for turn in turns),
    )


def measured(pid: int, port: int, floor: int, paths: dict[str, str]) -> dict[str, Turn]:
    """Every page and the floor of its size, turn about."""
    addresses = {}
    for name, path in paths.items():
        addresses[name] = f"http://127.0.0.1:{port}{path}"
        addresses[f"{name} floor"] = f"http://127.0.0.1:{floor}/{octets(addresses[name])}"
    turns: dict[str, list[Turn]] = {name: [] for name in addresses}
    for _ in range(TURNS):
        for name, address in addresses.items():
            turns[name].append(ask(pid, address))
    return {name: typical(found) for name, found in turns.items()}


def rows() -> list[Row]:
    port, floor = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "-m", "bench.pages", folder, str(port), str(floor)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            try:
                assert child.stdout is not None
                room, product = child.stdout.readline().split()
                wait_for(port, floor)
                found = measured(child.pid, port, floor, {"room": room, "product": product})
            finally:
                child.terminate()
                child.wait(30)
    return [row for name in ("room", "product") for row in told(name, found[name], found[f"{name} floor"])]


def told(name: str, page: Turn, least: Turn) -> list[Row]:
    bare = "a bare ASGI program in the same server, as many octets"
    return [
        Row(
            f"{name} pages, {CONNECTIONS} connections",
            page.rate,
            "/s",
            Floor(bare, least.rate),
            at_least=10 * VENDURE,
        ),
        Row("  processor time of the server, each", page.server_ms, "ms", Floor(bare, least.server_ms)),
        Row("  processor time of the load, each", page.load_ms, "ms", Floor("at the floor", least.load_ms)),
    ]


def wait_for(*ports: int) -> None:
    for port in ports:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
