# SPDX-License-Identifier: Apache-2.0
"""300 chat lines a second into one room for 20 seconds, three in ten of them spam, with twenty viewers.

Once as the house is set, where a room shows a bounded number a second, once with that bound lifted, so that
every line is written and told. The floor is a bare ASGI program that answers the same posts and keeps
nothing, and PostgreSQL's own commits: one insert a transaction at the same pace. All within one run.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg

from bench.pages import processor_seconds
from bench.row import Floor, Row
from bench.start import free_port
from bench.talking import Answer, Viewer, outcomes, percentile, snapshot, talk, watching
from silkcast.faces.cli.serve import make_server
from silkcast.main import migrate
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.rubbish import keep_what_is
from silkcast.plumbing.vault import vault_at
from silkcast.stage.chat.settings import ChatSettings
from silkcast.stage.rooms import service as rooms
from tests.faces.build import open_town

A_SECOND = 300
SECONDS = 20
VIEWERS = 20
WARM_SECONDS = 4
"""The same before it is measured: a house just opened compiles its statements and reads its word lists."""
SETTLE_SECONDS = 1.5


async def serve(folder: Path, port: int, floor: int) -> None:
    """A town on air and a bare program, until ended. Prints the show and the database once both answer."""
    server = Postgres(folder / "postgres")
    server.start(lambda words: None)
    try:
        database = Database(server.url(), vault_at(folder / "vault.keys"), pool_size=10)
        await migrate(database)
        town = await open_town(database, folder, room_seconds=1)
        async with database.write() as tx:
            await rooms.start(tx, town.show.id, town.seller.id)
        print(f"{town.show.id} {server.url()}", flush=True)
        running = town.running
        site = running.house.site
        keep_what_is()  # as `silkcast serve` does
        await asyncio.gather(
            make_server(running.app, replace(site, port=port), running.swift).serve(),
            make_server(bare, replace(site, port=floor)).serve(),
            running.relay.run(),
            running.presence.run(),
        )
    finally:
        server.stop()


async def bare(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


async def one_insert_a_commit(url: str) -> list[Answer]:
    """The least that keeps a line: one row, one commit, at the same pace."""
    pool = await asyncpg.create_pool(url, min_size=8, max_size=8)
    await pool.execute("CREATE TABLE bench_lines (id bigserial PRIMARY KEY, said text)")
    answers: list[Answer] = []

    async def keep(due: float) -> None:
        await pool.execute("INSERT INTO bench_lines (said) VALUES ($1)", "a line of chat like any other")
        answers.append(Answer(time.monotonic() - due, 201, {}))

    began = time.monotonic()
    keeping = []
    for number in range(A_SECOND * 5):
        due = began + number / A_SECOND
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        keeping.append(asyncio.create_task(keep(due)))
    await asyncio.gather(*keeping)
    await pool.close()
    return answers


def told_alike(viewers: list[Viewer], picture: list[dict[str, Any]]) -> bool:
    """All heard the same lines in the same order, none had a gap, and each has what the house has."""
    first = viewers[0]
    return all(
        viewer.heard == first.heard and not viewer.gaps and viewer.picture == picture for viewer in viewers
    )


async def measured(pid: int, port: int, show: str) -> tuple[list[Answer], float, int, bool]:
    async with watching(port, show, VIEWERS) as viewers:
        await talk(port, show, a_second=A_SECOND, seconds=WARM_SECONDS, first=1_000_750)
        before = processor_seconds(pid)
        answers = await talk(port, show, a_second=A_SECOND, seconds=SECONDS)
        spent = processor_seconds(pid) - before
        await asyncio.sleep(SETTLE_SECONDS)
        return answers, spent, len(viewers[0].heard), told_alike(viewers, await snapshot(port, show))


async def floors(pid: int, floor: int, url: str) -> tuple[list[Answer], float, list[Answer]]:
    before = processor_seconds(pid)
    answers = await talk(floor, "none", a_second=A_SECOND, seconds=5)
    return answers, processor_seconds(pid) - before, await one_insert_a_commit(url)


def rows_of(name: str, most: int | None) -> list[Row]:
    port, floor = free_port(), free_port()
    environ = {**os.environ, **({"SILKCAST_CHAT__MOST_A_SECOND": str(most)} if most else {})}
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "-m", "bench.chat", folder, str(port), str(floor)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as child:
            try:
                assert child.stdout is not None
                show, url = child.stdout.readline().split()
                time.sleep(1)
                answers, spent, shown, alike = asyncio.run(measured(child.pid, port, show))
                bare_answers, bare_spent, kept = asyncio.run(floors(child.pid, floor, url))
            finally:
                child.terminate()
                child.wait(30)
    print(f"{name}: {dict(outcomes(answers))}")
    each = spent / len(answers) * 1000
    post = Floor("bare ASGI, same posts", bare_spent / len(bare_answers) * 1000)
    faults = sum(1 for answer in answers if answer.status >= 500)
    slowest = percentile(answers, 0.99) * 1000
    least = percentile(bare_answers, 0.99) + percentile(kept, 0.99)
    gathered = ChatSettings().gather_milliseconds
    commit = Floor("gathering, bare ASGI and one insert a commit", gathered + least * 1000)
    return [
        Row(
            f"chat, {A_SECOND} lines/s, {name}: p99 of the answer",
            slowest,
            "ms",
            commit,
            at_most=250,
        ),
        Row("  median of the answer", percentile(answers, 0.5) * 1000, "ms"),
        Row("  the house's processor time a line", each, "ms", post, at_most=2),
        Row("  lines shown to each viewer", shown, ""),
        Row("  answers of 500 and above", faults, "", at_most=0),
        Row("  all viewers alike, and as the snapshot (1 is yes)", float(alike), "", at_least=1),
    ]


def rows() -> list[Row]:
    return [*rows_of("as set", None), *rows_of("nothing thinned", 100_000)]


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
