# SPDX-License-Identifier: Apache-2.0
"""The history: requests and answers as they were recorded, and the claims they belong to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NEVER = 1 << 62
"""When a lost answer came, for comparing."""

STATUS = {
    "granted": 201,
    "waiting": 202,
    "sold_out": 409,
    "over_limit": 409,
    "not_running": 409,
    "key_reused": 409,
    "busy": 503,
}
NUMBERED = ("granted", "waiting", "sold_out", "over_limit")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and what came of it. Times are nanoseconds of one clock."""

    sent: int
    answered: int | None
    buyer: str
    key: str
    deal: str
    variant: str
    units: int
    status: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        return str(self.told.get("outcome", ""))

    @property
    def is_lost(self) -> bool:
        """Nobody knows whether it happened: no answer, or an answer that the house broke down."""
        return self.answered is None or (self.status >= 500 and self.outcome != "busy")

    @property
    def has_number(self) -> bool:
        return not self.is_lost and self.outcome in NUMBERED

    def __str__(self) -> str:
        answer = f"{self.status} {json.dumps(dict(self.told))}" if self.answered is not None else "no answer"
        when = f"{self.sent}..{self.answered if self.answered is not None else ''}"
        return f"[{when}] buyer {self.buyer} key {self.key} wants {self.units} of {self.variant}: {answer}"


@dataclass(frozen=True, slots=True)
class Claim:
    """All requests of one buyer with one key for one thing: they are one claim."""

    attempts: tuple[Asked, ...]
    told: Mapping[str, Any] | None
    """The outcome, where any attempt or the house's record gave one."""
    sent: int
    """It cannot have happened earlier,"""
    ended: int
    """nor later."""

    @property
    def first(self) -> Asked:
        return self.attempts[0]

    @property
    def numbered(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.attempts if one.has_number)

    @property
    def number(self) -> int:
        assert self.told is not None
        return int(self.told["number"])

    @property
    def shown(self) -> tuple[Asked, ...]:
        """The requests to show for it."""
        return self.numbered[:1] or self.attempts[:1]


def claims_of(history: Iterable[Asked]) -> list[Claim]:
    """Claims that happened or may have; those that were refused without a trace are none."""
    together: dict[tuple[str, str, str, str, int], list[Asked]] = {}
    for one in history:
        if one.is_lost or one.has_number:
            same = (one.deal, one.variant, one.buyer, one.key, one.units)
            together.setdefault(same, []).append(one)
    found = []
    for attempts in together.values():
        numbered = [one for one in attempts if one.has_number]
        ended = min((one.answered for one in numbered if one.answered is not None), default=NEVER)
        told = numbered[0].told if numbered else None
        found.append(Claim(tuple(attempts), told, min(one.sent for one in attempts), ended))
    return found


def read(file: Path | str) -> list[Asked]:
    """A history as the crowd writes it (`bench/crowd`, --history): one JSON object a line."""
    history = []
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        kept = json.loads(line)
        try:
            told = json.loads(kept["body"] or "{}")
        except json.JSONDecodeError:
            told = {}
        history.append(
            Asked(
                kept["sent"],
                kept["answered"] or None,
                kept["buyer"],
                kept["key"],
                kept["deal"],
                kept["variant"],
                kept["units"],
                kept["status"],
                told if isinstance(told, dict) else {},
            )
        )
    return history
