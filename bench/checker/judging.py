# SPDX-License-Identifier: Apache-2.0
"""The judgement: what can be said request by request first, then lane by lane, and the order last."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bench.checker.facts import Lane, Violation
from bench.checker.history import NEVER, STATUS, Asked, Claim, claims_of
from bench.checker.ordering import Search

Place = tuple[str, str]
"""(deal, variant)"""


def check(
    history: Sequence[Asked], lanes: Mapping[Place, Lane], queue: int | None = None
) -> Violation | None:
    """Why no serial order explains the history, or None. `queue`: so many claims may wait before `busy`."""
    for violation in (*_answers(history), *_keys(history), *_claim_ids(history), *_busy(history, queue)):
        return violation
    claims: dict[Place, list[Claim]] = {place: [] for place in lanes}
    for claim in claims_of(history):
        claims.setdefault((claim.first.deal, claim.first.variant), []).append(claim)
    for place, here in claims.items():
        numbered = [claim for claim in here if claim.told is not None]
        if place not in lanes:
            if numbered:
                return Violation(
                    "a claim was given a number in a lane that does not exist", numbered[0].shown
                )
            continue
        asked = [one for one in history if (one.deal, one.variant) == place]
        found = _lane(lanes[place], here, asked)
        if found:
            return found
    return None


def _lane(lane: Lane, claims: list[Claim], asked: Sequence[Asked]) -> Violation | None:
    if lane.record is not None:
        for violation in _record(lane, claims):
            return violation
        claims = [_with_record(claim, lane) for claim in claims]
    numbered = sorted((claim for claim in claims if claim.told is not None), key=lambda claim: claim.number)
    ends = _ends(lane, asked)
    for violation in (
        *_numbers(numbered),
        *_real_time(numbered),
        *_open_hours(lane, numbered, ends),
        *_total(lane, numbered),
    ):
        return violation
    known = {claim.number: claim for claim in numbered}
    # with the house's record, a lost claim that is not in it did not happen
    lost = [claim for claim in claims if claim.told is None and lane.record is None]
    return Search(lane, known, lost).run(must_be_sold_out=bool(ends) and lane.closes is None)


def _answers(history: Iterable[Asked]) -> Iterator[Violation]:
    for one in history:
        if one.is_lost:
            continue
        assert one.answered is not None
        if one.answered < one.sent:
            yield Violation("a request was answered before it was sent", (one,))
        if one.outcome not in STATUS:
            if not 400 <= one.status < 500:
                yield Violation(f"status {one.status} came with an outcome nobody knows", (one,))
            continue
        if one.status != STATUS[one.outcome]:
            yield Violation(f"{one.outcome} came with status {one.status}", (one,))
        number = one.told.get("number")
        if one.has_number and (not isinstance(number, int) or number < 1):
            yield Violation(f"{one.outcome} came with number {number}", (one,))
        if one.outcome in ("granted", "waiting") and not one.told.get("claim"):
            yield Violation(f"{one.outcome} came without a claim", (one,))


def _keys(history: Iterable[Asked]) -> Iterator[Violation]:
    """The same key of the same buyer is told the same, whatever happened between."""
    by_key: dict[tuple[str, str], list[Asked]] = {}
    for one in history:
        by_key.setdefault((one.buyer, one.key), []).append(one)
    for same in by_key.values():
        for one, other in pairwise([one for one in same if one.has_number]):
            if _content(one) != _content(other):
                yield Violation("one key was given numbers for two different claims", (one, other))
            for name in ("outcome", "number", "claim"):
                if one.told.get(name) != other.told.get(name):
                    yield Violation(f"one key was answered twice with a different {name}", (one, other))
        for one in same:
            others = (other for other in same if _content(other) != _content(one))
            if one.outcome == "key_reused" and not any(
                other.sent < (one.answered or NEVER) for other in others
            ):
                yield Violation("a key was called reused that was used for nothing else", (one,))


def _content(one: Asked) -> tuple[str, str, int]:
    return one.deal, one.variant, one.units


def _claim_ids(history: Iterable[Asked]) -> Iterator[Violation]:
    owners: dict[str, Asked] = {}
    for one in history:
        claim = one.told.get("claim")
        if claim and one.has_number:
            owner = owners.setdefault(str(claim), one)
            if (owner.buyer, owner.key) != (one.buyer, one.key):
                yield Violation("two buyers' claims have one id", (owner, one))


def _busy(history: Sequence[Asked], queue: int | None) -> Iterator[Violation]:
    """The queue can only have been full if more requests than it holds were under way."""
    if queue is None:
        return
    sent = sorted(one.sent for one in history)
    answered = sorted(one.answered for one in history if one.answered is not None)
    for one in history:
        if one.outcome != "busy" or one.answered is None:
            continue
        under_way = bisect_right(sent, one.answered) - bisect_left(answered, one.sent) - 1
        if under_way < queue:
            sentence = f"a claim was told busy with {under_way} others under way, and the queue holds {queue}"
            yield Violation(sentence, (one,))


def _record(lane: Lane, claims: Iterable[Claim]) -> Iterator[Violation]:
    """What the house kept, against what it said."""
    assert lane.record is not None
    by_key = {(claim.first.buyer, claim.first.key): claim for claim in claims}
    for key, claim in by_key.items():
        kept = lane.record.get(key)
        if claim.told is None:
            continue
        if kept is None:
            yield Violation(f"number {claim.number} was answered, but the record lacks it", claim.shown)
        elif any(kept.get(name) != claim.told.get(name) for name in ("outcome", "number")):
            yield Violation(f"the record says {dict(kept)} of number {claim.number}", claim.shown)
    for key, kept in lane.record.items():
        if key not in by_key:
            yield Violation(f"the record has number {kept.get('number')}, for which nobody asked")


def _with_record(claim: Claim, lane: Lane) -> Claim:
    assert lane.record is not None
    kept = lane.record.get((claim.first.buyer, claim.first.key))
    return replace(claim, told=kept) if claim.told is None and kept is not None else claim


def _numbers(numbered: Sequence[Claim]) -> Iterator[Violation]:
    for one, other in pairwise(numbered):
        if one.number == other.number:
            yield Violation(f"number {one.number} was given twice", (*one.shown, *other.shown))


def _real_time(numbered: Sequence[Claim]) -> Iterator[Violation]:
    """Nobody who came after an answer was known stands before it."""
    latest: Claim | None = None
    for claim in numbered:
        if latest is not None and claim.ended < latest.sent:
            sentence = f"number {claim.number} was answered before number {latest.number} was sent"
            yield Violation(sentence, (*claim.shown, *latest.shown))
        if latest is None or claim.sent > latest.sent:
            latest = claim


def _ends(lane: Lane, asked: Iterable[Asked]) -> list[Asked]:
    """Requests told that the deal is over: not running, and not because it had not begun."""
    return [
        one
        for one in asked
        if one.outcome == "not_running"
        and not one.is_lost
        and not (lane.opens is not None and one.sent < lane.opens)
        and not (lane.closes is not None and one.answered is not None and one.answered > lane.closes)
    ]


def _open_hours(lane: Lane, numbered: Iterable[Claim], ends: Sequence[Asked]) -> Iterator[Violation]:
    if ends and not lane.ends_when_sold_out:
        yield Violation("a claim was told not_running while the deal ran", (ends[0],))
    end = min(ends, key=lambda one: one.answered or NEVER, default=None)
    for claim in numbered:
        if lane.opens is not None and claim.ended < lane.opens:
            yield Violation(f"number {claim.number} was given before the deal opened", claim.shown)
        if lane.closes is not None and claim.sent > lane.closes:
            yield Violation(f"number {claim.number} was given after the deal closed", claim.shown)
        if end is not None and end.answered is not None and claim.sent > end.answered:
            sentence = f"number {claim.number} was given after somebody was told that the deal is over"
            yield Violation(sentence, (end, *claim.shown))


def _total(lane: Lane, numbered: Sequence[Claim]) -> Iterator[Violation]:
    """The plainest oversell, said plainly: the order would find it too."""
    by_number = {claim.number: claim for claim in numbered}
    most = lane.units + sum(event.units for event in lane.events if event.kind == "topped_up")
    for event in lane.events:
        freed = by_number.get(event.number or 0)
        if event.kind == "freed":
            most += freed.first.units if freed else NEVER
    granted = 0
    for claim in numbered:
        assert claim.told is not None
        granted += claim.first.units if claim.told["outcome"] == "granted" else 0
        if granted > most:
            sentence = f"{granted} units were granted with number {claim.number}, and there never were more"
            yield Violation(f"{sentence} than {most}", claim.shown)
            return
