# SPDX-License-Identifier: Apache-2.0
"""The built-in video engine: an RTMP door, the browser's camera, one ffmpeg a stream, HLS in a folder.

The media folder holds `live/<show>/` (playlist and its last segments), `parts/<show>/` (recordings of a show
that has not ended; never handed out) and `replay/<show>/`. After a crash the parts are still there, and the
playlist's numbers go on.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from silkcast.engines.video import recording
from silkcast.engines.video.feeds import BrowserFeed, RtmpFeed, browser_input
from silkcast.engines.video.playlist import NAME
from silkcast.engines.video.rtmp import Door, Limits
from silkcast.engines.video.stream import Stream
from silkcast.ground.clock import Clock, SystemClock
from silkcast.ground.ids import ShowId
from silkcast.ground.refusals import Unavailable
from silkcast.plumbing.engines import Engine
from silkcast.stage.rooms.port import Admission, BrowserIngest, Ingest, Recording, StreamHealth

log = structlog.get_logger(__name__)

THUMBNAIL_KEPT_SECONDS = 5.0
TELL_AGAIN_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PUBLIC = re.compile(
    rf"live/{_UUID}/(?:live\.m3u8|i\d+\.mp4|s\d+_\d+\.m4s)|replay/{_UUID}/replay\.mp4", re.ASCII
)


@dataclass(frozen=True, slots=True)
class EmbeddedVideoSettings:
    """Where to listen and how much to bear."""

    folder: Path = Path("media")
    rtmp_host: str = "0.0.0.0"  # noqa: S104 an encoder sits on another machine
    rtmp_port: int = 1935
    public_host: str = "localhost"
    playlist_segments: int = 8
    connections: int = 100
    connections_per_address: int = 10
    silence_seconds: float = 15.0
    handshake_seconds: float = 8.0


class EmbeddedVideo:
    """A VideoEngine inside the program itself."""

    def __init__(self, settings: EmbeddedVideoSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock: Clock = clock or SystemClock()
        self._admission: Admission | None = None
        self._streams: dict[ShowId, Stream] = {}
        self._is_closing = False
        self._port = settings.rtmp_port
        self._news: asyncio.Queue[tuple[Stream, str]] = asyncio.Queue()
        self._teller: asyncio.Task[None] | None = None
        self._thumbnails: dict[ShowId, tuple[float, bytes]] = {}
        self._joining: dict[ShowId, asyncio.Lock] = {}
        limits = Limits(
            settings.connections,
            settings.connections_per_address,
            settings.handshake_seconds,
            settings.silence_seconds,
        )
        self._door = Door(limits, self._opened, self._closed)

    async def start(self, admission: Admission) -> None:
        self._admission = admission
        self._sweep()
        self._teller = asyncio.create_task(self._tell_on())
        self._port = await self._door.listen(self._settings.rtmp_host, self._settings.rtmp_port)
        log.info("video.listening", port=self._port)

    async def stop(self) -> None:
        self._is_closing = True
        await asyncio.gather(*(stream.cut() for stream in self._streams.values()))
        await self._door.close()
        if self._teller is not None:
            await self._news.join()
            self._teller.cancel()
        self._streams.clear()

    def ingest_address(self, key: str) -> Ingest:
        return Ingest(f"rtmp://{self._settings.public_host}:{self._port}/live", key)

    def playback_path(self, show: ShowId) -> str:
        return f"live/{show}/{NAME}"

    def file(self, path: str) -> Path | None:
        if not _PUBLIC.fullmatch(path):
            return None
        found = self._settings.folder / path
        return found if found.is_file() else None

    async def kick(self, show: ShowId) -> None:
        if stream := self._streams.get(show):
            await stream.cut()

    def health(self, show: ShowId) -> StreamHealth | None:
        stream = self._streams.get(show)
        return stream.health() if stream else None

    async def open_browser(self, show: ShowId, media_type: str) -> BrowserIngest:
        media = browser_input(media_type)
        stream = self._stream(show)
        feed = BrowserFeed(stream, media)
        await stream.attach(feed)
        return feed

    async def finish_recording(self, show: ShowId) -> Recording | None:
        async with self._joining.setdefault(show, asyncio.Lock()):
            await self.kick(show)
            stream = self._streams.pop(show, None)
            if stream is not None:
                stream.playlist.end()
            folder = self._settings.folder
            name = f"replay/{show}/{recording.REPLAY}"
            parts = folder / "parts" / str(show)
            made = await recording.finish(parts, folder / "replay" / str(show), name)
        self._joining.pop(show, None)
        if made is not None and self._admission is not None:
            await self._admission.recorded(show, made.path, made.seconds)
        return made

    async def thumbnail(self, show: ShowId) -> bytes | None:
        kept = self._thumbnails.get(show)
        if kept and time.monotonic() - kept[0] < THUMBNAIL_KEPT_SECONDS:
            return kept[1]
        made = await self._picture(show)
        if made is not None:
            if len(self._thumbnails) > 500:
                self._thumbnails.clear()
            self._thumbnails[show] = (time.monotonic(), made)
        return made

    async def _picture(self, show: ShowId) -> bytes | None:
        stream = self._streams.get(show)
        newest = stream.playlist.newest if stream else None
        if stream is not None and newest is not None:
            try:
                octets = b"".join((stream.folder / name).read_bytes() for name in (newest.init, newest.name))
            except FileNotFoundError:
                return None
            return await recording.picture(octets)
        replay = self.file(f"replay/{show}/{recording.REPLAY}")
        return await recording.picture_of(replay, 1.0) if replay else None

    def _stream(self, show: ShowId) -> Stream:
        if show not in self._streams:
            folder = self._settings.folder
            self._streams[show] = Stream(
                show,
                live=folder / "live" / str(show),
                parts=folder / "parts" / str(show),
                window=self._settings.playlist_segments,
                clock=self._clock,
                tell=lambda stream, what: self._news.put_nowait((stream, what)),
            )
        return self._streams[show]

    async def _opened(self, key: str, address: str, hang_up: object) -> RtmpFeed | None:
        if self._is_closing or not key:
            return None
        assert self._admission is not None
        show = await self._admission.authorize(key, address)
        if show is None or self._is_closing:
            return None
        assert callable(hang_up)
        stream = self._stream(show)
        feed = RtmpFeed(stream, hang_up)
        await stream.attach(feed)
        return feed

    async def _closed(self, feed: RtmpFeed) -> None:
        await feed.leave()

    async def _tell_on(self) -> None:
        """Tell the house, one fact after the other. What it cannot take in is logged; streams go on."""
        while True:
            stream, what = await self._news.get()
            try:
                await self._tell(stream, what)
            except Exception:
                log.exception("video.not_told", show=str(stream.show), what=what)
            finally:
                self._news.task_done()

    async def _tell(self, stream: Stream, what: str) -> None:
        """Once more while the house is away: nobody would ever tell it again. Not when we close, though."""
        assert self._admission is not None
        for pause in (*TELL_AGAIN_SECONDS, None):
            try:
                if what == "published":
                    await self._admission.published(stream.show, stream.source)
                else:
                    await self._admission.unpublished(stream.show)
                return
            except Unavailable:
                if pause is None or self._is_closing:
                    raise
                await asyncio.sleep(pause)

    def _sweep(self) -> None:
        """Live folders of shows that ended before this start hold nothing anybody needs."""
        for playlist in self._settings.folder.glob(f"live/*/{NAME}"):
            if playlist.read_text().rstrip().endswith("#EXT-X-ENDLIST"):
                shutil.rmtree(playlist.parent, ignore_errors=True)


def make_embedded(settings: EmbeddedVideoSettings, clock: Clock | None = None) -> EmbeddedVideo:
    return EmbeddedVideo(settings, clock)


ENGINE = Engine(
    kind="video",
    name="embedded",
    label="Built in: RTMP and browser camera",
    settings=EmbeddedVideoSettings,
    make=make_embedded,
)
