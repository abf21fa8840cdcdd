# SPDX-License-Identifier: Apache-2.0
"""When a show is best begun: peaks, nights, fasting, experience, and the seller's other shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from silkcast.flows import timing
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

NOW = datetime(2026, 11, 26, 4, 10, tzinfo=UTC)
HOURS = timedelta(hours=2)
CODES = ("FR", "US", "SA", "BR", "JP", "ID", "HK", "SG")


def named(*codes: str) -> list[Market]:
    return [markets.market(code, NOW.date()) for code in codes]


def test_one_market_gets_its_evening() -> None:
    found = timing.best(NOW, HOURS, named("FR"), {}, {})
    hours = {one.begins.astimezone(ZoneInfo("Europe/Paris")).hour for one in found}
    assert len(found) == timing.MOST
    assert hours <= {19, 20, 21}
    assert all(one.moments[0].in_peak == 4 for one in found)


def test_the_best_come_first_apart_and_at_most_two_a_day() -> None:
    found = timing.best(NOW, HOURS, named("FR", "SA"), {}, {})
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    days = [one.begins.date() for one in found]
    assert max(days.count(day) for day in days) <= timing.A_DAY
    begun = sorted(one.begins for one in found)
    assert all(later - earlier >= timing.APART for earlier, later in pairwise(begun))


def test_a_market_with_more_weight_pulls_the_time_to_itself() -> None:
    far_apart = named("US", "JP")
    for_japan = timing.best(NOW, HOURS, far_apart, {"JP": 50, "US": 1}, {})[0]
    for_america = timing.best(NOW, HOURS, far_apart, {"JP": 1, "US": 50}, {})[0]
    assert for_japan.moments[1].in_peak >= 3
    assert for_america.moments[0].in_peak >= 3


def test_nobody_is_asked_while_the_fast_is_broken() -> None:
    in_ramadan = datetime(2027, 2, 14, 0, 0, tzinfo=UTC)
    found = timing.best(in_ramadan, HOURS, named("SA"), {}, {})
    assert found
    assert all(one.moments[0].iftar is None for one in found)


def test_the_hour_that_sold_before_counts_more() -> None:
    paris = named("FR")
    noon = {"FR": {12: 40, 20: 1}}
    at_noon = timing.look(datetime(2026, 11, 30, 11, 0, tzinfo=UTC), HOURS, paris, {}, noon)
    without = timing.look(datetime(2026, 11, 30, 11, 0, tzinfo=UTC), HOURS, paris, {}, {})
    assert at_noon.worth > without.worth


@settings(max_examples=25, deadline=None)
@given(
    codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True),
    hours=st.integers(0, 24 * 60),
    minutes=st.sampled_from([30, 60, 120, 240]),
)
def test_worth_is_between_nothing_and_a_little_over_one(codes: list[str], hours: int, minutes: int) -> None:
    begins = NOW + timedelta(hours=hours)
    found = timing.look(begins, timedelta(minutes=minutes), named(*codes), {}, {})
    assert 0 <= found.worth <= timing.FREE_DAY
    assert [one.market for one in found.moments] == codes
