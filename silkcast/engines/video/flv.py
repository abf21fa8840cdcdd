# SPDX-License-Identifier: Apache-2.0
"""FLV: the form in which ffmpeg is given what came by RTMP, and what its first octets tell about a stream."""

from __future__ import annotations

import struct
from typing import Literal

HEADER = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
AUDIO, VIDEO, SCRIPT = 8, 9, 18

Codec = Literal["h264", "hevc", "av1", "vp9", "other"]
_FOURCC: dict[bytes, Codec] = {
    b"avc1": "h264",
    b"hvc1": "hevc",
    b"hev1": "hevc",
    b"av01": "av1",
    b"vp09": "vp9",
}
_NUMBER: dict[int, Codec] = {7: "h264", 12: "hevc"}
_FRAME = b"\x02\x00\x0d@setDataFrame"


def tag(kind: int, timestamp: int, payload: bytes) -> bytes:
    """One FLV tag with its closing length."""
    head = struct.pack(
        ">BBHBHBBH",
        kind,
        len(payload) >> 16,
        len(payload) & 0xFFFF,
        timestamp >> 16 & 0xFF,
        timestamp & 0xFFFF,
        timestamp >> 24 & 0xFF,
        0,
        0,
    )
    return head + payload + struct.pack(">I", len(payload) + 11)


def script(payload: bytes) -> bytes:
    """What an encoder says of itself, without RTMP's wrapping."""
    return payload.removeprefix(_FRAME)


def is_enhanced(payload: bytes) -> bool:
    return bool(payload[0] & 0x80)


def video_codec(payload: bytes) -> Codec:
    if is_enhanced(payload):
        return _FOURCC.get(payload[1:5], "other")
    return _NUMBER.get(payload[0] & 0x0F, "other")


def is_keyframe(payload: bytes) -> bool:
    return payload[0] >> 4 & 0x07 == 1


def is_video_header(payload: bytes) -> bool:
    """Whether these are the decoder's settings and not a picture."""
    if is_enhanced(payload):
        return payload[0] & 0x0F == 0
    return len(payload) > 1 and payload[1] == 0


def is_aac(payload: bytes) -> bool:
    if payload[0] >> 4 == 9:  # enhanced: a four-letter code follows
        return payload[1:5] == b"mp4a"
    return payload[0] >> 4 == 10


def is_audio_header(payload: bytes) -> bool:
    if payload[0] >> 4 == 9:
        return payload[0] & 0x0F == 0
    return len(payload) > 1 and payload[0] >> 4 == 10 and payload[1] == 0
