# SPDX-License-Identifier: Apache-2.0
"""Days that are worked, hours that are kept: by each market's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Hours, Market

TODAY = date(2026, 11, 22)
CODES = [market.code for market in markets.markets(TODAY)]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def of(code: str) -> Market:
    return markets.market(code, TODAY)


@pytest.mark.parametrize(
    ("code", "day", "is_worked"),
    [
        ("FR", date(2026, 7, 14), False),
        ("DE", date(2026, 7, 14), True),
        ("US", date(2026, 7, 3), False),
        ("JP", date(2026, 5, 5), False),
        ("SA", date(2026, 11, 27), False),
        ("SA", date(2026, 11, 29), True),
        ("SA", date(2026, 9, 23), False),
        ("AE", date(2026, 11, 27), True),
        ("GB", date(2026, 12, 28), False),
        ("BR", date(2026, 9, 7), False),
    ],
)
def test_no_parcel_is_brought_on_a_day_of_rest_or_a_public_holiday(
    code: str, day: date, is_worked: bool
) -> None:
    assert markets.works(of(code), day) is is_worked


def test_a_holiday_has_its_name_there() -> None:
    assert markets.holiday(of("FR"), date(2026, 7, 14)) == "Fête nationale"
    assert markets.holiday(of("FR"), date(2026, 7, 15)) is None


@pytest.mark.parametrize("code", CODES)
def test_every_market_has_holidays_and_works_most_days(code: str) -> None:
    year = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    assert any(markets.holiday(of(code), day) for day in year)
    assert sum(markets.works(of(code), day) for day in year) > 200


def test_ramadan_moves_the_evening_and_the_parcels() -> None:
    saudi, france = of("SA"), of("FR")
    before, within, after = date(2026, 2, 17), date(2026, 3, 1), date(2026, 3, 25)
    assert [markets.is_ramadan(saudi, day) for day in (before, within, after)] == [False, True, False]
    assert not markets.is_ramadan(france, within)
    assert markets.peak(saudi, before) == Hours(time(20), time(0))
    assert markets.peak(saudi, within) == Hours(time(21), time(2))
    assert markets.delivery_hours(saudi, within) == Hours(time(10), time(16))
    assert markets.delivery_hours(saudi, after) == Hours(time(9), time(21))
    assert markets.peak(france, within) == markets.peak(france, before)


def test_hours_may_pass_midnight() -> None:
    night = Hours(time(21), time(8))
    assert all(night.holds(time(hour)) for hour in (21, 23, 0, 7))
    assert not any(night.holds(time(hour)) for hour in (8, 12, 20))
    assert not Hours(time(9), time(18)).holds(time(18))


def test_nobody_is_told_anything_at_night() -> None:
    germany = of("DE")
    night = datetime(2026, 11, 22, 22, 15, tzinfo=UTC)
    assert markets.tell_at(germany, night) == datetime(2026, 11, 23, 7, tzinfo=UTC)
    noon = datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert markets.tell_at(germany, noon) == noon


@given(st.sampled_from(CODES), MOMENTS)
def test_a_message_waits_less_than_a_day_and_comes_outside_of_quiet_hours(
    code: str, moment: datetime
) -> None:
    market = of(code)
    told = markets.tell_at(market, moment)
    assert timedelta(0) <= told - moment < timedelta(days=1)
    local = told.astimezone(ZoneInfo(market.time_zone))
    assert not market.calendar.quiet.holds(local.time())
    assert markets.tell_at(market, told) == told
