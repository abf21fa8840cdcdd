# SPDX-License-Identifier: Apache-2.0
"""Our PostgreSQL comes back from every death, loses nothing it acknowledged, and leaves nothing running."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from silkcast.plumbing.postgres import AlreadyRunning, Postgres, WrongVersion
from silkcast.plumbing.postgres import cluster as cluster_module
from silkcast.plumbing.postgres.traces import is_alive, processes_in, read_pid_file

PARENT = """
import sys, time
from pathlib import Path
from silkcast.plumbing.postgres import Postgres
server = Postgres(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(120)
"""


@pytest.fixture(scope="module")
def fresh() -> Iterator[Path]:
    """A cluster just made and stopped, to be copied: making one costs seconds of waiting for the disk."""
    made = Path(tempfile.mkdtemp(prefix="silkcast-postgres-"))
    made.chmod(0o755)
    server = Postgres(made)
    server.start()
    server.stop()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="silkcast-postgres-"))
    made.chmod(0o755)
    yield made / "data"
    for pid in processes_in(made / "data" / "cluster"):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def folder(fresh: Path, empty_folder: Path) -> Path:
    subprocess.run(["cp", "-a", str(fresh), str(empty_folder)], check=True)
    return empty_folder


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    made = Postgres(folder)
    made.start()
    yield made
    made.stop()


async def ask(server: Postgres, statement: str) -> object:
    connection = await asyncpg.connect(server.url(), timeout=10)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def ask_until_answered(server: Postgres, statement: str) -> object:
    while True:
        with contextlib.suppress(OSError, asyncpg.CannotConnectNowError):
            return await ask(server, statement)
        await asyncio.sleep(0.05)


def gone(pid: int, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_alive(pid)


async def test_it_is_durable_private_and_sorts_alike_everywhere(server: Postgres) -> None:
    for setting, value in {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
    }.items():
        assert await ask(server, f"SHOW {setting}") == value
    locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'silkcast'"
    assert await ask(server, locale) == "bC.UTF-8"
    assert await ask(server, "SELECT upper('é')") == "É"
    assert server.cluster.stat().st_mode & 0o077 == 0
    assert (server.cluster / ".s.PGSQL.5432").is_socket()
    if os.geteuid() == 0:
        assert server.cluster.stat().st_uid != 0
    found = read_pid_file(server.cluster)
    assert found is not None
    assert (found.pid, found.is_ready) == (server.pid, True)


async def test_a_stop_ends_every_process_and_a_second_start_keeps_the_data(server: Postgres) -> None:
    await ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
    pid = server.pid
    assert pid is not None
    server.stop()
    assert gone(pid)
    assert processes_in(server.cluster) == []
    began = time.monotonic()
    server.start()
    assert await ask(server, "SELECT n FROM kept") == 7
    assert time.monotonic() - began < 10


async def test_killed_without_warning_it_is_started_again_and_lost_nothing(server: Postgres) -> None:
    keeper = asyncio.create_task(server.keep(every=0.05))
    await ask(server, "CREATE TABLE answered (n int)")
    answered: list[int] = []

    async def insert_until_cut() -> None:
        connection = await asyncpg.connect(server.url())
        for n in range(100_000):
            await connection.execute("INSERT INTO answered VALUES ($1)", n)
            answered.append(n)

    writer = asyncio.create_task(insert_until_cut())
    while len(answered) < 50:
        await asyncio.sleep(0.01)
    old = server.pid
    assert old is not None
    os.kill(old, signal.SIGKILL)
    with contextlib.suppress(
        asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError
    ):
        await writer
    rows = await ask_until_answered(server, "SELECT array_agg(n) FROM answered")
    assert server.pid not in (None, old)
    assert set(answered) <= set(rows)  # type: ignore[call-overload]
    keeper.cancel()


def test_killed_with_its_backends_stopped_the_leftovers_are_cleared(server: Postgres) -> None:
    """A backend that hangs holds the shared memory: a new postmaster must wait for it or end it."""
    old = server.pid
    assert old is not None
    backend = next(pid for pid in processes_in(server.cluster) if pid != old)
    os.kill(backend, signal.SIGSTOP)
    os.kill(old, signal.SIGKILL)
    while server.is_running:
        time.sleep(0.01)
    server.start()
    assert server.is_running
    assert not is_alive(backend)
    assert asyncio.run(ask(server, "SELECT 1")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_it_dies_with_a_parent_that_is_killed(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(folder)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert gone(pid)
    again = Postgres(folder)
    again.start()
    assert asyncio.run(ask(again, "SELECT 1")) == 1
    again.stop()


def test_an_orphan_that_lived_on_is_replaced(folder: Path) -> None:
    """Started off the main thread it is not told of our death; the next start finds it and takes over."""
    orphaned = Postgres(folder)
    starter = threading.Thread(target=orphaned.start)
    starter.start()
    starter.join()
    orphan = orphaned.pid
    assert orphan is not None
    assert orphaned._lock is not None
    orphaned._lock.close()  # what the kernel does for a process killed -9
    heir = Postgres(folder)
    heir.start()
    assert heir.pid != orphan
    assert gone(orphan)
    heir.stop()
    assert not is_alive(orphan), "a zombie that nobody has collected counts as dead"


def test_a_stale_pid_file_that_names_a_stranger_is_no_hindrance(server: Postgres) -> None:
    server.stop()
    (server.cluster / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.cluster}\n0\n5432\n\n\n\nready   \n"
    )
    server.start()
    assert server.is_running


def test_one_folder_has_one_keeper(server: Postgres) -> None:
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        Postgres(server.folder).start()
    assert server.is_running


def test_data_of_another_major_version_is_refused_with_the_way_over(server: Postgres) -> None:
    server.stop()
    (server.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(WrongVersion, match=r"PostgreSQL 17.*silkcast backup.*silkcast restore"):
        server.start()
    (server.cluster / "PG_VERSION").write_text("18\n")
    server.start()


def test_a_long_path_gets_a_short_socket_that_is_still_private(empty_folder: Path) -> None:
    long = empty_folder / ("x" * 90)
    server = Postgres(long)
    server.start()
    assert asyncio.run(ask(server, "SELECT 1")) == 1
    assert server._socket != server.cluster
    assert server._socket.stat().st_mode & 0o077 == 0
    server.stop()
    shutil.rmtree(server._socket)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that others cannot enter")
def test_a_folder_of_roots_own_sends_the_cluster_elsewhere(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "SHARED_DATA", empty_folder.parent / "shared" / "data")
    shut = empty_folder / "shut"
    shut.mkdir(parents=True)
    shut.chmod(0o700)
    server = Postgres(shut / "postgres")
    server.start()
    assert server.cluster.is_relative_to(empty_folder.parent / "shared")
    assert shut.stat().st_mode & 0o777 == 0o700
    server.stop()
    again = Postgres(shut / "postgres")
    again.start()
    assert again.cluster == server.cluster
    again.stop()


def test_a_cluster_cut_short_in_the_making_is_made_again(empty_folder: Path) -> None:
    (empty_folder / "cluster.new" / "base").mkdir(parents=True)
    server = Postgres(empty_folder)
    server.start()
    assert server.is_running
    server.stop()
