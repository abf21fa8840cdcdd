# SPDX-License-Identifier: Apache-2.0
"""How long until `silkcast serve` answers its first page, installed and migrated, and what it weighs at rest.

The floor is a site of one page and one query on the same frameworks and the same PostgreSQL, turn about.
"""

from __future__ import annotations

import compileall
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
from dataclasses import dataclass
from pathlib import Path

from bench.row import Floor, Row

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


@dataclass(frozen=True, slots=True)
class Start:
    """Until the first page: seconds by the clock, and of processor time (PostgreSQL's apart)."""

    seconds: float
    processor: float


@contextmanager
def answering(command: list[str], house: Path, port: int) -> Iterator[tuple[int, Start]]:
    """A site that has answered: its process id, and what it took."""
    began = time.monotonic()
    # a file, since nobody reads along: who writes to a full pipe stands still
    told = house.with_name(f"{house.name}.log")
    with told.open("wb") as errors:
        child = subprocess.Popen(command, env=environ(house, port), stdout=subprocess.DEVNULL, stderr=errors)
    try:
        while not first_page(port):
            if child.poll() is not None:
                raise RuntimeError(told.read_text()[-500:])
            if time.monotonic() - began > 120:
                raise TimeoutError("the site did not answer within two minutes")
            time.sleep(0.02)
        yield child.pid, Start(time.monotonic() - began, processor(child.pid))
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


def processor(pid: int) -> float:
    """Seconds that the process itself has used so far."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


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


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        house = Path(made) / "house"
        Path(made).chmod(0o755)
        prepare(house)
        ours, bare, weights = [], [], []
        for turn in range(TIMES):
            port = free_port()
            serve = [sys.executable, "-m", "silkcast", "serve"]
            with answering(serve, house, port) as (pid, start):
                ours.append(start)
                if turn == 0:
                    time.sleep(RESTING_SECONDS)
                    weights.append(megabytes(pid))
            port = free_port()
            least = [sys.executable, "-m", "bench.bare_site", str(house / "postgres"), str(port)]
            with answering(least, house, port) as (pid, start):
                bare.append(start)
                if turn == 0:
                    weights.append(megabytes(pid))
    floor = "a page of one query on the same frameworks"
    return [
        Row(
            "silkcast serve, to the first page",
            statistics.median(one.seconds for one in ours),
            "s",
            Floor(floor, statistics.median(one.seconds for one in bare)),
            at_most=3,
        ),
        Row(
            "  processor time of it",
            statistics.median(one.processor for one in ours),
            "s",
            Floor(floor, statistics.median(one.processor for one in bare)),
        ),
        Row("memory at rest, PostgreSQL apart", weights[0], "MB", Floor(floor, weights[1]), at_most=230),
    ]


def prepare(house: Path) -> None:
    """Installed and migrated: compiled as `pip install` does it, and the tables made."""
    for package in ("silkcast", "bench"):
        compileall.compile_dir(package, quiet=1)
    command = [sys.executable, "-m", "silkcast", "migrate"]
    subprocess.run(command, env=environ(house, 1), check=True, capture_output=True)


if __name__ == "__main__":
    for row in rows():
        print(row.line())
