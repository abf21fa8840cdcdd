# SPDX-License-Identifier: Apache-2.0
"""The port for video: who may send a picture, where it can be watched, how it fares, what remains of it.

An engine takes a show's stream in (by RTMP with the show's key, or from a browser's camera), hands out HLS,
and keeps a recording. It knows keys only through `Admission`, and shows only by their id. A show may be fed
in several parts, when an encoder drops out and comes back: they are one stream and one recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from silkcast.ground.ids import ShowId
from silkcast.ground.refusals import Invalid, Unavailable

Source = Literal["rtmp", "browser"]
Problem = Literal[
    "hevc",  # a picture most viewers cannot play: refused
    "codec",  # neither H.264 nor anything that is turned into it: refused
    "no_audio",  # picture without sound for some seconds
    "audio_codec",  # sound that is not AAC
    "long_gop",  # key frames further apart than two seconds and a half: viewers lag behind
    "engine_failed",  # the packager died again and again: the stream was cut
]


@dataclass(frozen=True, slots=True)
class Ingest:
    """What a seller types into an encoder. The key is a secret."""

    rtmp_url: str
    key: str


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """How a stream fares now; what is not known yet is None. `live` is false for one that was refused."""

    live: bool
    source: Source
    since: datetime
    video_codec: str | None = None
    width: int | None = None
    height: int | None = None
    frames_per_second: float | None = None
    kilobits_per_second: int | None = None
    keyframe_seconds: float | None = None
    has_audio: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a recording without a gap: when it began, how long it is."""

    began_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Recording:
    """What remains of a show: a file under the media folder, and which moments it holds."""

    path: str
    seconds: float
    parts: tuple[Part, ...]

    def offset(self, moment: datetime) -> float:
        """Where in the recording a moment of the show lies; one in a gap lies at the gap's end."""
        found, before = 0.0, 0.0
        for part in self.parts:
            if moment >= part.began_at:
                found = before + min((moment - part.began_at) / timedelta(seconds=1), part.seconds)
            before += part.seconds
        return found


@dataclass(eq=False)
class StreamCut(Unavailable):
    """This stream takes no more: a newer one took over, the show ended, or the engine fell. Open it anew,
    unless it was taken over: two that both come back would cut each other for ever."""

    code: ClassVar[str] = "rooms.stream_cut"
    is_taken_over: bool = False


@dataclass(eq=False)
class MediaRefused(Invalid):
    """What the browser offers cannot be turned into what viewers can play."""

    code: ClassVar[str] = "rooms.media_refused"
    media_type: str


class Admission(Protocol):
    """What the engine asks and tells the house. Each may be called more than once for the same fact."""

    async def authorize(self, key: str, address: str) -> ShowId | None:
        """The show this key opens now, or None: no hint says why not."""

    async def published(self, show: ShowId, how: Source) -> None:
        """The show can be watched from now on."""

    async def unpublished(self, show: ShowId) -> None:
        """Nobody feeds the show any more."""

    async def recorded(self, show: ShowId, file: str, seconds: float) -> None:
        """The show's recording lies under this path."""


class BrowserIngest(Protocol):
    """A browser's camera: the chunks of one MediaRecorder, in their order."""

    async def write(self, chunk: bytes) -> None:
        """Take a chunk in; raises StreamCut when the browser had better start again or stop."""

    async def close(self) -> None:
        """The browser has stopped."""


class VideoEngine(Protocol):
    async def start(self, admission: Admission) -> None:
        """Begin to take streams in."""

    async def stop(self) -> None:
        """Close every stream and what belongs to it. Recordings stay."""

    def ingest_address(self, key: str) -> Ingest:
        """Where an encoder sends, with the show's key."""

    def playback_path(self, show: ShowId) -> str:
        """The HLS playlist of the show, relative to the media address."""

    def file(self, path: str) -> Path | None:
        """The file behind a path under the media address; None for all that is not for viewers."""

    async def kick(self, show: ShowId) -> None:
        """Cut whoever feeds the show now. Their key may open it again: that is for `authorize` to say."""

    def health(self, show: ShowId) -> StreamHealth | None:
        """How the show's stream fares; None when nobody has sent anything lately."""

    async def open_browser(self, show: ShowId, media_type: str) -> BrowserIngest:
        """Take in a browser's camera; a newer stream takes over an older one. May raise MediaRefused."""

    async def finish_recording(self, show: ShowId) -> Recording | None:
        """End the stream and join its parts into the replay; asked again, the same. None: nothing came."""

    async def thumbnail(self, show: ShowId) -> bytes | None:
        """A JPEG of what is seen now, or of the replay."""
