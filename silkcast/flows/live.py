# SPDX-License-Identifier: Apache-2.0
"""Live: who may send a picture, and what a stream's coming, going and ending means for its show."""

from __future__ import annotations

import structlog

from silkcast.ground.ids import SellerId, ShowId
from silkcast.plumbing.db import Actor, Database, Tx
from silkcast.plumbing.jobs import Job
from silkcast.plumbing.outbox import Reaction
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import KeyRefused, NoSuchShow
from silkcast.stage.rooms.events import ShowEnded
from silkcast.stage.rooms.port import Source
from silkcast.stage.rooms.values import Replay, Show

from .scene import Scene
from .wanted import KEEP_REPLAY, ReplayWanted

log = structlog.get_logger()


class Doorkeeper:
    """What the video engine asks and tells. Serves `rooms.port.Admission`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def authorize(self, key: str, address: str) -> ShowId | None:
        async with self._database.read() as db:
            try:
                return (await rooms.admit(db, key)).id
            except KeyRefused:
                log.info("stream.key_refused", address=address)
                return None

    async def published(self, show: ShowId, how: Source) -> None:
        await self._note(show, arrives=True)

    async def unpublished(self, show: ShowId) -> None:
        await self._note(show, arrives=False)

    async def recorded(self, show: ShowId, file: str, seconds: float) -> None:
        async with self._database.write() as tx:
            await rooms.keep_replay(tx, show, Replay(file, round(seconds)))

    async def _note(self, show: ShowId, *, arrives: bool) -> None:
        async with self._database.write() as tx:
            try:
                await rooms.picture(tx, show, arrives=arrives)
            except NoSuchShow:
                log.warning("stream.show_unknown", show=str(show))


async def end_show(scene: Scene, show: ShowId, seller: SellerId, actor: Actor) -> Show:
    """Off air: the show ends at once, the replay is made after it."""
    async with scene.database.write(actor) as tx:
        return await rooms.end(tx, show, seller)


async def want_replay(tx: Tx, event: ShowEnded) -> None:
    tx.enqueue(KEEP_REPLAY, ReplayWanted(event.show), key=f"replay/{event.show}")


async def keep_replay(scene: Scene, show: ShowId) -> None:
    """Cut whoever still sends, join the parts of the recording, keep where it lies."""
    await scene.video.kick(show)
    recording = await scene.video.finish_recording(show)
    if recording is None:
        return
    async with scene.database.write() as tx:
        await rooms.keep_replay(tx, show, Replay(recording.path, round(recording.seconds)))


REACTIONS = (Reaction("flows.want_replay", ShowEnded, want_replay),)


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run(database: Database, wanted: ReplayWanted) -> None:
        await keep_replay(scene, wanted.show)

    return (Job(KEEP_REPLAY, ReplayWanted, run),)
