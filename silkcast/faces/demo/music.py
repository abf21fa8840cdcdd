# SPDX-License-Identifier: Apache-2.0
"""A quiet bed of plucked strings for the demo's film: Karplus and Strong's string, in plain Python."""

from __future__ import annotations

import random
import wave
from array import array
from pathlib import Path

RATE = 24_000
BEAT = 0.62  # seconds
NOTES = {
    **{"D3": 146.83, "A3": 220.0, "D4": 293.66, "E4": 329.63},
    **{"F#4": 369.99, "A4": 440.0, "B4": 493.88, "D5": 587.33},
}
PHRASES = (
    "D3 . A4 . F#4 E4 . D4 A3 . . D4 E4 . . .",
    "D3 . B4 . A4 . F#4 . A3 . E4 . D4 . . .",
    "D3 . D5 . B4 A4 . F#4 A3 . . E4 F#4 . . .",
    "D3 . E4 . F#4 . A4 . A3 . F#4 E4 D4 . . .",
)


def string(frequency: float, seconds: float, chance: random.Random) -> array[float]:
    """One plucked string as it fades."""
    length = round(RATE / frequency)
    loop = [chance.uniform(-1, 1) for _ in range(length)]
    for _ in range(3):  # a soft finger
        loop = [(loop[i - 1] + loop[i]) / 2 for i in range(length)]
    sound = array("f", bytes(4 * round(RATE * seconds)))
    at = 0
    for i in range(len(sound)):
        ahead = at + 1 if at + 1 < length else 0
        value = loop[at]
        sound[i] = value
        loop[at] = 0.4985 * (value + loop[ahead])
        at = ahead
    return sound


def write(path: Path, seconds: float) -> None:
    """As much of the tune as fills `seconds`, as a WAV."""
    chance = random.Random(7)  # noqa: S311 a tune
    strings = {name: string(frequency, 2.6, chance) for name, frequency in NOTES.items()}
    bed = array("f", bytes(4 * round(RATE * seconds)))
    beat, moment = 0, 0.4
    while moment < seconds - 2.7:
        notes = PHRASES[beat // 16 % len(PHRASES)].split()
        name = notes[beat % 16]
        if name != ".":
            start = round((moment + chance.uniform(-0.02, 0.02)) * RATE)
            force = (0.75 if name.endswith("3") else 0.55) * chance.uniform(0.8, 1.0)
            for i, value in enumerate(strings[name], start):
                bed[i] += force * value
        beat += 1
        moment += BEAT
    loudest = max(max(bed), -min(bed), 0.001)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", (round(value / loudest * 24_000) for value in bed)).tobytes())
