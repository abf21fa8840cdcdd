# SPDX-License-Identifier: Apache-2.0
"""One room and very many viewers: how late events come, what it costs, what a viewer takes of memory.

A real house in a process of its own, read by bench/crowd/viewers.c. The floor is bench/crowd/writer.c, a bare
loop that writes the same octets to as many sockets in the same run, read by the same client.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from bench.crowd import compiled
from bench.row import Floor, Row
from bench.start import free_port
from silkcast.faces.cli.serve import make_server
from silkcast.faces.house import SiteSettings
from silkcast.faces.live.presence import topic
from silkcast.main import migrate
from silkcast.plumbing.db import Database
from silkcast.plumbing.limits import raise_files
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.vault import vault_at
from silkcast.plumbing.wire import Hub
from tests.faces.build import open_town

SECONDS = 10
OTHER_FILES = 200
"""Where the system lets one process hold 20,000 files and no more, some are not viewers."""
LINE = {
    "id": "019ab3f2-7a1c-7c11-9a3b-0f2b6f0d1c2e",
    "kind": "viewer",
    "name": "Camille",
    "text": "Does the lid stay on?",
}


async def serve(folder: Path, port: int, tick_seconds: float) -> None:
    """A town whose room is told events on command. Each line on our input is a command, {"events": …,
    "seconds": …}, and is answered with what it cost."""
    raise_files()
    server = Postgres(folder / "postgres")
    server.start(lambda words: None)
    try:
        database = Database(server.url(), vault_at(folder / "vault.keys"), pool_size=4)
        await migrate(database)
        town = await open_town(database, folder)
        running = town.running
        hub = running.house.hub
        hub.tick_seconds = tick_seconds
        site = make_server(running.app, SiteSettings(port=port), running.swift)
        beside = [asyncio.create_task(site.serve()), asyncio.create_task(running.presence.run())]
        await site.answers.wait()
        say({"path": f"/live/{town.show.id}/events"})
        await obey(hub, town.show.id)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await database.close()
    finally:
        server.stop()


async def obey(hub: Hub, show: UUID) -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wanted = json.loads(line)
        before, began = cpu(), time.monotonic()
        for number in range(wanted["events"]):
            due = began + number * wanted["seconds"] / wanted["events"]
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            hub.publish(topic(show), "chat", {**LINE, "t": time.monotonic_ns()})
        await asyncio.sleep(1.5)
        gc.collect()
        say({"cpu": cpu() - before, "seconds": time.monotonic() - began, "memory": memory()})


def say(words: dict[str, Any]) -> None:
    print(json.dumps(words), flush=True)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


@contextmanager
def child(*command: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.terminate()
            started.wait(60)


def heard(program: subprocess.Popen[str]) -> Any:
    line = _pipe(program.stdout).readline()
    if not line:
        raise RuntimeError(f"{program.args!r} ended with {program.wait()}")
    return json.loads(line) if line.startswith("{") else line.strip()


def told(program: subprocess.Popen[str], words: str) -> None:
    pipe = _pipe(program.stdin)
    pipe.write(words + "\n")
    pipe.flush()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def crowd_of(
    viewers: int, tick_seconds: float, events: int, programs: Path, stalled: int = 0
) -> dict[str, Any]:
    """A room with so many viewers, told so many events within ten seconds."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as folder:
        Path(folder).chmod(0o755)
        served = child(sys.executable, "-m", "bench.fanout", folder, str(port), str(tick_seconds))
        with served as server:
            path = heard(server)["path"]
            empty = asked(server, 1, 0)
            count = (str(viewers), str(stalled))
            with child(str(programs / "viewers"), "127.0.0.1", str(port), path, *count) as crowd:
                assert heard(crowd) == "open"
                rest = asked(server, 1, 0)
                cost = asked(server, events, SECONDS)
                told(crowd, "enough")
                seen = heard(crowd)
    return {
        **seen,
        "cores": cost["cpu"] / SECONDS,
        "client_cores": seen["cpu"] / SECONDS,
        "octets_a_viewer": (rest["memory"] - empty["memory"]) / viewers,
        "octets_after": (cost["memory"] - empty["memory"]) / viewers,
    }


def asked(server: subprocess.Popen[str], events: int, seconds: float) -> Any:
    told(server, json.dumps({"events": events, "seconds": seconds}))
    return heard(server)


def floor_of(viewers: int, tick_seconds: float, events: int, programs: Path) -> dict[str, Any]:
    """The same octets from a bare loop."""
    port, ticks = free_port(), round(SECONDS / tick_seconds)
    each = max(1, round(events / ticks))
    numbers = (str(port), str(viewers), str(ticks), str(round(tick_seconds * 1000)), str(each))
    with child(str(programs / "writer"), *numbers) as writer:
        assert heard(writer) == "listening"
        with child(str(programs / "viewers"), "127.0.0.1", str(port), "/", str(viewers)) as crowd:
            assert heard(crowd) == "open"
            told(writer, "go")
            cost = heard(writer)
            told(crowd, "enough")
            seen = heard(crowd)
    return {**seen, "cores": cost["cpu"] / SECONDS, "client_cores": seen["cpu"] / SECONDS}


def table(viewers: int, tick: float, events: int, late: float, cores: float, programs: Path) -> list[Row]:
    floor = floor_of(viewers, tick, events, programs)
    found = crowd_of(viewers, tick, events, programs)
    name = f"{viewers:,} viewers, {events // SECONDS}/s in {tick * 1000:.0f} ms ticks"
    missing = found["lost"] + found["incomplete"] + found["snapshots"] + found["closed"]
    return [
        Row(f"{name}: p99", found["p99"], "ms", Floor("bare loop, same octets", floor["p99"]), at_most=late),
        Row("  p50", found["p50"], "ms"),
        Row("  slowest", found["max"], "ms"),
        Row("  events that did not come, or not in order", missing + found["repeated"], "", at_most=0),
        Row("  server", found["cores"], "cores", Floor("bare loop", floor["cores"]), at_most=cores),
        Row("  memory a viewer", found["octets_a_viewer"] / 1000, "kB", at_most=8),
        Row("  the crowd itself", found["client_cores"], "cores"),
    ]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-crowd-") as made:
        programs = Path(made)
        compiled("viewers", programs)
        compiled("writer", programs)
        many = min(20_000, raise_files() - OTHER_FILES)
        return [
            *table(5_000, 0.1, 50 * SECONDS, 250, 0.6, programs),
            *table(many, 0.2, 25 * SECONDS, 500, 1.0, programs),
        ]


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
