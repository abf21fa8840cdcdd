# SPDX-License-Identifier: Apache-2.0
"""How findings and rulings make a verdict, and when a ruling may be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from silkcast.ground.places import Country

from .errors import BadUntil
from .values import Effect, Evidence, Finding, Goods, Match, Row, Ruling, Standing, Verdict

MOST_DAYS = 3 * 366
_HARDNESS: dict[Effect, int] = {"barred": 0, "papers": 1, "warn": 2}


def attributes_of(goods: Goods) -> frozenset[str]:
    """The attributes rows may name: `battery`, `origin:CN`."""
    found = {f"origin:{goods.origin}"}
    if goods.has_battery:
        found.add("battery")
    return frozenset(found)


def evidence_for(
    match: Match, goods: Goods, seen: Iterable[Evidence], keywords: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """All that speaks for what a row looks for."""
    found = [one for one in seen if one.category in match.categories]
    found += [Evidence("hs", prefix) for prefix in match.hs if goods.hs_code.startswith(prefix)]
    attributes = attributes_of(goods)
    found += [Evidence("attribute", one) for one in match.attributes if one in attributes]
    if match.has_keywords:
        found += keywords
    return tuple(found)


def find(row: Row, goods: Goods, seen: Collection[Evidence], keywords: Sequence[Evidence]) -> Finding | None:
    """What a row says of goods: `seen` by categories, `keywords` by words of the row itself.

    A word that stands in the description alone only warns, unless the row (or a claim) wants the whole text:
    a pan that "sears bacon" is no bacon.
    """
    if row.except_hs and goods.hs_code.startswith(row.except_hs):
        return None
    evidence = evidence_for(row.match, goods, seen, keywords)
    if not evidence:
        return None
    counted = evidence
    if row.only is not None:
        besides = evidence_for(row.only, goods, seen, ())
        if not besides:
            return None
        evidence += besides
    is_plain = row.what == "claim" or row.whole_text
    if not is_plain and all(one.where == "description" for one in counted):
        return Finding(row, "warn", evidence)
    return Finding(row, row.effect, evidence)


def judge(
    market: Country,
    findings: Iterable[Finding],
    rulings: Iterable[Ruling],
    digest: bytes,
    on: date,
) -> Verdict:
    """The verdict: the hardest finding, unless the newest ruling that still counts says otherwise."""
    ordered = tuple(sorted(findings, key=lambda one: _HARDNESS[one.effect]))
    standing: Standing = _standing(ordered)
    newest = max((one for one in rulings if one.until >= on), key=lambda one: one.at, default=None)
    if newest is None:
        return Verdict(market, standing, ordered)
    if newest.decision == "bar":
        return Verdict(market, "barred", ordered, newest)
    if newest.digest != digest:
        return Verdict(market, standing, ordered, outdated=newest)
    later = [one for one in ordered if one.code not in newest.rows]
    return Verdict(
        market, _standing(later), tuple(later) if _standing(later) != "admitted" else ordered, newest
    )


def _standing(findings: Sequence[Finding]) -> Standing:
    effects = {one.effect for one in findings}
    if "barred" in effects:
        return "barred"
    return "papers_needed" if "papers" in effects else "admitted"


def check_until(until: date, today: date) -> None:
    """Refuse a ruling that would be over already, or hold for longer than the law will stand."""
    most = today + timedelta(days=MOST_DAYS)
    if not today <= until <= most:
        raise BadUntil(most)
