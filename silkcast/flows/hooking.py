# SPDX-License-Identifier: Apache-2.0
"""Hooking: news that sellers' programs want are sent, and what came of it is kept."""

from __future__ import annotations

from uuid import UUID

import structlog

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Job
from silkcast.watch.hooks import service as hooks
from silkcast.watch.hooks.port import HookSender, NotReached
from silkcast.watch.hooks.values import SEND, DeliveryWanted

from .scene import Scene

log = structlog.get_logger()


async def send(database: Database, sender: HookSender, delivery: UUID) -> None:
    """One try. A failure is no fault of ours: it is written down, and the next try is wanted."""
    async with database.read() as db:
        outgoing = await hooks.outgoing(db, delivery)
    if outgoing is None:
        return
    status, fault = 0, ""
    try:
        status = await sender.send(outgoing)
    except NotReached as silent:
        fault = silent.fault
    async with database.write() as tx:
        noted = await hooks.note_answer(tx, delivery, status, fault=fault)
    log.info("hook.tried", delivery=str(delivery), state=noted.state, status=status, fault=fault)


def jobs(scene: Scene) -> tuple[Job, ...]:
    sender = scene.hooks
    if sender is None:
        return ()

    async def run(database: Database, wanted: DeliveryWanted) -> None:
        await send(database, sender, wanted.delivery)

    return (Job(SEND, DeliveryWanted, run),)
