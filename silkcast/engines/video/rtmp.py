# SPDX-License-Identifier: Apache-2.0
"""The RTMP door: pyrtmp's commands and answers, with our chunk reader, limits and a quiet refusal.

Whoever connects has a few seconds to name a key that opens a show. A key that opens none is answered with one
and the same words and hung up on.
"""

from __future__ import annotations

import asyncio
import logging
import os
import struct
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from silkcast.engines.video import flv
from silkcast.engines.video.chunks import BadChunk, ChunkReader, Message
from silkcast.engines.video.feeds import RtmpFeed
from silkcast.stage.rooms.port import StreamCut


@contextmanager
def _log_as_it_was() -> Iterator[None]:
    """pyrtmp sets the root logger to DEBUG with a handler of its own when it is imported."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers


with _log_as_it_was():
    from bitstring import BitStream
    from pyrtmp.amf.serializers import AMF0Deserializer, AMF0Serializer
    from pyrtmp.messages import Chunk
    from pyrtmp.messages.protocol_control import SetChunkSize, SetPeerBandwidth, WindowAcknowledgementSize
    from pyrtmp.messages.user_control import StreamBegin
    from pyrtmp.session_manager import SessionManager

for _name in ("pyrtmp", *(name for name in logging.root.manager.loggerDict if name.startswith("pyrtmp."))):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

log = structlog.get_logger(__name__)

CHUNK = 65_536
WINDOW = 5_000_000
READ = 65_536
FAREWELL_SECONDS = 7.0
COMMAND, COMMAND_AMF3 = 20, 17
REFUSALS_A_MINUTE = 20
MOST_COMMANDS = 20
MOST_BEFORE_PUBLISH = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    connections: int = 100
    connections_per_address: int = 10
    handshake_seconds: float = 8.0
    silence_seconds: float = 15.0


class Turnstile:
    """Counts who is in, and who was turned away lately."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._inside: Counter[str] = Counter()
        self._refused: dict[str, deque[float]] = {}

    def enter(self, address: str) -> bool:
        if self._inside.total() >= self._limits.connections:
            return False
        if self._inside[address] >= self._limits.connections_per_address or self._is_shut(address):
            return False
        self._inside[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._inside[address] -= 1
        if self._inside[address] <= 0:
            del self._inside[address]

    def refuse(self, address: str) -> None:
        if len(self._refused) > 10_000:
            self._refused.clear()
        self._refused.setdefault(address, deque(maxlen=REFUSALS_A_MINUTE)).append(time.monotonic())

    def _is_shut(self, address: str) -> bool:
        times = self._refused.get(address)
        if times is None:
            return False
        if time.monotonic() - times[-1] > 60:
            del self._refused[address]
            return False
        return len(times) == REFUSALS_A_MINUTE and time.monotonic() - times[0] < 60


class Session(SessionManager):  # type: ignore[misc]
    """pyrtmp's session for what we say; what the other side says is read by our own reader."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(reader, writer)
        self._chunks = ChunkReader()
        self._acknowledged = 0

    async def handshake(self) -> None:
        hello = await self.reader.readexactly(1537)
        if hello[0] != 3:
            raise BadChunk("not RTMP")
        self.writer.write(b"\x03" + bytes(8) + os.urandom(1528) + hello[1:])
        await self.reader.readexactly(1536)

    async def messages(self, silence_seconds: float) -> AsyncIterator[Message]:
        while True:
            async with asyncio.timeout(silence_seconds):
                octets = await self.reader.read(READ)
            if not octets:
                return
            for message in self._chunks.feed(octets):
                yield message
            self._acknowledge()

    def _acknowledge(self) -> None:
        total = self._chunks.total
        if total - self._acknowledged > WINDOW // 2:
            self._acknowledged = total
            self.writer.write(b"\x02\0\0\0\0\0\x04\x03\0\0\0\0" + struct.pack(">I", total & 0xFFFFFFFF))

    def write_chunk_to_stream(self, chunk: Chunk) -> None:
        self.previous_chunk_for_writing = None  # else a header is shortened by what another channel said
        super().write_chunk_to_stream(chunk)

    def say(self, *words: object, stream: int = 0) -> None:
        payload = BitStream()
        for word in words:
            AMF0Serializer.create_object(payload, word)
        octets = payload.bytes
        self.write_chunk_to_stream(Chunk(0, 3, 0, len(octets), COMMAND, stream, octets))


def words(message: Message) -> list[Any]:
    """The command's words, as far as they can be read."""
    payload = message.payload[1:] if message.kind == COMMAND_AMF3 else message.payload
    stream, found = BitStream(payload), list[Any]()
    try:
        while stream.bitpos < stream.length and len(found) < 8:
            found.append(AMF0Deserializer.from_stream(stream))
    except Exception as error:  # pyrtmp raises many kinds on a stranger's octets
        if len(found) < 2:
            raise BadChunk("command") from error
    return found


Open = Callable[[str, str, Callable[[], None]], Any]


class Door:
    """Listens. `opened(key, address, hang_up)` answers with a feed or None; `closed(feed)` hears its end."""

    def __init__(self, limits: Limits, opened: Open, closed: Callable[[RtmpFeed], Any]) -> None:
        self._limits = limits
        self._opened = opened
        self._closed = closed
        self._turnstile = Turnstile(limits)
        self._server: asyncio.Server | None = None
        self._callers: set[asyncio.Task[None]] = set()
        self._feeding: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> int:
        self._server = await asyncio.start_server(self._greet, host, port, limit=READ * 4)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Hang up. Who feeds a stream was cut before, and may still be writing what ffmpeg holds."""
        if self._server is not None:
            self._server.close()
        for caller in self._callers - self._feeding:
            caller.cancel()
        if self._callers:
            _, late = await asyncio.wait(self._callers, timeout=FAREWELL_SECONDS)
            for caller in late:
                caller.cancel()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._callers.add(task)
        address = str((writer.get_extra_info("peername") or ("?",))[0])
        if not self._turnstile.enter(address):
            log.info("video.rtmp_full", address=address)
            writer.transport.abort()
            self._callers.discard(task)
            return
        try:
            await self._serve(Session(reader, writer), address, task)
        except (BadChunk, TimeoutError, OSError, EOFError, StreamCut) as error:
            log.info("video.rtmp_left", address=address, why=type(error).__name__)
        except asyncio.CancelledError:
            log.debug(
                "video.rtmp_closed", address=address
            )  # by ourselves: asyncio 3.11 would print a traceback
        finally:
            self._turnstile.leave(address)
            self._callers.discard(task)
            self._feeding.discard(task)
            writer.close()

    async def _serve(self, session: Session, address: str, task: asyncio.Task[None]) -> None:
        async with asyncio.timeout(self._limits.handshake_seconds):
            await session.handshake()
        messages = session.messages(self._limits.silence_seconds)
        async with asyncio.timeout(self._limits.handshake_seconds):
            key = await self._introduce(session, messages)
        feed: RtmpFeed | None = await self._opened(key, address, session.writer.transport.abort)
        if feed is None:
            await self._refuse(session, address)
            return
        self._feeding.add(task)
        session.write_chunk_to_stream(StreamBegin(stream_id=1))
        status = {"level": "status", "code": "NetStream.Publish.Start", "description": "Go ahead"}
        session.say("onStatus", 0, None, status, stream=1)
        try:
            await session.drain()
            async for message in messages:
                if message.kind in (COMMAND, COMMAND_AMF3):
                    if words(message)[0] in ("deleteStream", "closeStream", "FCUnpublish"):
                        return
                elif message.kind in (flv.AUDIO, flv.VIDEO, flv.SCRIPT):
                    await feed.take(message)
        finally:
            await self._closed(feed)

    async def _introduce(self, session: Session, messages: AsyncIterator[Message]) -> str:
        """Answer the commands that come before, up to the one that names the key."""
        came = 0
        async for message in messages:
            came += 1
            if message.kind not in (COMMAND, COMMAND_AMF3):
                continue
            if came > MOST_COMMANDS or len(message.payload) > MOST_BEFORE_PUBLISH:
                raise BadChunk("too much before publish")
            said = words(message)
            if said[0] == "connect":
                await self._connected(session, said[1])
            elif said[0] == "createStream":
                session.say("_result", said[1], None, 1)
                await session.drain()
            elif said[0] == "publish" and len(said) > 3 and isinstance(said[3], str):
                return said[3].partition("?")[0]
            elif said[0] == "play":
                raise BadChunk("no playing here")
        raise EOFError

    async def _connected(self, session: Session, transaction: object) -> None:
        session.write_chunk_to_stream(WindowAcknowledgementSize(ack_window_size=WINDOW))
        session.write_chunk_to_stream(SetPeerBandwidth(ack_window_size=WINDOW, limit_type=2))
        session.write_chunk_to_stream(StreamBegin(stream_id=0))
        session.write_chunk_to_stream(SetChunkSize(chunk_size=CHUNK))
        session.writer_chunk_size = CHUNK
        server = {"fmsVer": "FMS/3,0,123", "capabilities": 31}
        status = {"level": "status", "code": "NetConnection.Connect.Success", "description": "Welcome"}
        session.say("_result", transaction, server, {**status, "objectEncoding": 0})
        await session.drain()

    async def _refuse(self, session: Session, address: str) -> None:
        self._turnstile.refuse(address)
        log.info("video.key_refused", address=address)
        status = {"level": "error", "code": "NetStream.Publish.BadName", "description": "Refused"}
        session.say("onStatus", 0, None, status, stream=1)
        await session.drain()
