# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from silkcast.goods.admission import values as own


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of the market's barred goods that speaks for the product. `effect`: barred, papers or warn."""

    code: str
    effect: str
    reason: str
    papers: list[str]
    law: str
    source: str
    mark: str
    matched: list[str]
    """The words, codes or attributes it was found by."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the product stands in a market. `standing`: admitted, papers_needed or barred."""

    market: str
    standing: str
    decided_until: date | None
    """Until when a person's decision holds, if one does."""
    is_outdated: bool
    """It was admitted before it was changed."""
    findings: list[Finding]

    @classmethod
    def of(cls, verdict: own.Verdict) -> "Standing":
        return cls(
            market=verdict.market,
            standing=verdict.standing,
            decided_until=verdict.ruling.until if verdict.ruling else None,
            is_outdated=verdict.outdated is not None,
            findings=[
                Finding(
                    code=one.code,
                    effect=one.effect,
                    reason=one.row.reason,
                    papers=list(one.row.papers),
                    law=one.row.law,
                    source=one.row.source,
                    mark=one.row.mark,
                    matched=list(dict.fromkeys(found.matched for found in one.evidence)),
                )
                for one in verdict.findings
            ],
        )


@dataclass(frozen=True, slots=True)
class StandingList:
    items: list[Standing]


@dataclass(frozen=True, slots=True)
class NewAppeal:
    """Why the product may be sold in the market, for a person to decide."""

    market: str
    words: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """`state`: open, admitted or refused."""

    id: UUID
    product: UUID
    market: str
    rows: list[str]
    words: str
    state: str
    asked_at: datetime
    answer: str
    until: date | None

    @classmethod
    def of(cls, appeal: own.Appeal) -> "Appeal":
        return cls(
            id=appeal.id,
            product=appeal.product,
            market=appeal.market,
            rows=list(appeal.rows),
            words=appeal.words,
            state=appeal.state,
            asked_at=appeal.asked_at,
            answer=appeal.answer,
            until=appeal.until,
        )


@dataclass(frozen=True, slots=True)
class AppealList:
    items: list[Appeal]
    next: str | None
