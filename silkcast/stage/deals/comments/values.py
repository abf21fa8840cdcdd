# SPDX-License-Identifier: Apache-2.0
"""What a comment is read against, and what it is read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from silkcast.ground.ids import VariantId

Rule = Literal[
    "claim", "want", "plus", "self", "please", "code and units", "option and units", "units", "code"
]
"""What made an order of it, strongest first."""

Reason = Literal[
    "empty",
    "too long",
    "question",
    "negation",
    "hypothetical",
    "past",
    "others",
    "interest",
    "quoted",
    "number",
    "too many",
    "not offered",
    "unclear",
    "talk",
]


@dataclass(frozen=True, slots=True)
class Offered:
    """A variant that can be ordered by comment just now.

    `codes` is how people call it: `A12`, `7`, or its price where the market says that (`CF 499`). Variants of
    one product may share a code. `options` has each option's words by language: `{"colour": {"en": "Red"}}`.
    """

    variant: VariantId
    codes: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    variant: VariantId
    units: int


@dataclass(frozen=True, slots=True)
class Ask:
    """So many of one of these: which?"""

    candidates: tuple[VariantId, ...]
    units: int


@dataclass(frozen=True, slots=True)
class Order:
    lines: tuple[Line, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class WhichVariant:
    """An order that fits several variants. `lines` is what is clear already."""

    asks: tuple[Ask, ...]
    lines: tuple[Line, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Takes back what was ordered: of these variants, or of any if none is named."""

    variants: tuple[VariantId, ...]


@dataclass(frozen=True, slots=True)
class NoOrder:
    reason: Reason


Reading = Order | WhichVariant | Cancellation | NoOrder
