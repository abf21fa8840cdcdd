# SPDX-License-Identifier: Apache-2.0
"""The model: a lane after so many claims, what it would tell the next one, and why an answer does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.checker.facts import Event, Lane
from bench.checker.history import Claim


@dataclass(frozen=True, slots=True)
class Want:
    number: int
    buyer: str
    units: int


class State:
    """Units left, who holds some, who waits; in the order of numbers."""

    __slots__ = ("held", "holding", "left", "line", "lowest", "mark")

    def __init__(self, units: int) -> None:
        self.left = self.lowest = units
        self.holding: dict[int, Want] = {}
        self.held: dict[str, int] = {}
        self.line: dict[int, Want] = {}
        self.mark = 0
        """Equal for equal holders and waiters, so that a state met before is known again."""

    def copy(self) -> State:
        other = State(self.left)
        other.holding, other.held = self.holding.copy(), self.held.copy()
        other.line, other.mark, other.lowest = self.line.copy(), self.mark, self.lowest
        return other

    def grant(self, want: Want) -> None:
        self.left -= want.units
        self.lowest = min(self.lowest, self.left)
        self.holding[want.number] = want
        self.held[want.buyer] = self.held.get(want.buyer, 0) + want.units
        self.mark ^= hash(("holds", want))

    def give_back(self, number: int) -> None:
        want = self.holding.pop(number)
        self.left += want.units
        self.held[want.buyer] -= want.units
        self.mark ^= hash(("holds", want))

    def join(self, want: Want) -> None:
        self.line[want.number] = want
        self.mark ^= hash(("waits", want))

    def leave(self, number: int) -> Want:
        want = self.line.pop(number)
        self.mark ^= hash(("waits", want))
        return want

    def serve(self) -> None:
        """Units go to the head of the line, as far as they suffice."""
        while self.line and self.left >= next(iter(self.line.values())).units:
            self.grant(self.leave(next(iter(self.line))))

    def over_limit(self, lane: Lane, want: Want) -> bool:
        return lane.limit is not None and self.held.get(want.buyer, 0) + want.units > lane.limit

    def is_short(self, lane: Lane, want: Want) -> bool:
        return self.left < want.units or (lane.line_first and bool(self.line))

    def may_join(self, lane: Lane) -> bool:
        return lane.waitlist and (lane.line_most is None or len(self.line) < lane.line_most)

    def outcomes(self, lane: Lane, want: Want) -> list[str]:
        """What the lane may tell: one outcome, or two where a limit and an empty lane both forbid."""
        found = ["over_limit"] if self.over_limit(lane, want) else []
        if self.is_short(lane, want):
            found.append("waiting" if self.may_join(lane) else "sold_out")
        return found or ["granted"]

    def take(self, outcome: str, want: Want) -> None:
        if outcome == "granted":
            self.grant(want)
        if outcome == "waiting":
            self.join(want)

    def happen(self, event: Event) -> str | None:
        """Lets an event happen; why it cannot, if so."""
        if event.kind == "freed":
            assert event.number is not None
            if event.number not in self.holding:
                return f"number {event.number} gave units back, but held none"
            self.give_back(event.number)
        elif event.kind == "left":
            assert event.number is not None
            if event.number not in self.line:
                return f"number {event.number} left the line, but was not in it"
            self.leave(event.number)
        elif event.kind == "withdrawn" and event.units > self.left:
            return f"{event.units} units were withdrawn, but {self.left} were left"
        else:
            self.left += event.units if event.kind == "topped_up" else -event.units
        self.serve()
        return None


def misfit(state: State, lane: Lane, want: Want, claim: Claim) -> str | None:
    """Why the lane in this state would not have told this claim what it was told."""
    assert claim.told is not None
    outcome = str(claim.told["outcome"])
    possible = state.outcomes(lane, want)
    if outcome not in possible:
        return f"was told {outcome}, but {_reason(state, lane, want)}: it must be {' or '.join(possible)}"
    if outcome == "granted" and not _is_told(claim, "left", state.left - want.units):
        return f"was told that {claim.told.get('left')} are left, but it is {state.left - want.units}"
    place = len(state.line) + 1
    if outcome == "waiting" and not _is_told(claim, "place", place):
        return f"was told place {claim.told.get('place')} in line, but it is {place}"
    return None


def _is_told(claim: Claim, name: str, value: int) -> bool:
    """Whether an attempt was told so. Another attempt may have come later and been told how it stood then; or
    not at all, where the first answer was lost."""
    answers: Iterable[object] = [one.told.get(name) for one in claim.numbered]
    if value in answers or not claim.numbered:
        return True
    return any(one.is_lost for one in claim.attempts) and all(answer is None for answer in answers)


def _reason(state: State, lane: Lane, want: Want) -> str:
    if state.over_limit(lane, want):
        return f"the buyer held {state.held.get(want.buyer, 0)} of at most {lane.limit}"
    if state.is_short(lane, want):
        waiting = f" and {len(state.line)} wait" if lane.waitlist else ""
        return f"{state.left} were left for its {want.units}{waiting}"
    return f"{state.left} were left for its {want.units} and no limit was in its way"
