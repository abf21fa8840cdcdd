# SPDX-License-Identifier: Apache-2.0
"""A pasted chat, cut into who said what and when, so that each text can be read like a comment.

Known are the exports and copies of

    [25/11/2026, 12:03:10] Mai: mine          WhatsApp on iOS; on the web with the clock first
    25/11/26, 12:03 pm - Mai: mine            WhatsApp on Android
    [12:03] Mai: mine                         WeChat, Slack and the like
    12:03<tab>Mai<tab>mine                    LINE, with the day on a line of its own
    Mai 2026-11-25 12:03:10                   WeChat and QQ on a desk, the text on the next lines
    Mai, [25.11.2026 12:03]                   Telegram on a desk, the text on the next lines

Digits may be Arabic. The day is handed on as it is written: 03/04 is two days in two countries, and for an
order it is the place in the chat that counts, then the server's clock. Lines without a name (who joined,
encryption) and those before the first head are left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
CLOCK = r"(?:(?:上午|下午|午前|午後) ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?(?:[ap]\.? ?m\.?|[صم](?!\w)))?"
NAME = r"(?P<name>[^:\t\n]{1,80}?)"
HEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\[(?:(?P<day>{DAY})[,،]? )?(?P<clock>{CLOCK})\] ?{NAME}: ?(?P<text>.*)",
        rf"\[(?P<clock>{CLOCK})[,،] (?P<day>{DAY})\] ?{NAME}: ?(?P<text>.*)",
        rf"(?P<day>{DAY})[,،]? (?P<clock>{CLOCK}) - {NAME}: ?(?P<text>.*)",
        rf"(?P<day>)(?P<clock>{CLOCK})\t{NAME}\t(?P<text>.*)",
        rf"{NAME}, ?\[(?P<day>{DAY})[,،]? (?P<clock>{CLOCK})\](?P<text>)$",
        rf"{NAME} (?P<day>{DAY}) (?P<clock>{CLOCK})(?P<text>)$",
    )
)
NAMELESS = re.compile(
    rf"\[(?:{DAY}[,،]? )?{CLOCK}(?:, {DAY})?\]|{DAY}[,،]? {CLOCK} - |{CLOCK}\t", re.IGNORECASE
)
DAY_LINE = re.compile(rf"(?:\w{{2,10}}, ?)?(?P<day>{DAY}) ?(?:\(\w{{1,10}}\)|\w{{3,10}})?$")
NUMBERS = re.compile(r"(\d+)[:.](\d+)")
AFTERNOON = re.compile(r"下午|午後|م|p\.? ?m", re.IGNORECASE)
MORNING = re.compile(r"上午|午前|ص|a\.? ?m", re.IGNORECASE)
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `day` is as the chat writes it, empty where it does not."""

    day: str
    at: time
    name: str
    text: str


def forwarded(chat: str) -> tuple[Said, ...]:
    """The messages of a pasted chat in its own order; none if it is in no form that is known."""
    found: list[tuple[str, time, str, list[str]]] = []
    day, is_said = "", False
    for line in BIDI.sub("", chat).replace("\u202f", " ").replace("\xa0", " ").splitlines():
        digits = "".join(map(_digit, line))
        if head := _head(digits):
            start = head.start("text")
            at = _time(head["clock"])
            if is_said := at is not None:
                found.append(
                    (
                        head["day"] or day,
                        at,
                        line[head.start("name") : head.end("name")].strip(),
                        [line[start:]],
                    )
                )
        elif spoken := DAY_LINE.match(digits):
            day, is_said = spoken["day"], False
        elif NAMELESS.match(digits):
            is_said = False
        elif is_said:
            found[-1][3].append(line)
    return tuple(Said(day, at, name, _text(lines)) for day, at, name, lines in found)


def _head(line: str) -> re.Match[str] | None:
    return next((head for pattern in HEADS if (head := pattern.match(line))), None)


def _digit(character: str) -> str:
    """Arabic and other digits as ours, one for one, so that places in the line stay."""
    return str(unicodedata.decimal(character, character)) if not character.isascii() else character


def _time(clock: str) -> time | None:
    numbers = NUMBERS.search(clock)
    assert numbers, "a head has a clock"
    hour, minute = int(numbers[1]), int(numbers[2])
    if AFTERNOON.search(clock) and hour < 12:
        hour += 12
    if MORNING.search(clock) and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _text(lines: list[str]) -> str:
    """LINE puts a message of several lines in quotes."""
    text = "\n".join(lines).strip()
    if len(lines) > 1 and len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    return text
