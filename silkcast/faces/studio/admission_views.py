# SPDX-License-Identifier: Apache-2.0
"""What the studio's templates are given about where a product may be sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from silkcast.goods.admission.values import Appeal, Verdict
from silkcast.goods.catalog.values import Product


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One market in the list of a product."""

    market: str
    standing: str
    words: str
    colour: str
    reason: str
    href: str
    until: date | None = None
    """Until when a person's decision holds."""
    is_outdated: bool = False


@dataclass(frozen=True, slots=True)
class FindingView:
    """One row that speaks for the product, in words."""

    code: str
    effect: str
    reason: str
    papers: Sequence[str]
    law: str
    source: str
    mark: str
    found: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AdmissionPage:
    """studio/admission.html"""

    product: Product
    row: StandingRow
    verdict: Verdict
    findings: Sequence[FindingView]
    appeals: Sequence[Appeal]
    may_appeal: bool
    problem: str = ""
