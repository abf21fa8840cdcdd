# SPDX-License-Identifier: Apache-2.0
"""A video engine in another process: streams come in at one, every process hands out what it wrote.

`Kept` stands before the engine where it runs and answers for it on the bus; `Far` is the engine everywhere
else. Files are not sent over: all processes of a machine see the engine's folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from silkcast.ground.ids import ShowId, new_number
from silkcast.plumbing.wire import Bus, BusAway, NobodyAnswers
from silkcast.plumbing.wire.bus import End
from silkcast.stage.rooms.port import (
    Admission,
    BrowserIngest,
    Ingest,
    MediaRefused,
    Recording,
    Source,
    StreamCut,
    StreamHealth,
    VideoEngine,
)

log = structlog.get_logger(__name__)

PIECE = 512 * 1024
SOON, LATE = 10.0, 900.0
"""Seconds to wait for an answer: for most, and for a recording of hours that is being joined."""
TELL_SECONDS = 1.0
_OK, _CUT, _REFUSED = b"+", b"-", b"?"

_encode = msgspec.msgpack.encode


def _show(octets: bytes) -> ShowId:
    return ShowId(UUID(octets.decode()))


class Kept:
    """Where the engine runs. Serves `Admission` to it, to learn which shows have a stream."""

    def __init__(self, engine: VideoEngine, bus: Bus) -> None:
        self._engine = engine
        self._bus = bus
        self._admission: Admission | None = None
        self._shows: set[ShowId] = set()
        self._open: dict[str, BrowserIngest] = {}
        self._ends: list[End] = []
        self._telling: asyncio.Task[None] | None = None

    async def start(self, admission: Admission) -> None:
        self._admission = admission
        await self._engine.start(self)
        answers: dict[str, Callable[[str, bytes], Awaitable[bytes]]] = {
            "video.kick": self._kick,
            "video.finish": self._finish,
            "video.thumbnail": self._thumbnail,
            "video.open": self._open_browser,
            "video.write.*": self._write,
            "video.close.*": self._close_browser,
        }
        for subject, does in answers.items():
            self._ends.append(await self._bus.answer(subject, does))
        self._telling = asyncio.create_task(self._tell_health())

    async def stop(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
        for end in self._ends:
            await end()
        await self._engine.stop()

    async def authorize(self, key: str, address: str) -> ShowId | None:
        assert self._admission is not None
        show = await self._admission.authorize(key, address)
        if show is not None:
            self._shows.add(show)
        return show

    async def published(self, show: ShowId, how: Source) -> None:
        assert self._admission is not None
        await self._admission.published(show, how)

    async def unpublished(self, show: ShowId) -> None:
        assert self._admission is not None
        await self._admission.unpublished(show)

    async def recorded(self, show: ShowId, file: str, seconds: float) -> None:
        assert self._admission is not None
        await self._admission.recorded(show, file, seconds)

    async def _tell_health(self) -> None:
        while True:
            found = {show: self._engine.health(show) for show in self._shows}
            told = {str(show): health for show, health in found.items() if health is not None}
            self._bus.publish("video.health", _encode(told))
            await asyncio.sleep(TELL_SECONDS)

    async def _kick(self, subject: str, octets: bytes) -> bytes:
        await self._engine.kick(_show(octets))
        return _OK

    async def _finish(self, subject: str, octets: bytes) -> bytes:
        return _encode(await self._engine.finish_recording(_show(octets)))

    async def _thumbnail(self, subject: str, octets: bytes) -> bytes:
        return await self._engine.thumbnail(_show(octets)) or b""

    async def _open_browser(self, subject: str, octets: bytes) -> bytes:
        show, media_type = msgspec.msgpack.decode(octets, type=tuple[str, str])
        id = ShowId(UUID(show))
        try:
            ingest = await self._engine.open_browser(id, media_type)
        except MediaRefused as refused:
            return _REFUSED + refused.media_type.encode()
        self._shows.add(id)
        name = new_number(12)
        self._open[name] = ingest
        return _OK + name.encode()

    async def _write(self, subject: str, octets: bytes) -> bytes:
        ingest = self._open.get(subject.rpartition(".")[2])
        if ingest is None:
            return _CUT
        try:
            await ingest.write(octets)
        except StreamCut:
            return _CUT
        return _OK

    async def _close_browser(self, subject: str, octets: bytes) -> bytes:
        ingest = self._open.pop(subject.rpartition(".")[2], None)
        if ingest is not None:
            await ingest.close()
        return _OK


class Far:
    """The engine, seen from a process in which it does not run. `near` is one that was never started: it
    knows addresses and files."""

    def __init__(self, near: VideoEngine, bus: Bus) -> None:
        self._near = near
        self._bus = bus
        self._healths: dict[ShowId, StreamHealth] = {}
        self._end: End | None = None

    async def start(self, admission: Admission) -> None:
        self._end = await self._bus.subscribe("video.health", self._hear)

    async def stop(self) -> None:
        if self._end is not None:
            await self._end()

    def _hear(self, subject: str, octets: bytes) -> None:
        told = msgspec.msgpack.decode(octets, type=dict[str, StreamHealth])
        self._healths = {ShowId(UUID(show)): health for show, health in told.items()}

    def ingest_address(self, key: str) -> Ingest:
        return self._near.ingest_address(key)

    def playback_path(self, show: ShowId) -> str:
        return self._near.playback_path(show)

    def file(self, path: str) -> Path | None:
        return self._near.file(path)

    def health(self, show: ShowId) -> StreamHealth | None:
        return self._healths.get(show)

    async def kick(self, show: ShowId) -> None:
        await self._bus.request("video.kick", str(show).encode(), SOON)

    async def finish_recording(self, show: ShowId) -> Recording | None:
        said = await self._bus.request("video.finish", str(show).encode(), LATE)
        return msgspec.msgpack.decode(said, type=Recording | None)

    async def thumbnail(self, show: ShowId) -> bytes | None:
        try:
            return await self._bus.request("video.thumbnail", str(show).encode(), SOON) or None
        except (NobodyAnswers, BusAway):
            return None

    async def open_browser(self, show: ShowId, media_type: str) -> BrowserIngest:
        try:
            said = await self._bus.request("video.open", _encode((str(show), media_type)), SOON)
        except (NobodyAnswers, BusAway):
            raise StreamCut from None
        if said[:1] == _REFUSED:
            raise MediaRefused(said[1:].decode())
        return FarBrowser(self._bus, said[1:].decode())


class FarBrowser:
    """A browser's camera, on the way to where the engine runs. Each chunk is answered before the next."""

    def __init__(self, bus: Bus, name: str) -> None:
        self._bus = bus
        self._name = name

    async def write(self, chunk: bytes) -> None:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            try:
                said = await self._bus.request(f"video.write.{self._name}", piece, SOON)
            except (NobodyAnswers, BusAway):
                raise StreamCut from None
            if said != _OK:
                raise StreamCut

    async def close(self) -> None:
        try:
            await self._bus.request(f"video.close.{self._name}", b"", SOON)
        except (NobodyAnswers, BusAway):
            log.warning("video.far_not_closed")
