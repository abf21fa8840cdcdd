# SPDX-License-Identifier: Apache-2.0
"""A show's stream: whoever feeds it now, its playlist, and the parts of its recording.

Feeds come and go; the stream stays. A newer feed takes over and the older one is cut, since refusing the
newer would lock out a seller whose link fell without a word.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from silkcast.engines.video.meter import SILENCE_SECONDS, Meter
from silkcast.engines.video.packager import Input, Packager, Seen, command
from silkcast.engines.video.playlist import Playlist, Segment
from silkcast.ground.clock import Clock
from silkcast.ground.ids import ShowId
from silkcast.stage.rooms.port import Problem, Source, StreamHealth

log = structlog.get_logger(__name__)

REMEMBERED_SECONDS = 120.0
DEATHS = 5
DEATHS_SECONDS = 60.0


class Feed(Protocol):
    source: Source

    async def cut(self) -> None:
        """Hang up on whoever sends."""


class Deaths:
    """How often ffmpeg fell lately: when to try again, when to give up."""

    def __init__(self) -> None:
        self._at: deque[float] = deque(maxlen=DEATHS)
        self.again_at = 0.0

    def note(self) -> None:
        now = time.monotonic()
        recent = sum(now - moment < DEATHS_SECONDS for moment in self._at)
        self._at.append(now)
        self.again_at = now + (0.0 if recent == 0 else 0.5 * 2**recent)

    @property
    def are_too_many(self) -> bool:
        return len(self._at) == DEATHS and time.monotonic() - self._at[0] < DEATHS_SECONDS


class Stream:
    """`tell(show, what)` hears "published" and "unpublished" in their order."""

    def __init__(
        self,
        show: ShowId,
        *,
        live: Path,
        parts: Path,
        window: int,
        clock: Clock,
        tell: Callable[[Stream, str], None],
    ) -> None:
        live.mkdir(parents=True, exist_ok=True)
        parts.mkdir(parents=True, exist_ok=True)
        self.show = show
        self.playlist = Playlist(live, window)
        self.meter = Meter()
        self.source: Source = "rtmp"
        self.is_up = False
        self._live = live
        self._parts = parts
        self._clock = clock
        self._tell = tell
        self._feed: Feed | None = None
        self._packager: Packager | None = None
        self._since = clock.now()
        self._refused: tuple[Problem, float] | None = None
        self._run = self.playlist.last_run
        self._run_at: datetime | None = None
        self._turn = asyncio.Lock()

    @property
    def is_fed(self) -> bool:
        return self._feed is not None

    @property
    def folder(self) -> Path:
        return self._live

    @property
    def packager(self) -> Packager | None:
        return self._packager

    async def attach(self, feed: Feed) -> None:
        """Let `feed` feed this show from now on, whoever did before."""
        before, self._feed = self._feed, feed
        if before is not None:
            log.info("video.taken_over", show=str(self.show), source=feed.source)
            await before.cut()
        await self.end_part()
        self.source, self._since = feed.source, self._clock.now()
        self.meter = Meter()
        self._refused = None

    async def detach(self, feed: Feed) -> None:
        """`feed` has ended; what ffmpeg still holds is written."""
        if self._feed is not feed:
            return
        self._feed = None
        await self.end_part()
        if self._feed is None and self.is_up:
            self.is_up = False
            self._tell(self, "unpublished")

    async def cut(self) -> None:
        feed = self._feed
        if feed is not None:
            await feed.cut()
            await self.detach(feed)

    def refuse(self, problem: Problem) -> None:
        self._refused = (problem, time.monotonic())
        log.info("video.refused", show=str(self.show), problem=problem)

    def feeds(self, feed: Feed) -> bool:
        return self._feed is feed

    async def begin_part(self, source: Input) -> Packager:
        """A new ffmpeg, and with it a new part of the recording."""
        async with self._turn:
            await self._end()
            self._run += 1
            self._run_at = None
            began = round(self._clock.now().timestamp() * 1000)
            recording = self._parts / f"{began:014d}-{self._run}.mp4"
            run = self._run
            packager = Packager(
                command(run, source, recording.absolute()),
                self._live,
                lambda name, seconds: self._whole(run, name, seconds),
            )
            await packager.start()
            self._packager = packager
            log.info("video.part_begun", show=str(self.show), run=run, pid=packager.pid)
            return packager

    async def end_part(self) -> None:
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        packager, self._packager = self._packager, None
        if packager is not None:
            await packager.finish()

    def _whole(self, run: int, name: str, seconds: float) -> None:
        """A segment is whole: it goes into the playlist, and the first one makes the show watchable."""
        length = timedelta(seconds=seconds)
        began = self._run_at or self._clock.now() - length
        self._run_at = began + length
        self.playlist.add(Segment(name, seconds, run, began.astimezone(UTC)))
        if self.source == "browser":
            self.meter.keyframe_seconds = seconds
        if self._feed is not None and not self.is_up:
            self.is_up = True
            self._tell(self, "published")

    def health(self) -> StreamHealth | None:
        if self._feed is None:
            return self._remembered()
        now = time.monotonic()
        seen = self._packager.seen if self._packager else Seen()
        is_rtmp = self.source == "rtmp"
        has_audio = self.meter.has_sound() if is_rtmp else seen.audio_codec is not None
        return StreamHealth(
            live=self.is_up,
            source=self.source,
            since=self._since,
            video_codec=seen.video_codec,
            width=seen.width,
            height=seen.height,
            frames_per_second=(self.meter.frames_per_second() if is_rtmp else None) or seen.frames_per_second,
            kilobits_per_second=self.meter.kilobits_per_second(now),
            keyframe_seconds=self.meter.keyframe_seconds,
            has_audio=has_audio,
            problem=self.meter.problem() if is_rtmp else self._browser_problem(seen),
        )

    def _browser_problem(self, seen: Seen) -> Problem | None:
        lasted = (self._clock.now() - self._since) / timedelta(seconds=1)
        if seen.video_codec and not seen.audio_codec and lasted > SILENCE_SECONDS:
            return "no_audio"
        if (self.meter.keyframe_seconds or 0) > 2.5:
            return "long_gop"
        return None

    def _remembered(self) -> StreamHealth | None:
        if self._refused is None:
            return None
        problem, at = self._refused
        if time.monotonic() - at > REMEMBERED_SECONDS:
            return None
        codec = "hevc" if problem == "hevc" else None
        return StreamHealth(
            live=False, source=self.source, since=self._since, video_codec=codec, problem=problem
        )
