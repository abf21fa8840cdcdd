# SPDX-License-Identifier: Apache-2.0
"""Room and product pages a second, for strangers, at sixteen connections with wrk.

The floor is a bare ASGI program that sends as many octets, measured in the same minute.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvicorn

from bench.row import Row
from bench.start import free_port
from silkcast.main import migrate
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.vault import vault_at
from tests.faces.build import open_town

CONNECTIONS = 16
SECONDS = 5
COOKIE = "Cookie: market=FR; language=fr"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")


async def serve(folder: Path, port: int, floor: int) -> None:
    """A town and a bare program, until ended. Prints the two paths once both answer."""
    server = Postgres(folder / "postgres")
    server.start(lambda words: None)
    try:
        database = Database(server.url(), vault_at(folder / "vault.keys"), pool_size=10)
        await migrate(database)
        town = await open_town(database, folder, room_seconds=1)
        print(f"/room/{town.show.slug} {town.path}", flush=True)
        await asyncio.gather(site(town.running.app, port), site(bare(16_000), floor))
    finally:
        server.stop()


def bare(octets: int) -> Any:
    body = b"x" * octets
    headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % octets)]

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


async def site(app: Any, port: int) -> None:
    config = uvicorn.Config(app, port=port, log_level="error", access_log=False, lifespan="off", loop="none")
    await uvicorn.Server(config).serve()


def rate(address: str) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-H", COOKIE, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = _RATE.search(said)
    if found is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return float(found[1])


def rows() -> list[Row]:
    port, floor = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "-m", "bench.pages", folder, str(port), str(floor)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            try:
                assert child.stdout is not None
                room, product = child.stdout.readline().split()
                subprocess.run(["sleep", "1"], check=True)
                least = rate(f"http://127.0.0.1:{floor}/")
                rooms = rate(f"http://127.0.0.1:{port}{room}")
                products = rate(f"http://127.0.0.1:{port}{product}")
            finally:
                child.terminate()
                child.wait(30)
    return [
        Row("room pages, 16 connections", rooms, "/s", at_least=1_600),
        Row("product pages, 16 connections", products, "/s", at_least=1_600),
        Row("  bare ASGI of the same size", least, "/s", is_floor=True),
        Row("  rooms to the floor", rooms / least, ""),
    ]


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
