# SPDX-License-Identifier: Apache-2.0
"""RTMP's chunks put together into messages: a synchronous reader that is fed what the socket brings.

pyrtmp reads bit by bit and forgets the timestamp delta when a type 3 chunk begins a new message; encoders
send those whenever length and delta repeat, so its timestamps fall behind. This reader keeps the delta,
re-reads extended timestamps on continuations, honours aborts, and bounds what a stranger may make us hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_CHANNELS = 32
MOST_OCTETS_A_MESSAGE = 8 * 1024 * 1024
WHOLE = 0xFFFFFF  # a timestamp of three octets that says: four more follow

LONGEST_STEP = 1_000  # milliseconds

SET_CHUNK_SIZE = 1
ABORT = 2


class BadChunk(Exception):
    """What came is not RTMP, or more than is sane."""


@dataclass(frozen=True, slots=True)
class Message:
    channel: int
    kind: int
    stream: int
    timestamp: int
    payload: bytes


@dataclass(slots=True)
class _Channel:
    timestamp: int = 0
    delta: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    is_extended: bool = False
    is_known: bool = False
    has_begun: bool = False
    payload: bytearray = field(default_factory=bytearray)


class _Short(Exception):
    """More octets are needed."""


class ChunkReader:
    """Feed octets, get whole messages. Set chunk size and abort are obeyed here and not handed on."""

    def __init__(self) -> None:
        self.chunk_size = 128
        self.total = 0
        self._buffer = bytearray()
        self._at = 0
        self._channels: dict[int, _Channel] = {}

    def feed(self, octets: bytes) -> Iterator[Message]:
        self._buffer += octets
        self.total += len(octets)
        while True:
            start = self._at
            try:
                message = self._chunk()
            except _Short:
                self._at = start
                del self._buffer[:start]
                self._at = 0
                return
            if message is None:
                continue
            if message.kind == SET_CHUNK_SIZE:
                self._resize(message.payload)
            elif message.kind == ABORT:
                self._abort(message.payload)
            else:
                yield message

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._buffer):
            raise _Short
        taken = bytes(self._buffer[self._at : end])
        self._at = end
        return taken

    def _number(self, count: int) -> int:
        return int.from_bytes(self._take(count), "big")

    def _chunk(self) -> Message | None:
        first = self._number(1)
        form, name = first >> 6, first & 0x3F
        if name < 2:
            name = 64 + int.from_bytes(self._take(name + 1), "little")
        channel = self._channels.get(name)
        if channel is None:
            if form != 0 or len(self._channels) >= MOST_CHANNELS:
                raise BadChunk("unknown channel")
            channel = _Channel()
        timestamp, delta, length, kind, stream, extended = self._header(form, channel)
        size = min(self.chunk_size, length - (len(channel.payload) if channel.has_begun else 0))
        payload = self._take(size)
        # from here on the chunk is whole, so the channel may change
        self._channels[name] = channel
        if not channel.has_begun:
            channel.payload = bytearray()
            channel.has_begun = True
            channel.timestamp, channel.delta = timestamp, delta
        channel.length, channel.kind, channel.stream = length, kind, stream
        channel.is_extended, channel.is_known = extended, True
        channel.payload += payload
        if len(channel.payload) < length:
            return None
        channel.has_begun = False
        whole, channel.payload = bytes(channel.payload), bytearray()
        return Message(name, kind, stream, channel.timestamp, whole)

    def _header(self, form: int, channel: _Channel) -> tuple[int, int, int, int, int, bool]:
        """Timestamp, delta, length, kind, stream, and whether four octets of time came."""
        if form != 0 and not channel.is_known:
            raise BadChunk("no chunk before")
        if form != 3 and channel.has_begun:
            raise BadChunk("a message inside another")
        length, kind, stream = channel.length, channel.kind, channel.stream
        if form == 3:
            return self._continued(channel)
        brief = self._number(3)
        if form <= 1:
            length, kind = self._number(3), self._number(1)
            if length > MOST_OCTETS_A_MESSAGE:
                raise BadChunk("too long")
        if form == 0:
            stream = int.from_bytes(self._take(4), "little")
        extended = brief == WHOLE
        moment = self._number(4) if extended else brief
        if form == 0:
            # The delta of a type 3 after a type 0 is that timestamp itself, says the book, and so writes
            # ffmpeg. Others write a type 3 for "the same moment": a time too great to be a step is theirs.
            return moment, moment if moment < LONGEST_STEP else 0, length, kind, stream, extended
        return (channel.timestamp + moment) & 0xFFFFFFFF, moment, length, kind, stream, extended

    def _continued(self, channel: _Channel) -> tuple[int, int, int, int, int, bool]:
        timestamp = channel.timestamp
        if not channel.has_begun:
            timestamp = (timestamp + channel.delta) & 0xFFFFFFFF
        if channel.is_extended:
            # some encoders repeat the four octets, some do not: they are there if they read the same
            told = self._take(4)
            if int.from_bytes(told, "big") not in (channel.timestamp, channel.delta, timestamp):
                self._at -= 4
        return timestamp, channel.delta, channel.length, channel.kind, channel.stream, channel.is_extended

    def _resize(self, payload: bytes) -> None:
        size = int.from_bytes(payload[:4], "big")
        if not 1 <= size <= MOST_OCTETS_A_MESSAGE:
            raise BadChunk("chunk size")
        self.chunk_size = size

    def _abort(self, payload: bytes) -> None:
        channel = self._channels.get(int.from_bytes(payload[:4], "big"))
        if channel is not None:
            channel.has_begun = False
            channel.payload = bytearray()
