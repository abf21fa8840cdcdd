# SPDX-License-Identifier: Apache-2.0
"""The live playlist of a show: ours, not ffmpeg's, so that it goes on when the stream's parts come and go.

Each part is one run of ffmpeg with an init file of its own; between two parts stands a discontinuity. Numbers
go on even after the program was restarted: a player that waits for segment 300 must not be told 0.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAME = "live.m3u8"
_SEGMENT = re.compile(r"^s(\d+)_\d+\.m4s$")


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    seconds: float
    run: int
    began_at: datetime

    @property
    def init(self) -> str:
        return f"i{self.run}.mp4"


class Playlist:
    """The last `window` segments, written whole each time, so a reader never sees half a playlist."""

    def __init__(self, folder: Path, window: int) -> None:
        self._folder = folder
        self._window = window
        self._segments: deque[Segment] = deque()
        self._old: deque[Segment] = deque()
        self._first = 0
        self._breaks = 0
        self.last_run = 0
        self._is_ended = False
        self._recall()

    @property
    def newest(self) -> Segment | None:
        return self._segments[-1] if self._segments else None

    def add(self, segment: Segment) -> None:
        self._segments.append(segment)
        while len(self._segments) > self._window:
            gone = self._segments.popleft()
            self._first += 1
            if self._segments[0].run != gone.run:
                self._breaks += 1
            self._old.append(gone)
        self._is_ended = False
        self._write()
        self._forget()

    def end(self) -> None:
        if not self._is_ended and self._segments:
            self._is_ended = True
            self._write()

    def _forget(self) -> None:
        """Delete what left the window a while ago: a slow viewer may still ask for what just left it."""
        while len(self._old) > self._window:
            gone = self._old.popleft()
            (self._folder / gone.name).unlink(missing_ok=True)
            kept = {segment.run for segment in (*self._old, *self._segments)}
            if gone.run not in kept:
                (self._folder / gone.init).unlink(missing_ok=True)

    def _write(self) -> None:
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            f"#EXT-X-TARGETDURATION:{max(1, *(int(s.seconds + 0.5) for s in self._segments))}",
            f"#EXT-X-MEDIA-SEQUENCE:{self._first}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self._breaks}",
            "#EXT-X-INDEPENDENT-SEGMENTS",
        ]
        run = None
        for segment in self._segments:
            if segment.run != run:
                if run is not None:
                    lines.append("#EXT-X-DISCONTINUITY")
                lines.append(f'#EXT-X-MAP:URI="{segment.init}"')
                run = segment.run
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{segment.began_at.isoformat(timespec='milliseconds')}")
            lines.append(f"#EXTINF:{segment.seconds:.6f},")
            lines.append(segment.name)
        if self._is_ended:
            lines.append("#EXT-X-ENDLIST")
        fresh = self._folder / f"{NAME}.new"
        fresh.write_text("\n".join(lines) + "\n")
        fresh.replace(self._folder / NAME)

    def _recall(self) -> None:
        """Go on from what an earlier process left: its numbers are kept, its segments are not."""
        path = self._folder / NAME
        if not path.exists():
            return
        names = []
        for line in path.read_text().splitlines():
            word, _, value = line.partition(":")
            if word == "#EXT-X-MEDIA-SEQUENCE":
                self._first = int(value)
            elif word == "#EXT-X-DISCONTINUITY-SEQUENCE":
                self._breaks = int(value)
            elif found := _SEGMENT.match(line):
                names.append(line)
                run = int(found[1])
                self._breaks += run != self.last_run and len(names) > 1
                self.last_run = run
        self._first += len(names)
        self._breaks += 1
        for stale in (*self._folder.glob("s*.m4s"), *self._folder.glob("i*.mp4")):
            stale.unlink(missing_ok=True)
