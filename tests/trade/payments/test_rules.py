# SPDX-License-Identifier: Apache-2.0
"""Joining news gives the same in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.money import Money
from silkcast.trade.payments import rules
from silkcast.trade.payments.rules import Standing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
money = st.one_of(st.none(), st.integers(0, 500).map(lambda minor: Money.from_minor(minor, "EUR")))
standings = st.builds(
    Standing,
    status=st.sampled_from(sorted(rules.RANK)),
    paid=money,
    fee=money,
    reason=st.sampled_from(["", "declined", "insufficient"]),
    reason_at=st.one_of(st.none(), st.integers(0, 5).map(lambda s: NOON + timedelta(seconds=s))),
)


@given(standings, standings, standings)
def test_joining_is_associative_commutative_and_idempotent(a: Standing, b: Standing, c: Standing) -> None:
    assert rules.join(a, b) == rules.join(b, a)
    assert rules.join(rules.join(a, b), c) == rules.join(a, rules.join(b, c))
    assert rules.join(a, a) == a


def test_what_succeeded_stays_so_whatever_comes_later() -> None:
    heard = [Standing(status) for status in rules.RANK]

    ends = {reduce(rules.join, order).status for order in permutations(heard)}

    assert ends == {"succeeded"}


def test_a_refund_counts_as_on_its_way_then_as_gone_then_not_at_all() -> None:
    five, none = Money.of("5", "EUR"), Money.zero("EUR")

    assert rules.refund_sums("created", five) == (none, five)
    assert rules.refund_sums("pending", five) == (none, five)
    assert rules.refund_sums("succeeded", five) == (five, none)
    assert rules.refund_sums("failed", five) == (none, none)
    assert rules.join_refund("succeeded", "pending") == "succeeded"
    assert rules.join_refund("succeeded", "failed") == "failed"
