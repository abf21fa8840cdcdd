# SPDX-License-Identifier: Apache-2.0
"""A sale as it should be: claims one after the other, each with its moment, and requests that overlap.

A second, plainer model than the checker's: it walks over lists, and writes the history a crowd would see.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

from bench.checker import Asked, Event, Lane
from bench.checker.history import STATUS

DEAL, VARIANT = "deal", "cup"
PLACE = (DEAL, VARIANT)
STEP = 100
"""From one claim's moment to the next."""


@dataclass
class Sale:
    """What a test draws, and the history that comes of it."""

    seed: int
    claims: int = 30
    units: int = 10
    limit: int | None = None
    waitlist: bool = False
    many_units: bool = False
    lost: float = 0.0
    twice: float = 0.0
    busy: float = 0.0
    changes: float = 0.0
    """The share of claims after which something else happens to the lane."""
    are_placed: bool = True
    spread: int = 8
    """So many steps a request may be under way before and after its moment."""

    history: list[Asked] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    record: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.left = self.units
        self.holders: list[tuple[int, str, int]] = []
        self.waiters: list[tuple[int, str, int]] = []
        number = 0
        for turn in range(1, self.claims + 1):
            moment = turn * STEP
            if self.chance.random() < self.busy:
                told = {"outcome": "busy", "place": 2_001}
                self.history.append(self._asked(moment, f"b{turn}", f"k{turn}", 1, told))
                continue
            number += 1
            self._claim(number, moment)
            if self.chance.random() < self.changes:
                self._change(number, moment + STEP // 2)

    @property
    def lane(self) -> Lane:
        return Lane(self.units, self.limit, self.waitlist, events=tuple(self.events))

    def _asked(self, moment: int, buyer: str, key: str, units: int, told: dict[str, Any]) -> Asked:
        before, behind = (self.chance.randrange(1, self.spread * STEP) for _ in "12")
        status = STATUS[told["outcome"]]
        return Asked(moment - before, moment + behind, buyer, key, DEAL, VARIANT, units, status, told)

    def _claim(self, number: int, moment: int) -> None:
        buyer = f"b{self.chance.randrange(self.claims // 3 + 1) if self.limit else number}"
        units = self.chance.randrange(1, 4) if self.many_units else 1
        told = self._tell(number, buyer, units)
        key = f"k-{number}"
        self.record[buyer, key] = told
        one = self._asked(moment, buyer, key, units, told)
        is_lost = self.chance.random() < self.lost
        self.history.append(replace(one, answered=None, status=0, told={}) if is_lost else one)
        if self.chance.random() < self.twice:
            again = self._asked(moment, buyer, key, units, told)
            later = self.chance.randrange(3) * STEP
            assert again.answered is not None
            self.history.append(replace(again, sent=again.sent + later, answered=again.answered + later))

    def _tell(self, number: int, buyer: str, units: int) -> dict[str, Any]:
        had = sum(held for _, owner, held in self.holders if owner == buyer)
        if self.limit is not None and had + units > self.limit:
            return {"outcome": "over_limit", "number": number}
        if units <= self.left:
            self.left -= units
            self.holders.append((number, buyer, units))
            return {"outcome": "granted", "claim": f"c{number}", "number": number, "left": self.left}
        if self.waitlist:
            self.waiters.append((number, buyer, units))
            place = len(self.waiters)
            return {"outcome": "waiting", "claim": f"c{number}", "number": number, "place": place}
        return {"outcome": "sold_out", "number": number}

    def _change(self, number: int, moment: int) -> None:
        where: dict[str, Any] = {"since": moment - 2 * STEP, "until": moment + 2 * STEP}
        if self.are_placed:
            where = {"after": number}
        kind = self.chance.choice(("topped_up", "freed", "left"))
        if kind == "left" and self.waiters:
            gone = self.waiters.pop(self.chance.randrange(len(self.waiters)))
            self.events.append(Event("left", number=gone[0], **where))
        elif kind == "freed" and self.holders:
            gone = self.holders.pop(self.chance.randrange(len(self.holders)))
            self.left += gone[2]
            self.events.append(Event("freed", number=gone[0], **where))
        else:
            self.left += 2
            self.events.append(Event("topped_up", units=2, **where))
        while self.waiters and self.waiters[0][2] <= self.left:
            served = self.waiters.pop(0)
            self.left -= served[2]
            self.holders.append(served)
