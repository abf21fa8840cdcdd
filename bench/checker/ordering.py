# SPDX-License-Identifier: Apache-2.0
"""The search: number by number, putting lost claims into gaps and events where they may have been.

Known numbers leave no choice, so a whole history is one walk. Only a gap that different lost claims could
fill, or an event whose place is unknown, makes a fork; the other way is kept and tried when this one ends.
Lost claims that ask for the same are alike: any of them fits a gap if its request was sent before every claim
with a later number was answered. That only gets easier with higher numbers, so the earliest sent is taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.checker.facts import Event, Lane, Undecided, Violation
from bench.checker.history import NEVER, Claim
from bench.checker.lane import State, Want, misfit

STEPS_MOST = 500_000

Alike = tuple[int, str]
"""What makes lost claims different: units wanted, and the buyer where a limit may matter."""


@dataclass(frozen=True, slots=True)
class Action:
    """An event, or the next number: known, or (`lost`, `outcome`) of a lost claim in a gap."""

    event: int | None = None
    lost: Alike | None = None
    outcome: str = ""


@dataclass(slots=True)
class Walk:
    """A way through the lane so far."""

    number: int
    state: State
    happened: frozenset[int] = frozenset()
    used: dict[Alike, int] = field(default_factory=dict)

    def fork(self) -> Walk:
        return Walk(self.number, self.state.copy(), self.happened, self.used.copy())

    def sign(self) -> object:
        used = frozenset(self.used.items())
        return (self.number, self.happened, used, self.state.left, self.state.lowest == 0, self.state.mark)


def _stranger(number: int, alike: Alike) -> Want:
    """A lost claim in a gap. A buyer who does not matter is a new one each time."""
    return Want(number, alike[1] or f"somebody at {number}", alike[0])


class Search:
    def __init__(self, lane: Lane, known: Mapping[int, Claim], lost: Sequence[Claim]) -> None:
        self.lane, self.known = lane, known
        told_of = (number or 0 for event in lane.events for number in (event.number, event.after))
        self.last = max(0, lane.numbers_given or 0, *known, *told_of)
        self.lost = self._group(lost)
        self.deadlines = self._deadlines()
        self.windows = [self._window(event) for event in lane.events]
        self.holders = {event.number for event in lane.events if event.kind in ("freed", "left")}
        self.numbers_of: dict[str, list[int]] = {}
        for number in sorted(known):
            self.numbers_of.setdefault(known[number].first.buyer, []).append(number)
        self.furthest = (-1, Violation("nothing fits"))

    def _group(self, lost: Sequence[Claim]) -> dict[Alike, list[Claim]]:
        buyers: dict[str, int] = {}
        for claim in (*lost, *self.known.values()):
            buyers[claim.first.buyer] = buyers.get(claim.first.buyer, 0) + 1
        groups: dict[Alike, list[Claim]] = {}
        for claim in sorted(lost, key=lambda claim: claim.sent):
            buyer = claim.first.buyer
            is_special = self.lane.limit is not None and (
                buyers[buyer] > 1 or claim.first.units > self.lane.limit
            )
            groups.setdefault((claim.first.units, buyer if is_special else ""), []).append(claim)
        return groups

    def _deadlines(self) -> list[int]:
        """By number: until when a claim must have been sent to have it."""
        found = [NEVER] * (self.last + 2)
        for number in range(self.last - 1, 0, -1):
            later = self.known.get(number + 1)
            found[number] = min(found[number + 1], later.ended if later else NEVER)
        return found

    def _window(self, event: Event) -> tuple[int, int]:
        """After which numbers it may have happened."""
        if event.after is not None:
            return event.after, event.after
        before = [n for n, claim in self.known.items() if claim.ended < event.since]
        behind = [
            n for n, claim in self.known.items() if event.until is not None and claim.sent > event.until
        ]
        return max(before, default=0), min(behind, default=self.last + 1) - 1

    def run(self, *, must_be_sold_out: bool) -> Violation | None:
        """None if some order explains all; else why the one that got furthest ended."""
        waiting: list[tuple[Walk, Action | None]] = [(Walk(0, State(self.lane.units)), None)]
        seen: set[object] = set()
        steps = 0
        while waiting:
            walk, action = waiting.pop()
            while action is None or self._do(walk, action):
                if walk.number == self.last and len(walk.happened) == len(self.lane.events):
                    if not must_be_sold_out or walk.state.lowest == 0:
                        return None
                    self._fail(walk, f"a deal ended as sold out, but {walk.state.lowest} units were left")
                    break
                steps += 1
                if steps > STEPS_MOST:
                    raise Undecided(f"no order found in {steps} steps; furthest: {self.furthest[1].sentence}")
                actions = self._actions(walk)
                if len(actions) > 1:
                    sign = walk.sign()
                    if sign in seen:
                        break
                    seen.add(sign)
                if not actions:
                    break
                waiting += [(walk.fork(), other) for other in reversed(actions[1:])]
                action = actions[0]
        return self.furthest[1]

    def _fail(self, walk: Walk, why: str, *claims: Claim) -> None:
        if walk.number > self.furthest[0]:
            self.furthest = (walk.number, Violation(why, tuple(one for c in claims for one in c.shown)))

    def _actions(self, walk: Walk) -> list[Action]:
        found = []
        is_due = False
        placed_before = False  # of events with a place, only the first that has not happened may be next
        for index, (lowest, highest) in enumerate(self.windows):
            if index in walk.happened:
                continue
            is_placed = self.lane.events[index].after is not None
            is_due = is_due or highest <= walk.number
            if lowest <= walk.number <= highest and not (is_placed and placed_before):
                found.append(Action(event=index))
            placed_before = placed_before or (is_placed and highest <= walk.number)
        if is_due or walk.number >= self.last:
            return found
        if walk.number + 1 in self.known:
            return [Action(), *found]
        return [*self._fillings(walk), *found]

    def _fillings(self, walk: Walk) -> list[Action]:
        number = walk.number + 1
        fitting = []
        for alike, claims in self.lost.items():
            used = walk.used.get(alike, 0)
            if used == len(claims) or claims[used].sent > self.deadlines[number]:
                continue
            likelihood, until = self._likelihood(walk, alike)
            if likelihood < 2 or self.holders:  # where nothing is given back, a contradiction stays one
                fitting.append((likelihood, until, claims[used].sent, alike))
        found = [
            Action(lost=alike, outcome=outcome)
            for *_, alike in sorted(fitting)
            for outcome in walk.state.outcomes(self.lane, _stranger(number, alike))
            if number not in self.holders or outcome in ("granted", "waiting")
        ]
        if not found:
            around = [self.known[n] for n in (number - 1, number + 1) if n in self.known]
            self._fail(walk, f"number {number} was given to nobody: no lost claim can have it", *around)
        return found

    def _likelihood(self, walk: Walk, alike: Alike) -> tuple[int, int]:
        """0 and until when: it explains why its buyer was over the limit. 2: it contradicts a later grant."""
        units, buyer = alike
        numbers = self.numbers_of.get(buyer, []) if self.lane.limit is not None else []
        free = (self.lane.limit or 0) - walk.state.held.get(buyer, 0)
        contradicts = 1
        if min(free, walk.state.left) < units:
            return 1, 0  # it takes nothing
        for number in numbers[bisect_right(numbers, walk.number) :]:
            later = self.known[number]
            assert later.told is not None
            if later.told["outcome"] == "over_limit" and free >= later.first.units and contradicts < 2:
                return 0, number
            if later.told["outcome"] == "granted":
                free -= later.first.units
                contradicts = 2 if free < units else contradicts
        return contradicts, 0

    def _do(self, walk: Walk, action: Action) -> bool:
        if action.event is not None:
            why = walk.state.happen(self.lane.events[action.event])
            if why:
                self._fail(walk, why)
                return False
            walk.happened |= {action.event}
            return True
        number = walk.number + 1
        if action.lost is not None:
            walk.used[action.lost] = walk.used.get(action.lost, 0) + 1
            walk.state.take(action.outcome, _stranger(number, action.lost))
        else:
            claim = self.known[number]
            want = Want(number, claim.first.buyer, claim.first.units)
            why = misfit(walk.state, self.lane, want, claim)
            if why:
                self._fail(walk, f"number {number} {why}", claim)
                return False
            assert claim.told is not None
            walk.state.take(str(claim.told["outcome"]), want)
        walk.number = number
        return True
