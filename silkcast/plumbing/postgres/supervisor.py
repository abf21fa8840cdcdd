# SPDX-License-Identifier: Apache-2.0
"""The supervisor: starts PostgreSQL as our child, waits until it serves, restarts it, stops it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import structlog

from silkcast.plumbing.children import dies_with_us
from silkcast.plumbing.postgres.account import choose_account
from silkcast.plumbing.postgres.binaries import find_binaries
from silkcast.plumbing.postgres.cluster import (
    DATABASE,
    PORT,
    ROLE,
    check_version,
    child_environment,
    make_cluster,
    place,
    place_noted,
    socket_folder,
)
from silkcast.plumbing.postgres.errors import AlreadyRunning, PostgresFailed
from silkcast.plumbing.postgres.traces import doing, processes_in, read_pid_file, serves

log = structlog.get_logger(__name__)


def shared_megabytes() -> int:
    """A sixteenth of what the machine has, within limits. It is taken as it is used: a house at rest has a
    tenth of it. A long sale whose indexes do not fit loses a fifth of its speed."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(pages // 16 // 2**20, 48), 512)


SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": f"{shared_megabytes()}MB",
    "max_connections": "80",
    "wal_level": "replica",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "cluster_name": "silkcast",
}
"""Modest in memory, whole in durability: fsync, full_page_writes and synchronous_commit stay on. A flash sale
writes 15 MB of log a second: with half a gigabyte of it, checkpoints hold buyers up every few seconds."""

_PAUSE = 0.02


class Postgres:
    """One cluster in `folder`, served by a child of this process.

    Start it from the main thread: on Linux the child is told when the thread that made it ends.
    """

    def __init__(
        self,
        folder: Path,
        *,
        binaries: Path | None = None,
        run_as: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self._settle(self.folder)
        self._binaries_folder = binaries
        self._run_as = run_as
        self._settings = {**SETTINGS, **(settings or {})}
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it is our child and lives."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def is_running(self) -> bool:
        return self.pid is not None

    @property
    def is_held(self) -> bool:
        """Does another process of ours hold the cluster?"""
        try:
            with (self.folder / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False

    def url(self, database: str = DATABASE) -> str:
        """The address for programs of this machine."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self._socket), safe='')}&port={PORT}"

    def start(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """Serve. Returns when PostgreSQL answers; recovery after a crash takes as long as it takes."""
        if self.is_running:
            return
        try:
            self._spawn(*self._prepare(tell))
            self._wait_until_ready(tell)
        except BaseException:
            self.stop()
            raise

    def join(self, patience: float = 60.0) -> None:
        """Use the server that another process of ours runs in this folder, once it answers; `url` says where.

        It is not ours to stop: `stop` leaves it alone.
        """
        account = choose_account(place_noted(self.folder) / "cluster", self._run_as)
        self._settle(place_noted(self.folder))
        self._socket = socket_folder(self.cluster, account)
        if not _wait(self._is_served, patience):
            raise PostgresFailed(f"{self.folder} is in use, and its PostgreSQL does not answer")

    def _is_served(self) -> bool:
        found = read_pid_file(self.cluster)
        return found is not None and found.is_ready and serves(found.pid, self.cluster)

    def stop(self, patience: float = 60.0) -> None:
        """Fast shutdown: SIGINT, then SIGQUIT (recovery at the next start) if it outlasts our patience."""
        child = self._child
        if child is not None and child.poll() is None:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(patience)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGQUIT)
                child.wait()
        self._child = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def keep(self, *, every: float = 0.5) -> None:
        """Start it again whenever it dies, until cancelled. Run this beside the site."""
        while True:
            await asyncio.sleep(every)
            if self.is_running:
                continue
            code = self._child.returncode if self._child is not None else None
            log.error("postgres.died", code=code)
            try:
                # the child is made by this thread, since it dies with the one that made it; the rest may
                # take long and must not hold up those who watch a show
                prepared = await asyncio.to_thread(self._prepare, _say_nothing)
                self._spawn(*prepared)
                await asyncio.to_thread(self._wait_until_ready, _say_nothing)
            except PostgresFailed as failure:
                log.error("postgres.start_failed", reason=str(failure))
                await asyncio.sleep(5)
            else:
                log.info("postgres.started_again", pid=self.pid)

    def _prepare(self, tell: Callable[[str], None]) -> tuple[str, Mapping[str, Any]]:
        """All that comes before the child: the lock, the cluster, an empty house. What to run, as whom."""
        self._take_lock()
        account = choose_account(place_noted(self.folder) / "cluster", self._run_as)
        self._settle(place(self.folder, account))
        binaries = find_binaries(self._binaries_folder, account)
        if not (self.cluster / "PG_VERSION").exists():
            tell("making the database")
            make_cluster(self.cluster, binaries, account)
        check_version(self.cluster, binaries)
        self._clear_leftovers()
        self._socket = socket_folder(self.cluster, account)
        return binaries.program("postgres"), account.as_child() if account else {}

    def _settle(self, folder: Path) -> None:
        self.cluster = folder / "cluster"
        self.log_file = folder / "postgres.log"
        self._socket = self.cluster

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise AlreadyRunning(f"{self.folder} is in use by process {holder or 'unknown'}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _clear_leftovers(self) -> None:
        """We hold the lock, so whatever still works in this cluster has lost its parent: let it end first."""
        found = read_pid_file(self.cluster)
        if found is not None and serves(found.pid, self.cluster):
            log.warning("postgres.orphan", pid=found.pid)
            _end(found.pid, signal.SIGINT)
            if not _wait(lambda: not serves(found.pid, self.cluster), 60):
                _end(found.pid, signal.SIGQUIT)
        if not _wait(lambda: not processes_in(self.cluster), 5):
            for pid in processes_in(self.cluster):
                log.warning("postgres.leftover_backend", pid=pid, doing=doing(pid))
                _end(pid, signal.SIGQUIT)
            _wait(lambda: not processes_in(self.cluster), 5)
            for pid in processes_in(self.cluster):
                _end(pid, signal.SIGKILL)
            _wait(lambda: not processes_in(self.cluster), 5)
        # its own check looks only at the number, which another program may have by now
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _spawn(self, program: str, identity: Mapping[str, Any]) -> None:
        command = [program, "-D", str(self.cluster), "-c", f"unix_socket_directories={self._socket}"]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log_file.open("ab") as output:
            self._child = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.cluster,
                env=child_environment(),
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop it in order
                preexec_fn=dies_with_us(signal.SIGINT),
                **identity,
            )

    def _wait_until_ready(self, tell: Callable[[str], None]) -> None:
        child = self._child
        assert child is not None
        began = told = time.monotonic()
        while True:
            if child.poll() is not None:
                raise PostgresFailed(f"PostgreSQL ended with {child.returncode}: {self._last_words()}")
            found = read_pid_file(self.cluster)
            if found is not None and found.pid == child.pid and found.is_ready:
                return
            if time.monotonic() - told > 5:
                told = time.monotonic()
                tell(f"the database is recovering, {told - began:.0f} s so far")
            time.sleep(_PAUSE)

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.log_file.read_text(errors="replace").splitlines()
            return " | ".join(lines[-4:])
        return "no log"


def _say_nothing(_: str) -> None:
    """Nobody is waiting for progress."""


def _end(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


def _wait(until: Callable[[], bool], seconds: float) -> bool:
    """True as soon as `until` holds, False when the seconds are over."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
    return True
