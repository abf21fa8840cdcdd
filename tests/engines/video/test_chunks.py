# SPDX-License-Identifier: Apache-2.0
"""RTMP chunks become the same messages with the same times however the network cuts them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.engines.video.chunks import BadChunk, ChunkReader, Message


def whole(timestamp: int, payload: bytes, *, kind: int = 9, channel: int = 6) -> bytes:
    """A type 0 chunk that holds all of a message."""
    brief, extended = timestamp.to_bytes(3, "big") if timestamp < 0xFFFFFF else b"\xff\xff\xff", b""
    if timestamp >= 0xFFFFFF:
        extended = struct.pack(">I", timestamp)
    head = bytes([channel]) + brief + len(payload).to_bytes(3, "big") + bytes([kind]) + b"\1\0\0\0"
    return head + extended + payload


def after(delta: int, payload: bytes, *, kind: int = 9, channel: int = 6) -> bytes:
    """A type 1 chunk."""
    head = bytes([1 << 6 | channel]) + delta.to_bytes(3, "big")
    return head + len(payload).to_bytes(3, "big") + bytes([kind]) + payload


def same(payload: bytes, *, channel: int = 6) -> bytes:
    """A type 3 chunk."""
    return bytes([3 << 6 | channel]) + payload


def read(octets: bytes) -> list[tuple[int, bytes]]:
    return [(message.timestamp, message.payload) for message in ChunkReader().feed(octets)]


def test_a_type_3_that_begins_a_message_takes_the_last_delta_again() -> None:
    octets = whole(1000, b"a") + after(33, b"b") + same(b"c") + same(b"d")

    assert read(octets) == [(1000, b"a"), (1033, b"b"), (1066, b"c"), (1099, b"d")]


def test_a_type_3_after_a_type_0_takes_its_timestamp_as_the_delta_if_it_can_be_one() -> None:
    assert read(whole(23, b"a") + same(b"b")) == [(23, b"a"), (46, b"b")]
    assert read(whole(90_000, b"a") + same(b"b")) == [(90_000, b"a"), (90_000, b"b")]


def test_a_message_longer_than_a_chunk_keeps_one_time() -> None:
    payload = bytes(range(200))
    octets = (
        whole(0, b"x" * 200)[: 12 + 128]
        + same(b"x" * 72)
        + after(40, payload)[: 8 + 128]
        + same(payload[128:])
    )

    assert read(octets) == [(0, b"x" * 200), (40, payload)]


@pytest.mark.parametrize("repeated", [True, False])
def test_extended_timestamps_are_read_whether_or_not_a_continuation_repeats_them(repeated: bool) -> None:
    begun = 5 * 3600 * 1000
    octets = whole(begun, b"y" * 130)[: 16 + 128]
    octets += same((struct.pack(">I", begun) if repeated else b"") + b"yy") + after(20, b"z")

    assert read(octets) == [(begun, b"y" * 130), (begun + 20, b"z")]


def test_a_new_chunk_size_is_obeyed() -> None:
    octets = whole(0, struct.pack(">I", 4096), kind=1, channel=2) + whole(7, b"q" * 4000)

    assert read(octets) == [(7, b"q" * 4000)]


@pytest.mark.parametrize(
    "octets",
    [
        same(b"nothing before"),
        whole(0, struct.pack(">I", 0), kind=1, channel=2),
        whole(0, struct.pack(">I", 2**31 - 1), kind=1, channel=2),
        bytes([6]) + b"\0\0\0" + b"\xff\xff\xff" + b"\x09\1\0\0\0" + b"x",
        whole(0, b"a" * 200)[:140] + after(1, b"b"),
        b"".join(whole(0, b"a", channel=channel) for channel in range(3, 40)),
    ],
)
def test_what_no_encoder_sends_is_refused(octets: bytes) -> None:
    with pytest.raises(BadChunk):
        list(ChunkReader().feed(octets))


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=300)), min_size=1, max_size=6),
    st.lists(st.integers(1, 90), min_size=1, max_size=40),
)
def test_cutting_changes_nothing(sent: list[tuple[int, bytes]], cuts: list[int]) -> None:
    octets, moment, expected = b"", 0, []
    for number, (delta, payload) in enumerate(sent):
        made = whole(delta, payload) if number == 0 else after(delta, payload)
        head = 12 if number == 0 else 8
        pieces = [payload[at : at + 128] for at in range(0, len(payload), 128)]
        octets += made[: head + len(pieces[0])] + b"".join(same(piece) for piece in pieces[1:])
        moment += delta
        expected.append((moment, payload))

    reader, got = ChunkReader(), list[Message]()
    at, turn = 0, 0
    while at < len(octets):
        size = cuts[turn % len(cuts)]
        got += reader.feed(octets[at : at + size])
        at, turn = at + size, turn + 1

    assert [(message.timestamp, message.payload) for message in got] == expected


@given(st.binary(max_size=4000))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    try:
        for message in ChunkReader().feed(octets):
            assert isinstance(message.payload, bytes)
    except BadChunk:
        pass
