# SPDX-License-Identifier: Apache-2.0
"""Parcels worked by hand for each market: the cases hold, and the house's own data says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from silkcast.goods.duties import packs
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.check import outcome
from silkcast.goods.duties.errors import NoExchangeRate, NoRules, NoSuchRules, OverLimit
from silkcast.goods.duties.reader.cases import Case, read_cases

HERE = Path(__file__).parent / "markets"
FILES = {path.stem.upper(): path for path in sorted(HERE.glob("*.yaml"))}


def cases(market: str) -> list[Case]:
    read = list(read_cases(FILES[market].read_bytes()))
    assert all(isinstance(case, Case) for case in read), [case for case in read if not isinstance(case, Case)]
    return [case for case in read if isinstance(case, Case)]


def house_says(market: str, case: Case) -> dict[str, object]:
    """What the house's rules of the day answer, with the case's own rates of exchange."""
    try:
        kept = duties.rules_for(market, case.as_of)
        rules = duties.rules_in(
            kept, case.rules.currency, decimals=case.rules.decimals, exchange=case.rules.exchange
        )
        return outcome(duties.landed_cost(rules, case.shipment, case.as_of))
    except OverLimit as refusal:
        return {"status": "refused", "code": refusal.limit}
    except (NoSuchRules, NoRules):
        return {"status": "refused", "code": "no_rules"}
    except NoExchangeRate:
        return {"status": "refused", "code": "no_rate"}


def test_every_market_has_cases_and_every_case_a_market() -> None:
    assert set(FILES) == set(duties.markets())


@pytest.mark.parametrize("market", FILES)
def test_the_cases_of_a_market_hold_by_the_rules_they_carry(market: str) -> None:
    lines = [checked.line for checked in duties.check(FILES[market].read_bytes()) if checked.outcome != "ok"]
    assert lines == []


@pytest.mark.parametrize("market", FILES)
def test_the_house_says_the_same(market: str) -> None:
    for case in cases(market):
        found = house_says(market, case)
        expected = dict(case.expected)
        parts, told = expected.pop("components", {}), found.pop("components", {})
        assert {key: found.get(key) for key in expected} == expected, case.id
        assert isinstance(told, dict)
        assert {name: amount for name, amount in told.items() if float(amount)} == {
            name: amount for name, amount in parts.items() if float(amount)
        }, case.id


@pytest.mark.parametrize("market", FILES)
def test_every_limit_of_a_market_is_met_by_a_case(market: str) -> None:
    limits = {limit.code for rules in packs.rule_sets(market) for limit in rules.limits}
    met = {case.expected.get("code") for case in cases(market)}
    assert limits <= met
