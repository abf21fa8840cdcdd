# SPDX-License-Identifier: Apache-2.0
"""Metrics say how it stands; health says whether new visitors may come."""

from __future__ import annotations

import asyncio

from silkcast.plumbing.db import Database
from silkcast.plumbing.health import Health, database_answers
from silkcast.plumbing.metrics import Metrics
from silkcast.plumbing.wire import Hub


async def test_metrics_tell_requests_queue_and_streams(database: Database) -> None:
    metrics, hub = Metrics(), Hub()
    async with database.write() as tx:
        tx.enqueue("test.polish", {})
    reader = hub.subscribe("room:1")
    await anext(reader)
    metrics.answered("GET", "/orders/{number}", 200, 0.02)
    metrics.refused("stock.short")
    await metrics.look(database, hub)
    text = metrics.render().decode()
    for line in (
        'silkcast_http_request_seconds_count{method="GET",route="/orders/{number}",status="200"} 1.0',
        'silkcast_refusals_total{code="stock.short"} 1.0',
        'silkcast_jobs{state="due"} 1.0',
        "silkcast_stream_readers 1.0",
        "silkcast_relay_lag_seconds 0.0",
    ):
        assert line in text


async def test_ready_when_every_check_passes_in_time(database: Database) -> None:
    health = Health(patience_seconds=0.5)
    health.add("database", database_answers(database))
    assert (await health.ready()).is_ready

    async def hang() -> None:
        await asyncio.sleep(5)

    health.add("engine", hang)
    readiness = await health.ready()
    assert readiness.answers == {"database": "ok", "engine": "TimeoutError"}
    assert not readiness.is_ready


async def test_not_ready_once_it_leaves_or_the_database_is_gone(database: Database) -> None:
    health = Health()
    health.leave()
    assert not (await health.ready()).is_ready
    gone = Database("postgresql://silkcast@/none?host=/nowhere", database.vault)
    health.add("database", database_answers(gone))
    assert (await health.ready()).answers["database"] != "ok"
