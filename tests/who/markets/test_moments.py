# SPDX-License-Identifier: Apache-2.0
"""Prayer times by the sun, and what a span of time is for the people of a market."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.plumbing import packs
from silkcast.plumbing.packs import PackSettings
from silkcast.who.markets import prayers
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BrokenMarket

WITH_PRAYERS = ("AE", "ID", "MY", "SA", "TR")


def local(code: str, day: date, *, is_ramadan: bool = False) -> dict[str, str]:
    place = prayers.place_of(code)
    assert place is not None
    zone = markets.market(code, day).time_zone
    found = prayers.times(place, day, zone, is_ramadan=is_ramadan)
    return {name: at.strftime("%H:%M") for name, at in found}


def test_riyadh_on_a_day_in_november() -> None:
    """Near what the sun does: solar noon 11:40, sunset 17:04 (worked out from the equation of time)."""
    found = local("SA", date(2026, 11, 26))
    assert found["dhuhr"] == "11:40"
    assert found["maghrib"] == "17:03"
    assert found["isha"] == "18:33", "ninety minutes after sunset"
    assert local("SA", date(2026, 11, 26), is_ramadan=True)["isha"] == "19:03"


@pytest.mark.parametrize("code", WITH_PRAYERS)
@given(day=st.dates(date(2026, 1, 1), date(2031, 12, 31)))
def test_the_five_follow_each_other_on_every_day(code: str, day: date) -> None:
    place = prayers.place_of(code)
    assert place is not None
    zone = markets.market(code, day).time_zone
    found = [at for _, at in prayers.times(place, day, zone, is_ramadan=False)]
    assert found == sorted(found)
    assert {at.date() for at in found} == {day}
    assert found[-1] - found[0] < timedelta(hours=20)


def test_no_day_of_six_years_is_without_its_prayers() -> None:
    """On a few of them the library alone finds no dawn in Dubai."""
    place, day = prayers.place_of("AE"), date(2026, 1, 1)
    assert place is not None
    while day < date(2032, 1, 1):
        found = [at for _, at in prayers.times(place, day, "Asia/Dubai", is_ramadan=False)]
        assert found == sorted(found)
        assert {at.date() for at in found} == {day}
        day += timedelta(days=1)


def test_a_market_without_a_file_has_none() -> None:
    assert prayers.place_of("FR") is None
    assert markets.moment(markets.market("FR", date(2026, 11, 26)), NOON, HOURS).prayers == ()


NOON, HOURS = datetime(2026, 11, 26, 14, 0, tzinfo=UTC), timedelta(hours=2)


def test_a_span_tells_peak_night_and_holidays() -> None:
    evening = datetime(2026, 12, 25, 19, 0, tzinfo=UTC)
    paris = markets.moment(markets.market("FR", evening.date()), evening, HOURS)
    tokyo = markets.moment(markets.market("JP", evening.date()), evening, HOURS)
    assert paris.in_peak == paris.steps == 4
    assert paris.holiday == "Noël"
    assert tokyo.asleep == 4
    assert tokyo.begins.strftime("%a %H:%M") == "Sat 04:00"


def test_the_fast_is_broken_at_sunset_in_ramadan_only() -> None:
    saudi = markets.market("SA", date(2027, 2, 15))
    fasting = datetime(2027, 2, 15, 14, 0, tzinfo=UTC)
    found = markets.moment(saudi, fasting, HOURS)
    assert found.is_ramadan
    assert found.iftar is not None
    assert found.iftar.strftime("%H:%M") == "17:47"
    assert markets.moment(saudi, fasting - timedelta(hours=4), HOURS).iftar is None
    after = markets.moment(saudi, fasting + timedelta(days=40), HOURS)
    assert not after.is_ramadan
    assert after.iftar is None
    assert "maghrib" in dict(after.prayers)


def test_the_peak_of_yesterday_passes_midnight() -> None:
    saudi = markets.market("SA", date(2027, 2, 15))
    late = datetime(2027, 2, 15, 22, 0, tzinfo=UTC)  # 01:00 there, in Ramadan a peak until 02:00
    assert markets.moment(saudi, late, timedelta(hours=1)).in_peak == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('latitude = "24.7136"', 'latitude = "78.2"'),
        ("fajr_degrees", "fajr"),
        ('"18.5"', "18.5"),
        ("place", "town"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    text = packs.files(prayers.FILE)["SA"].read_text()
    assert old in text
    (tmp_path / "sa").mkdir()
    (tmp_path / "sa" / prayers.FILE).write_text(text.replace(old, new))
    packs.use(PackSettings(tmp_path))
    try:
        with pytest.raises(BrokenMarket) as refused:
            prayers.place_of("SA")
    finally:
        packs.use(PackSettings())
    assert "sa/prayers.toml" in str(refused.value.__dict__.values())
