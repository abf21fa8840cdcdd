# SPDX-License-Identifier: Apache-2.0
"""Hearing: a pasted chat read from its beginning to its end, each message with its doubts.

A single message is read like a comment. Only the whole chat tells that somebody took an order back later,
wants more in all than one person may have, or said it on another day. Such an order is not thrown away, it is
*doubted*: a person looks at it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Literal

from silkcast.ground.ids import VariantId
from silkcast.ground.places import Country

from .errors import ChatTooLong, NoChat
from .forwarded import Said, forwarded
from .reading import read
from .shelf import Shelf
from .values import Cancellation, NoOrder, Order, Reading, Reason, WhichVariant
from .written import written_in

MOST_CHARACTERS = 60_000
MOST_MESSAGES = 1_000

Doubt = Literal["", "which", "another_day", "before", "taken_back", "over_limit"]


@dataclass(frozen=True, slots=True)
class Heard:
    """One order in a chat: so many of one variant, or of one of several where it was not clear."""

    said: Said
    person: str
    """The name as it is compared: one spelling of it is one person."""
    again: int
    """How often the same was said before in the same minute: 0, 1 …"""
    part: int
    """A message may order several things."""
    units: int
    variants: tuple[VariantId, ...]
    doubt: Doubt = ""

    @property
    def is_sure(self) -> bool:
        return not self.doubt


@dataclass(frozen=True, slots=True)
class Passed:
    """A message that is no order, and why."""

    said: Said
    why: Reason | Literal["takes back"]


@dataclass(frozen=True, slots=True)
class When:
    """The day and the hour that a deal began, by the chat's clock. Without an hour it is not compared."""

    day: date
    since: time | None = None


def cut(chat: str) -> tuple[Said, ...]:
    """The messages of a pasted chat, or why it is not taken."""
    if len(chat) > MOST_CHARACTERS:
        raise ChatTooLong(MOST_CHARACTERS, MOST_MESSAGES)
    said = forwarded(chat)
    if not said:
        raise NoChat
    if len(said) > MOST_MESSAGES:
        raise ChatTooLong(MOST_CHARACTERS, MOST_MESSAGES)
    return said


def hear(
    messages: Sequence[Said], shelf: Shelf, *, market: Country, language: str, limit: int, when: When
) -> tuple[tuple[Heard, ...], tuple[Passed, ...]]:
    """The orders of a chat in its own order, and what is none. `limit` is what one person may have."""
    heard: list[Heard] = []
    passed: list[Passed] = []
    times: Counter[Said] = Counter()
    for said in messages:
        again, times[said] = times[said], times[said] + 1
        reading = read(
            said.text, market=market, language=written_in(said.text, language), offered=shelf, most=limit
        )
        if isinstance(reading, NoOrder):
            passed.append(Passed(said, reading.reason))
        elif isinstance(reading, Cancellation):
            passed.append(Passed(said, "takes back"))
            heard = [taken_back(one, said, reading) for one in heard]
        else:
            heard += parts(said, again, reading, doubt_of(said, when))
    return tuple(within(heard, limit)), tuple(passed)


def parts(said: Said, again: int, reading: Reading, doubt: Doubt) -> Iterator[Heard]:
    """What a message orders, one thing after the other."""
    assert isinstance(reading, Order | WhichVariant), "others order nothing"
    asks = reading.asks if isinstance(reading, WhichVariant) else ()
    who, sure = person(said.name), len(reading.lines)
    for part, line in enumerate(reading.lines):
        yield Heard(said, who, again, part, line.units, (line.variant,), doubt)
    for part, ask in enumerate(asks, sure):
        yield Heard(said, who, again, part, ask.units, ask.candidates, "which")


def person(name: str) -> str:
    """A name as it is compared. WhatsApp writes `~ Mai` where Mai is not among the contacts."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().strip("~ ").split())


def taken_back(one: Heard, said: Said, by: Cancellation) -> Heard:
    named: Collection[VariantId] = by.variants
    is_meant = one.person == person(said.name) and (not named or not set(named).isdisjoint(one.variants))
    return replace(one, doubt="taken_back") if is_meant else one


def within(heard: Sequence[Heard], limit: int) -> Iterator[Heard]:
    """What goes beyond the limit of its person is doubted; what is doubted already does not count."""
    had: Counter[tuple[str, VariantId]] = Counter()
    for one in heard:
        if one.doubt:
            yield one
            continue
        key = (one.person, one.variants[0])
        if had[key] + one.units > limit:
            yield replace(one, doubt="over_limit")
        else:
            had[key] += one.units
            yield one


def doubt_of(said: Said, when: When) -> Doubt:
    days = days_in(said.day, near=when.day)
    if days and all(abs(day - when.day) > timedelta(days=1) for day in days):
        return "another_day"
    if when.since is None:
        return ""
    # the clock has no day that one could rely on: within twelve hours before is before
    before = (minutes(when.since) - minutes(said.at)) % (24 * 60)
    return "before" if 0 < before < 12 * 60 else ""


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def days_in(text: str, *, near: date) -> set[date]:
    """What a day may mean as it is written, by whatever habit. Years that cannot be are left out: a day by
    another calendar says nothing."""
    figures = [int(one) for one in re.findall(r"\d+", text)]
    if len(figures) != 3:
        return set()
    first, second, third = figures
    found = set()
    for year, month, day in ((first, second, third), (third, second, first), (third, first, second)):
        for full in years(year):
            if abs(full - near.year) <= 1 and 1 <= month <= 12 and 1 <= day <= 31:
                try:
                    found.add(date(full, month, day))
                except ValueError:
                    continue
    return found


def years(written: int) -> tuple[int, ...]:
    """In full, in two figures, or by the Buddhist calendar that Thai phones write."""
    if written < 100:
        return (2000 + written, 2500 + written - 543)
    return (written, written - 543)
