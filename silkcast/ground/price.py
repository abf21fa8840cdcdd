# SPDX-License-Identifier: Apache-2.0
"""Price: one line of what a buyer pays, and why. One value from the quote to the order and its return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .money import Money

LineKind = Literal["goods", "freight", "insurance", "duty", "excise", "tax", "fee"]
CollectedAt = Literal["checkout", "door"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to an amount: a code, figures and names; the face makes a sentence of them.

    `when.*` and `word.*` say why a rule held, `base` what was added up, the others what it asked.
    """

    code: str
    facts: Mapping[str, str]
    rule: str = ""
    mark: str = ""
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PriceLine:
    """An amount and its reason. Words are the face's: it turns `code` and `facts` into a sentence."""

    kind: LineKind
    amount: Money
    code: str
    """Which sentence explains it: `goods.line`, `duty.rate`, `duty.none`."""
    collected_at: CollectedAt = "checkout"
    rule: str = ""
    """The rule that set it, by its own name."""
    rate: str = ""
    """The rate as the rule writes it: `20 %`, `3.00 EUR each`."""
    base: Money | None = None
    valid_from: date | None = None
    source: str = ""
    mark: str = ""
    """How far the rule is to be trusted: verified, knowledge, example, ours."""
    facts: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    """How the amount came about, rule by rule; kept with the order as it was."""
