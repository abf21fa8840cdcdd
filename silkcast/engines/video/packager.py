# SPDX-License-Identifier: Apache-2.0
"""One ffmpeg for one part of a stream: HLS segments for viewers and a recording, from what is written to it.

ffmpeg prints its playlist to its standard output each time a segment is whole; we read it there, so nothing
has to be watched or polled. Thumbnails are made elsewhere: an output that fails ends the whole process.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import structlog

log = structlog.get_logger(__name__)

SEGMENT_SECONDS = (
    "0.7"  # the least; a segment ends at the first key frame after that, so 1 s with a 1 s interval
)
STUCK_SECONDS = 10.0
MOST_WAITING = 4 * 1024 * 1024

_VIDEO = re.compile(r"Stream #0:\d+.*?: Video: (\w+).*?, (\d{2,5})x(\d{2,5})")
_RATE = re.compile(r", ([\d.]+) fps")
_AUDIO = re.compile(r"Stream #0:\d+.*?: Audio: (\w+)")


@dataclass(frozen=True, slots=True)
class Input:
    """How ffmpeg is told to read what comes, and what to do with picture and sound."""

    read: tuple[str, ...]
    video: tuple[str, ...] = ("-c:v", "copy")
    audio: tuple[str, ...] = ("-c:a", "copy")


@dataclass(slots=True)
class Seen:
    """What ffmpeg says it found in its input."""

    video_codec: str | None = None
    width: int | None = None
    height: int | None = None
    frames_per_second: float | None = None
    audio_codec: str | None = None


FLV = Input(read=("-analyzeduration", "2000000", "-f", "flv"))


def ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def command(run: int, source: Input, recording: Path) -> list[str]:
    """The whole command; it runs inside the show's live folder."""
    encoded = ("-map", "0:v:0", "-map", "0:a:0?", *source.video, *source.audio)
    return [
        *(ffmpeg(), "-hide_banner", "-nostats", "-loglevel", "info", "-y"),
        *(*source.read, "-i", "pipe:0"),
        *encoded,
        *("-f", "hls", "-hls_time", SEGMENT_SECONDS, "-hls_list_size", "3", "-hls_segment_type", "fmp4"),
        *("-hls_fmp4_init_filename", f"i{run}.mp4", "-hls_segment_filename", f"s{run}_%06d.m4s", "pipe:1"),
        *encoded,
        *("-f", "mp4", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", str(recording)),
    ]


class Packager:
    """A running ffmpeg. `on_segment(name, seconds)` is called as each segment is whole."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        on_segment: Callable[[str, float], None],
    ) -> None:
        self._arguments = arguments
        self._folder = folder
        self._on_segment = on_segment
        self._process: asyncio.subprocess.Process | None = None
        self._readers: list[asyncio.Task[None]] = []
        self._lines: deque[str] = deque(maxlen=12)
        self.seen = Seen()
        self.segments = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments,
            cwd=self._folder,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us: ffmpeg ends when its input does, with whole files
        )
        assert self._process.stdin is not None
        self._process.stdin.transport.set_write_buffer_limits(high=MOST_WAITING)
        self._readers = [asyncio.create_task(self._read_list()), asyncio.create_task(self._read_words())]

    async def write(self, octets: bytes) -> bool:
        """Whether ffmpeg took it. Waits when it is behind; one that is stuck is put down."""
        if not self.is_running:
            return False
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(octets)
            async with asyncio.timeout(STUCK_SECONDS):
                await self._process.stdin.drain()
        except TimeoutError:
            log.warning("video.packager_stuck", pid=self.pid)
            self._process.kill()
            return False
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def finish(self, seconds: float = 5.0) -> int:
        """End the input, let ffmpeg write what it still holds, and wait for it."""
        process = self._process
        if process is None:
            return 0
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        for reader in self._readers:
            with contextlib.suppress(asyncio.CancelledError):
                await reader
        code = process.returncode or 0
        if code:
            log.warning("video.packager_ended", code=code, words=list(self._lines)[-4:])
        return code

    async def _read_list(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        seconds, newest = 0.0, ""
        async for raw in self._process.stdout:
            line = raw.decode(errors="replace").strip()
            if line.startswith("#EXTINF:"):
                seconds = float(line[8:].rstrip(","))
            elif line and not line.startswith("#") and line > newest:
                newest = line
                self.segments += 1
                self._on_segment(line, seconds)

    async def _read_words(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        is_input = True
        while True:
            try:
                raw = await self._process.stderr.readline()
            except ValueError:  # a line without end
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").strip()
            self._lines.append(line)
            is_input = is_input and not line.startswith(("Stream mapping", "Output #"))
            if is_input:
                self._note(line)

    def _note(self, line: str) -> None:
        if found := _VIDEO.search(line):
            self.seen.video_codec = found[1]
            self.seen.width, self.seen.height = int(found[2]), int(found[3])
            rate = _RATE.search(line)
            self.seen.frames_per_second = float(rate[1]) if rate else None
        elif found := _AUDIO.search(line):
            self.seen.audio_codec = found[1]
