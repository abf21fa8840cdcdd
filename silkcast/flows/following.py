# SPDX-License-Identifier: Apache-2.0
"""Following: news that never came is asked for. A webhook may get lost, a parcel and its papers may not."""

from __future__ import annotations

from datetime import timedelta

import structlog

from silkcast.ground.ids import DeclarationId
from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick
from silkcast.stage.rooms import service as rooms
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.errors import MessageRefused, NoDeclaration, PortSilent
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import CarrierSilent, NoParcel

from . import live
from .dispatch import send_declaration
from .scene import Scene

log = structlog.get_logger()
ASK_EVERY = timedelta(minutes=5)
UNSENT_AFTER = timedelta(minutes=2)
REPLAYS_OF = 20


async def ask_carriers(scene: Scene) -> None:
    """How are the parcels that are under way?"""
    for name, carrier in scene.carriers.items():
        async with scene.database.read() as db:
            parcels = await shipping.under_way(db, name)
        for parcel in parcels:
            if parcel.tracking is None:
                continue
            try:
                events = await carrier.track(parcel.tracking)
            except (CarrierSilent, NoParcel) as refusal:
                log.warning("parcel.carrier_says_nothing", parcel=str(parcel.id), code=refusal.code)
                continue
            async with scene.database.write() as tx:
                await shipping.note_track(tx, parcel.tracking, events)


async def ask_customs(scene: Scene) -> None:
    """What was not sent is sent; what was answered while we did not listen is heard."""
    async with scene.database.read() as db:
        waiting = await customs.waiting(db, before=db.now - UNSENT_AFTER)
        oldest = min((one.drafted_at for one in waiting), default=None)
    if oldest is None:
        return
    try:
        for declaration in waiting:
            if declaration.state == "drafted":
                await _send(scene, declaration.id)
        receipts = await scene.customs.receipts(oldest)
    except PortSilent:
        log.warning("customs.port_silent")
        return
    for receipt in receipts:
        async with scene.database.write() as tx:
            try:
                await customs.note_receipt(tx, receipt)
            except NoDeclaration:
                continue


async def _send(scene: Scene, declaration: DeclarationId) -> None:
    try:
        await send_declaration(scene, declaration)
    except MessageRefused as refusal:
        # its booking was undone for it; the others must still be heard of
        log.warning("declaration.not_taken", declaration=str(declaration), why=refusal.why)


async def make_lost_replays(scene: Scene) -> None:
    """Shows that ended while nobody could make their replay."""
    async with scene.database.read() as db:
        shows = await rooms.ended(db, limit=REPLAYS_OF)
        since = db.now - timedelta(days=1)
    for show in shows:
        if show.replay is None and show.ended_at is not None and show.ended_at > since:
            await live.keep_replay(scene, show.id)


def ticks(scene: Scene) -> tuple[Tick, ...]:
    async def carriers(database: Database) -> None:
        await ask_carriers(scene)

    async def port(database: Database) -> None:
        await ask_customs(scene)

    async def replays(database: Database) -> None:
        await make_lost_replays(scene)

    return (
        Tick("flows.ask_carriers", ASK_EVERY, carriers),
        Tick("flows.ask_customs", ASK_EVERY, port),
        Tick("flows.make_lost_replays", timedelta(minutes=10), replays),
    )
