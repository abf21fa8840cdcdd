# SPDX-License-Identifier: Apache-2.0
"""What the page of the glossary shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from silkcast.who.translations.values import Term


@dataclass(frozen=True, slots=True)
class GlossaryView:
    """studio/glossary.html: the shop's own words, those of the house beside them, and a form for one more."""

    terms: Sequence[Term]
    q: str
    next: str
    languages: Sequence[tuple[str, str]]
    house: Sequence[Term]
    saved: bool = False
    problem: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
