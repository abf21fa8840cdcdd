# SPDX-License-Identifier: Apache-2.0
"""What can be told of a stream from the outside: octets, frames and key frames over the last seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from silkcast.stage.rooms.port import Problem

WINDOW_SECONDS = 5.0
LONGEST_GOP_SECONDS = 2.5
SILENCE_SECONDS = 4.0


@dataclass(slots=True)
class Meter:
    """Fed with moments of a monotonic clock and, for key frames, with the stream's own milliseconds."""

    octets: deque[tuple[float, int]] = field(default_factory=deque)
    frames: deque[int] = field(default_factory=lambda: deque(maxlen=120))
    first_picture: int | None = None
    last_picture: int | None = None
    last_keyframe: int | None = None
    keyframe_seconds: float | None = None
    last_sound: int | None = None
    is_aac: bool = True

    def came(self, now: float, count: int) -> None:
        self.octets.append((now, count))
        while now - self.octets[0][0] > WINDOW_SECONDS:
            self.octets.popleft()

    def picture(self, milliseconds: int, *, is_key: bool) -> None:
        if self.first_picture is None:
            self.first_picture = milliseconds
        self.last_picture = milliseconds
        self.frames.append(milliseconds)
        if not is_key:
            return
        if self.last_keyframe is not None:
            self.keyframe_seconds = (milliseconds - self.last_keyframe) / 1000
        self.last_keyframe = milliseconds

    def sound(self, milliseconds: int, *, is_aac: bool) -> None:
        self.last_sound = milliseconds
        self.is_aac = is_aac

    def kilobits_per_second(self, now: float) -> int | None:
        if not self.octets or now - self.octets[-1][0] > WINDOW_SECONDS:
            return None
        span = max(now - self.octets[0][0], 1.0)
        return round(sum(count for _, count in self.octets) * 8 / 1000 / span)

    def frames_per_second(self) -> float | None:
        if len(self.frames) < 15 or self.frames[-1] <= self.frames[0]:
            return None
        return round((len(self.frames) - 1) * 1000 / (self.frames[-1] - self.frames[0]), 2)

    def has_sound(self) -> bool:
        if self.last_sound is None:
            return False
        return self.last_picture is None or self.last_picture - self.last_sound < SILENCE_SECONDS * 1000

    def problem(self) -> Problem | None:
        if self.first_picture is None or self.last_picture is None:
            return None
        if not self.has_sound() and self.last_picture - self.first_picture > SILENCE_SECONDS * 1000:
            return "no_audio"
        if not self.is_aac:
            return "audio_codec"
        waited = (self.last_picture - (self.last_keyframe or self.first_picture)) / 1000
        if max(self.keyframe_seconds or 0.0, waited) > LONGEST_GOP_SECONDS:
            return "long_gop"
        return None
