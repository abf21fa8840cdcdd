# SPDX-License-Identifier: Apache-2.0
"""Gathering: the lines of a room that come within a moment are written in one transaction, and told once.

The first line of a quiet room is written at once; those that come while it is, and for a moment after, go
together. A line is answered after its commit and the room told right after it, so that what is told is kept.
A process that dies between the two takes its own viewers' connections with it: they come back to a new life
of the feed, and fetch the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from silkcast.ground.ids import LineId, ShowId
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.errors import RoomBusy
from silkcast.stage.chat.settings import ChatSettings
from silkcast.stage.chat.values import Line, Saying
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import WrongState

from .presence import keeper_topic, topic
from .telling import held_body, line_body

Said = Line | Refusal


@dataclass(frozen=True, slots=True)
class _Waiting:
    saying: Saying
    answer: asyncio.Future[Line]


class Gatherer:
    """One in a process. Several processes may write in one room: the database keeps them apart."""

    def __init__(self, database: Database, hub: Hub, settings: ChatSettings) -> None:
        self._database = database
        self._hub = hub
        self._settings = settings
        self._waiting: dict[ShowId, list[_Waiting]] = {}
        self._writing: dict[ShowId, asyncio.Task[None]] = {}

    async def say(self, show: ShowId, saying: Saying) -> Line:
        """The line as it was written, or a refusal."""
        waiting = self._waiting.setdefault(show, [])
        if len(waiting) >= self._settings.most_waiting:
            raise RoomBusy(1)
        answer: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        waiting.append(_Waiting(saying, answer))
        if show not in self._writing:
            self._writing[show] = asyncio.create_task(self._write_all(show))
        return await answer

    async def close(self) -> None:
        """Once everything that waits is written."""
        await asyncio.gather(*self._writing.values(), return_exceptions=True)

    async def _write_all(self, show: ShowId) -> None:
        try:
            while waiting := self._waiting.pop(show, None):
                await self._write(show, waiting)
                await asyncio.sleep(self._settings.gather_milliseconds / 1000)
        finally:
            del self._writing[show]

    async def _write(self, show: ShowId, waiting: Sequence[_Waiting]) -> None:
        try:
            said = await self._written(show, [one.saying for one in waiting])
        except Refusal as refusal:
            if len(waiting) == 1:
                _refuse(waiting, refusal)
                return
            for one in waiting:  # one of them spoils the statement for all: each goes alone
                await self._write(show, [one])
        except Exception as fault:
            _refuse(waiting, fault)
        else:
            self._tell(show, said)
            for one, line in zip(waiting, said, strict=True):
                if isinstance(line, Refusal):
                    _refuse([one], line)
                elif not one.answer.done():
                    one.answer.set_result(line)

    async def _written(self, show: ShowId, sayings: Sequence[Saying]) -> list[Said]:
        async with self._database.write() as tx:
            found = await rooms.the_show(tx, show)
            if found.state == "ended":
                return [WrongState(found.state) for _ in sayings]
            return await chat.say_many(
                tx, show, found.seller, sayings, most_a_second=self._settings.most_a_second
            )

    def _tell(self, show: ShowId, said: Sequence[Said]) -> None:
        """New lines in their order, then how many voices older ones have."""
        lines = [line for line in said if isinstance(line, Line)]
        new = {line.id for line in lines if line.state == "shown"}
        voices: dict[LineId, int] = {}
        for line in lines:
            if line.state == "shown":
                self._hub.publish(topic(show), "chat", line_body(line))
            elif line.state == "held":
                self._hub.publish(keeper_topic(show), "held", held_body(line))
            elif line.into is not None and line.into not in new:
                voices[line.into] = line.voices
        for id, count in voices.items():
            self._hub.publish(topic(show), "fold", {"id": str(id), "voices": count})


def _refuse(waiting: Sequence[_Waiting], fault: Exception) -> None:
    for one in waiting:
        if not one.answer.done():
            one.answer.set_exception(fault)
