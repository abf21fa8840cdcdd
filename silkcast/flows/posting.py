# SPDX-License-Identifier: Apache-2.0
"""Posting: a notice that was queued goes to the post, once; as a text where it is for a phone."""

from __future__ import annotations

from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.jobs import Job
from silkcast.plumbing.outbox import Reaction
from silkcast.watch.notices import service as notices
from silkcast.watch.notices.events import NoticeQueued
from silkcast.watch.notices.values import Text

from .scene import Scene
from .wanted import POST, LetterWanted


async def want_posted(tx: Tx, event: NoticeQueued) -> None:
    tx.enqueue(POST, LetterWanted(event.notice), at=event.not_before, key=f"post/{event.notice}")


async def post(scene: Scene, wanted: LetterWanted) -> None:
    async with scene.database.read() as db:
        letter = await notices.letter(db, wanted.notice)
    if letter is None:
        return
    if "@" in letter.to or scene.texts is None:
        await scene.post.send(letter, key=str(wanted.notice))
    else:
        await scene.texts.send(Text(letter.to, letter.body.strip()), key=str(wanted.notice))
    async with scene.database.write() as tx:
        await notices.note_sent(tx, wanted.notice)


REACTIONS = (Reaction("flows.want_posted", NoticeQueued, want_posted),)


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run(database: Database, wanted: LetterWanted) -> None:
        await post(scene, wanted)

    return (Job(POST, LetterWanted, run),)
