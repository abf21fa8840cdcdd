# SPDX-License-Identifier: Apache-2.0
"""Which states follow which, and which orders add up."""

from __future__ import annotations

from typing import Any

import pytest

from silkcast.ground.money import Currency, Money
from silkcast.trade.orders import rules
from silkcast.trade.orders.errors import BadOrder
from tests.trade.orders.build import line, new_order


def test_an_order_that_adds_up_is_taken() -> None:
    rules.check(new_order())


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"lines": ()}, "lines", "empty"),
        ({"lines": (line(units=0),)}, "lines", "units"),
        ({"lines": (line(units=1), line(units=1))}, "lines", "variant_twice"),
        ({"currency": Currency("USD")}, "currency", "mixed"),
        ({"lines": (line(price="12.49"),)}, "price_lines", "goods_differ"),
        ({"total": Money.of("39.47", "EUR")}, "total", "sum_differs"),
        ({"due_at_door": Money.of("0.01", "EUR")}, "due_at_door", "sum_differs"),
    ],
)
def test_an_order_that_does_not_add_up_is_refused(changes: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(BadOrder) as refused:
        rules.check(new_order(**changes))

    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_from_every_state_but_the_last_one_can_go_on_and_none_leads_back() -> None:
    for state in rules.STATES:
        assert rules.NEXT[state] or state == "refunded"
        assert state not in rules.NEXT[state]
        assert "held" not in rules.NEXT[state]
    assert rules.sources("shipped") == {"declared"}
