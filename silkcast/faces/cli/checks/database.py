# SPDX-License-Identifier: Apache-2.0
"""The database: is it one that keeps what it acknowledged, and does anything lie waiting in it?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Database, Db
from silkcast.plumbing.db.history import migrations
from silkcast.plumbing.db.server import Server
from silkcast.plumbing.jobs import service as jobs
from silkcast.plumbing.outbox import service as outbox
from silkcast.trade.payments import service as payments

from .finding import Finding, fail, ok, warn

SKEW = timedelta(seconds=2)
LAG, LONG_LAG = timedelta(minutes=1), timedelta(minutes=10)
UNSETTLED = timedelta(hours=1)


def server(found: Server, pool_size: int) -> Iterator[Finding]:
    """Version, sorting, durability, clock, shape."""
    settings = found.settings
    version = settings["server_version"].split(" ")[0]
    if int(settings["server_version_num"]) < 15_00_00:
        yield fail("postgres", f"{version} is too old", "use PostgreSQL 15 or later")
    elif settings["server_encoding"] != "UTF8":
        cure = "make the database anew: CREATE DATABASE silkcast ENCODING 'UTF8' TEMPLATE template0"
        yield fail("postgres", f"encoding {settings['server_encoding']}", cure)
    else:
        yield ok("postgres", f"{version}, UTF8, sorts by {found.locale}")
    loose = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if settings[name] == "off"]
    if loose:
        cure = f"set {', '.join(f'{name} = on' for name in loose)} in postgresql.conf and reload"
        yield fail("durability", f"{', '.join(loose)} off: acknowledged orders can be lost", cure)
    elif settings["data_checksums"] != "on":
        yield warn("durability", "no data checksums", "stop the server and run pg_checksums --enable")
    else:
        yield ok("durability", "fsync, full_page_writes, synchronous_commit and checksums on")
    if int(settings["max_connections"]) < 3 * pool_size:
        cure = "raise max_connections, or lower database.pool_size"
        yield warn("connections", f"{settings['max_connections']} for a pool of {pool_size}", cure)
    if abs(found.ahead) > SKEW:
        said = f"the server's clock is {found.ahead.total_seconds():+.1f} s from ours"
        yield fail(
            "clock", said, "run a time service (chrony) on both machines: holds and promises end by the clock"
        )
    else:
        yield ok("clock", "as the server's")
    yield shape(found.migration)


def shape(at: str | None) -> Finding:
    known = migrations()
    if at == known[-1]:
        return ok("migrations", f"at {at}, the newest")
    if at is None:
        return warn(
            "migrations", "the database is empty", "run `silkcast migrate`; `silkcast serve` does it, too"
        )
    if at in known:
        return warn(
            "migrations",
            f"at {at}, the newest is {known[-1]}",
            "run `silkcast backup`, then `silkcast migrate`",
        )
    return fail(
        "migrations", f"{at} is newer than this Silkcast ({known[-1]})", "install the newer Silkcast again"
    )


async def waiting(database: Database, engines: Collection[str]) -> list[Finding]:
    """What has not been done, and the books."""
    async with database.read() as db:
        return [await _relay(db), await _jobs(db), await _payments(db, engines), await _books(db)]


async def _relay(db: Db) -> Finding:
    failed, lag = await outbox.count_failed(db), await outbox.lag(db)
    if failed:
        return warn(
            "relay", f"{failed} events that a reaction did not take", "retry or drop them at the desk"
        )
    if lag > LAG:
        level = fail if lag > LONG_LAG else warn
        return level(
            "relay", f"the oldest event waits {lag}", "is `silkcast serve` running? Its log names the fault"
        )
    return ok("relay", "nothing waits")


async def _jobs(db: Db) -> Finding:
    state = await jobs.state(db)
    if state.failed:
        return warn("jobs", f"{state.failed} failed", "retry or drop them at the desk")
    if state.lag > LAG:
        level = fail if state.lag > LONG_LAG else warn
        return level("jobs", f"the oldest has been due for {state.lag}", "is `silkcast serve` running?")
    return ok("jobs", f"{state.due} due, {state.running} running")


async def _payments(db: Db, engines: Collection[str]) -> Finding:
    old = await payments.unsettled(db, older_than=db.now - UNSETTLED, engines=engines)
    if old:
        cure = "look them up at the provider; check that its webhooks reach /hooks/payment/ENGINE"
        return warn("payments", f"{len(old)} without an answer for over an hour", cure)
    return ok("payments", "none unsettled")


async def _books(db: Db) -> Finding:
    faults = await ledger.check(db)
    if faults:
        return fail(
            "books", f"do not balance: {faults[0]}", "stop payouts and look at the ledger at the desk"
        )
    return ok("books", "balance")
