# SPDX-License-Identifier: Apache-2.0
"""What feeds a stream: an RTMP encoder's messages or a browser's chunks, each turned into ffmpeg's input."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import structlog

from silkcast.engines.video import flv
from silkcast.engines.video.chunks import Message
from silkcast.engines.video.packager import FLV, Input, Packager
from silkcast.engines.video.stream import Deaths, Stream
from silkcast.stage.rooms.port import MediaRefused, Problem, Source, StreamCut

log = structlog.get_logger(__name__)

JUMP_BACK, JUMP_ON = 3_000, 10_000  # milliseconds: beyond these a clock was set, and a new part begins

_MEDIA = re.compile(r"^video/(x-matroska|webm|mp4)\s*(?:;\s*codecs=\"?([\w.,\s-]+)\"?)?$")
_ENCODE = (
    *("-fps_mode", "cfr", "-r", "30", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"),
    *("-g", "30", "-crf", "24", "-maxrate", "3M", "-bufsize", "3M", "-pix_fmt", "yuv420p"),
    *("-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2"),
)
_SOUND = ("-c:a", "aac", "-ar", "48000", "-b:a", "128k", "-af", "aresample=async=1")


class RtmpFeed:
    """An encoder's stream. ffmpeg begins at a key frame, and begins again there when it fell."""

    source: Source = "rtmp"

    def __init__(self, stream: Stream, hang_up: Callable[[], None]) -> None:
        self._stream = stream
        self._hang_up = hang_up
        self._packager: Packager | None = None
        self._deaths = Deaths()
        self._script = b""
        self._video_header = b""
        self._audio_header = b""
        self._base = 0
        self._last: int | None = None

    async def cut(self) -> None:
        self._hang_up()

    async def leave(self) -> None:
        await self._stream.detach(self)

    async def take(self, message: Message) -> None:
        """Hand one message on. Raises StreamCut when this feed has to end."""
        if not self._stream.feeds(self):
            raise StreamCut
        if message.kind == flv.SCRIPT:
            self._script = flv.script(message.payload)
        elif message.payload and message.kind == flv.VIDEO:
            await self._video(message.timestamp, message.payload)
        elif message.payload and message.kind == flv.AUDIO:
            await self._audio(message.timestamp, message.payload)

    async def _video(self, timestamp: int, payload: bytes) -> None:
        codec = flv.video_codec(payload)
        if codec != "h264":
            self._refuse("hevc" if codec == "hevc" else "codec")
        if flv.is_video_header(payload):
            if self._video_header not in (b"", payload):
                self._packager = None  # another size or profile: another part, from the next key frame
            self._video_header = payload
            return
        meter = self._stream.meter
        is_key = flv.is_keyframe(payload)
        meter.came(time.monotonic(), len(payload))
        meter.picture(timestamp, is_key=is_key)
        self._mind_jump(timestamp)
        if is_key and self._video_header and not (self._packager and self._packager.is_running):
            await self._begin(timestamp)
        await self._write(flv.VIDEO, timestamp, payload)

    async def _audio(self, timestamp: int, payload: bytes) -> None:
        if flv.is_audio_header(payload):
            if self._audio_header == b"" and self._packager is not None:
                await self._write(flv.AUDIO, timestamp, payload)
            self._audio_header = payload
            return
        self._stream.meter.came(time.monotonic(), len(payload))
        self._stream.meter.sound(timestamp, is_aac=flv.is_aac(payload))
        await self._write(flv.AUDIO, timestamp, payload)

    def _refuse(self, problem: Problem) -> None:
        self._stream.refuse(problem)
        raise StreamCut

    def _mind_jump(self, timestamp: int) -> None:
        if self._last is not None and not -JUMP_BACK < timestamp - self._last < JUMP_ON:
            self._packager = None
        self._last = timestamp

    async def _begin(self, timestamp: int) -> None:
        if self._packager is not None:
            self._deaths.note()
            if self._deaths.are_too_many:
                self._refuse("engine_failed")
        if time.monotonic() < self._deaths.again_at:
            return
        self._packager = await self._stream.begin_part(FLV)
        self._base = timestamp
        opening = flv.HEADER
        if self._script:
            opening += flv.tag(flv.SCRIPT, 0, self._script)
        opening += flv.tag(flv.VIDEO, 0, self._video_header)
        if self._audio_header:
            opening += flv.tag(flv.AUDIO, 0, self._audio_header)
        await self._packager.write(opening)

    async def _write(self, kind: int, timestamp: int, payload: bytes) -> None:
        if self._packager is not None:
            await self._packager.write(flv.tag(kind, max(timestamp - self._base, 0), payload))


def browser_input(media_type: str) -> Input:
    """What ffmpeg does with what a MediaRecorder makes; raises MediaRefused."""
    found = _MEDIA.match(media_type.strip().lower())
    if found is None:
        raise MediaRefused(media_type[:80])
    container = "mp4" if found[1] == "mp4" else "matroska"
    codecs = [name.strip() for name in (found[2] or "").split(",") if name.strip()]
    if any(name.startswith(("hvc1", "hev1", "dv")) for name in codecs):
        raise MediaRefused(media_type[:80])
    is_h264 = any(name.startswith(("avc1", "avc3", "h264")) for name in codecs)
    is_aac = any(name.startswith("mp4a") for name in codecs)
    return Input(
        read=("-analyzeduration", "1500000", "-f", container),
        video=("-c:v", "copy") if is_h264 else _ENCODE,
        audio=("-c:a", "copy") if is_aac else _SOUND,
    )


class BrowserFeed:
    """A browser's camera. Its chunks make no sense from the middle: if ffmpeg falls, it starts again."""

    source: Source = "browser"

    def __init__(self, stream: Stream, media: Input) -> None:
        self._stream = stream
        self._media = media
        self._packager: Packager | None = None
        self._is_cut = False

    async def cut(self) -> None:
        self._is_cut = True

    async def write(self, chunk: bytes) -> None:
        if self._is_cut or not self._stream.feeds(self):
            raise StreamCut(is_taken_over=self._stream.is_fed)
        if not chunk:
            return
        if self._packager is None:
            self._packager = await self._stream.begin_part(self._media)
        self._stream.meter.came(time.monotonic(), len(chunk))
        if not await self._packager.write(chunk):
            await self.close()
            raise StreamCut

    async def close(self) -> None:
        self._is_cut = True
        await self._stream.detach(self)
