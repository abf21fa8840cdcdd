# SPDX-License-Identifier: Apache-2.0
"""Deciding: what becomes of lines that came at once, by what the room allows and what was said before.

In the order they came: is it a line; may this person speak; is it too soon, or the same again; must the host
look first; is it what somebody else just said. Of what is left a bounded number a second is shown, those
first who were not heard for longest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from silkcast.ground.ids import LineId, UserId
from silkcast.ground.refusals import Refusal
from silkcast.stage.chat.errors import (
    Banned,
    Closed,
    KnownOnly,
    NothingSaid,
    RoomBusy,
    SaidAlready,
    SlowMode,
    TooFast,
    TooLong,
)
from silkcast.stage.chat.values import HeldFor, LineState, Saying, Speaking

from . import folding
from .blocked import words_for
from .lines import address_in, clean, language_of

PACE = 5
PACE_WINDOW = timedelta(seconds=10)
SAME_WINDOW = timedelta(seconds=30)
FOLD_WINDOW = timedelta(seconds=8)
ROOM_WINDOW = timedelta(seconds=1)
TRY_AGAIN = 2
"""Seconds after which a line that the room had no place for may be tried again."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of before: when, and what it says to a reader."""

    at: datetime
    fold: bytes


@dataclass(frozen=True, slots=True)
class Room:
    """What a room is like before these lines."""

    speaking: Speaking = field(default_factory=Speaking)
    bans: Mapping[bytes, datetime | None] = field(default_factory=dict)
    moderators: frozenset[UserId] = frozenset()
    own_words: frozenset[str] = frozenset()
    spoken: Mapping[bytes, Sequence[Spoken]] = field(default_factory=dict)
    """What each author said lately, as far back as slow mode and the windows reach."""
    open_folds: Mapping[bytes, LineId] = field(default_factory=dict)
    """Lines shown within `FOLD_WINDOW`, by what they say."""
    shown_lately: int = 0
    """Viewers' lines shown within `ROOM_WINDOW`."""
    market_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What a market's team keeps out of lines from there."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A line that came: who, by their blinded key, and what they want to say."""

    key: bytes
    saying: Saying


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one line. Folded `into` a line of before, or into one of these: `into_heard`."""

    state: LineState | None
    text: str = ""
    language: str = ""
    fold: bytes = b""
    held_for: HeldFor | None = None
    into: LineId | None = None
    into_heard: int | None = None
    is_moderator: bool = False
    refusal: Refusal | None = None


def folds_of(heard: Sequence[Heard]) -> set[bytes]:
    """What these lines say: which lines of before must be known."""
    found = set()
    for one in heard:
        with suppress(NothingSaid, TooLong):
            found.add(folding.key_of(clean(one.saying.text)))
    return found


def decide(heard: Sequence[Heard], room: Room, now: datetime, *, most: int) -> list[Verdict]:
    """One verdict for each line, in the order they came."""
    spoken = {key: list(before) for key, before in room.spoken.items()}
    verdicts: list[Verdict] = []
    for one in heard:
        try:
            verdict = _judged(one, room, spoken.get(one.key, ()), now)
        except Refusal as refusal:
            verdict = Verdict(None, refusal=refusal)
        else:
            spoken.setdefault(one.key, []).append(Spoken(now, verdict.fold))
        verdicts.append(verdict)
    return _thinned(heard, _folded(heard, verdicts, room), room, most)


def _judged(one: Heard, room: Room, before: Sequence[Spoken], now: datetime) -> Verdict:
    saying = one.saying
    text = clean(saying.text)
    is_moderator = saying.author.user in room.moderators and saying.author.kind == "viewer"
    verdict = Verdict(
        "shown", text, language_of(text, saying.language), folding.key_of(text), is_moderator=is_moderator
    )
    if saying.author.kind != "viewer" or is_moderator:
        return verdict
    check_may_speak(saying, room, one.key)
    check_pace([spoken.at for spoken in before], now, slow=room.speaking.slow_seconds)
    if any(spoken.fold == verdict.fold and spoken.at > now - SAME_WINDOW for spoken in before):
        raise SaidAlready()
    reason = hold_reason(text, verdict.language, saying.market, room)
    return replace(verdict, state="held", held_for=reason) if reason else verdict


def check_may_speak(saying: Saying, room: Room, key: bytes) -> None:
    if room.speaking.who == "nobody":
        raise Closed()
    if room.speaking.who == "known" and saying.author.user is None:
        raise KnownOnly()
    if key in room.bans:
        raise Banned(room.bans[key])


def check_pace(moments: Sequence[datetime], now: datetime, *, slow: int = 0) -> None:
    """At most `PACE` lines in `PACE_WINDOW`, in slow mode one in `slow` seconds; else how long to wait."""
    if slow and moments and (again := max(moments) + timedelta(seconds=slow)) > now:
        raise SlowMode(_seconds(again - now), slow)
    within = [moment for moment in moments if moment > now - PACE_WINDOW]
    if len(within) >= PACE:
        # as many must leave the window as are too many in it
        raise TooFast(_seconds(sorted(within)[-PACE] + PACE_WINDOW - now))


def _seconds(wait: timedelta) -> int:
    """Whole seconds, none too few."""
    return max(1, -(-wait // timedelta(seconds=1)))


def hold_reason(text: str, language: str, market: str, room: Room) -> HeldFor | None:
    """Why the host should look at it first, if so: an address that leads elsewhere, or a blocked word."""
    found = address_in(text, has_links=room.speaking.has_links)
    if found is not None:
        return found
    own = room.own_words | room.market_words.get(market, frozenset())
    return "word" if words_for(language, market, own).is_in(text) else None


def _folded(heard: Sequence[Heard], verdicts: Sequence[Verdict], room: Room) -> list[Verdict]:
    """What says the same as a line just shown counts there; of these that say the same the first stands."""
    first: dict[bytes, int] = {}
    found: list[Verdict] = []
    for place, (one, verdict) in enumerate(zip(heard, verdicts, strict=True)):
        if verdict.state == "shown" and _is_plain_viewer(one, verdict):
            if (before := room.open_folds.get(verdict.fold)) is not None:
                verdict = replace(verdict, state="folded", into=before)
            elif verdict.fold in first:
                verdict = replace(verdict, state="folded", into_heard=first[verdict.fold])
            else:
                first[verdict.fold] = place
        found.append(verdict)
    return found


def _thinned(heard: Sequence[Heard], verdicts: Sequence[Verdict], room: Room, most: int) -> list[Verdict]:
    """Of new lines at most so many as the second still takes; who was not heard for longest goes first."""
    new = [
        place
        for place, (one, verdict) in enumerate(zip(heard, verdicts, strict=True))
        if verdict.state == "shown" and _is_plain_viewer(one, verdict)
    ]
    left = max(0, most - room.shown_lately)
    if len(new) <= left:
        return list(verdicts)

    def unheard(place: int) -> tuple[bool, float, int]:
        before = room.spoken.get(heard[place].key, ())
        last = max((spoken.at for spoken in before), default=None)
        return (last is not None, last.timestamp() if last else 0, place)

    out = set(sorted(new, key=unheard)[left:])
    busy = Verdict(None, refusal=RoomBusy(TRY_AGAIN))
    return [
        busy if place in out or verdict.into_heard in out else verdict
        for place, verdict in enumerate(verdicts)
    ]


def _is_plain_viewer(one: Heard, verdict: Verdict) -> bool:
    return one.saying.author.kind == "viewer" and not verdict.is_moderator
