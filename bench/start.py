# SPDX-License-Identifier: Apache-2.0
"""How long until `silkcast serve` answers its first page, installed and migrated, and what it weighs at rest.

The floor of the start is PostgreSQL's own: the same cluster, started and asked once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from bench.row import Row
from silkcast.plumbing.postgres import Postgres

TIMES = 3
RESTING_SECONDS = 6


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environ(house: Path, port: int) -> dict[str, str]:
    """As a shell would start it. What is installed is compiled once, so nothing forbids to keep that."""
    dropped = ("SILKCAST_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {
        **kept,
        "SILKCAST_HOUSE__FOLDER": str(house),
        "SILKCAST_SITE__PORT": str(port),
        "SILKCAST_VIDEO__EMBEDDED__RTMP_PORT": str(free_port()),
        "SILKCAST_VIDEO__EMBEDDED__RTMP_HOST": "127.0.0.1",
    }


def first_page(port: int) -> bool:
    """Asks without a client that would itself take its share of the start."""
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as asking:
            asking.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return asking.recv(64).startswith(b"HTTP/1.1 200")
    except ConnectionError:
        return False


@contextmanager
def served(house: Path, port: int) -> Iterator[tuple[int, float]]:
    """A house that answers: its process id, and the seconds until its first page."""
    began = time.monotonic()
    command = [sys.executable, "-m", "silkcast", "serve"]
    child = subprocess.Popen(
        command, env=environ(house, port), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        while True:
            if first_page(port):
                break
            if child.poll() is not None:
                assert child.stderr is not None
                raise RuntimeError(child.stderr.read().decode()[-500:])
            if time.monotonic() - began > 120:
                raise TimeoutError("the site did not answer within two minutes")
            time.sleep(0.02)
        yield child.pid, time.monotonic() - began
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


def tree(pid: int) -> Iterator[int]:
    """A process and all below it, PostgreSQL's apart."""
    name = Path(f"/proc/{pid}/comm").read_text().strip()
    if name.startswith("postgres"):
        return
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from tree(int(child))


def megabytes(pid: int) -> float:
    """What the processes hold, shared pages by share."""
    octets = 0
    for one in tree(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                octets += int(line.split()[1]) * 1024
    return octets / 1_000_000


async def postgres_alone(folder: Path) -> float:
    began = time.monotonic()
    server = Postgres(folder)
    server.start()
    try:
        connection = await asyncpg.connect(server.url())
        await connection.fetchval("SELECT 1")
        await connection.close()
        return time.monotonic() - began
    finally:
        server.stop()


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        house = Path(made) / "house"
        Path(made).chmod(0o755)
        subprocess.run(
            [sys.executable, "-m", "silkcast", "migrate"],
            env=environ(house, 1),
            check=True,
            capture_output=True,
        )
        starts, weights = [], []
        for turn in range(TIMES):
            with served(house, free_port()) as (pid, seconds):
                starts.append(seconds)
                if turn == 0:
                    time.sleep(RESTING_SECONDS)
                    weights.append(megabytes(pid))
        alone = [asyncio.run(postgres_alone(house / "postgres")) for _ in range(TIMES)]
    return [
        Row("silkcast serve, to the first page", statistics.median(starts), "s", at_most=3),
        Row("PostgreSQL alone, to the first answer", statistics.median(alone), "s", is_floor=True),
        Row("memory at rest, PostgreSQL apart", weights[0], "MB", at_most=230),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row.line())
