# SPDX-License-Identifier: Apache-2.0
"""Moments: what a span of time is for the people of a market. Facts alone; others say what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from silkcast.ground.places import Country

from . import calendar, prayers
from .prayers import Prayer
from .values import Hours, Market

ASLEEP = Hours(time(0, 30), time(7, 0))
PRAYER = timedelta(minutes=20)
"""How long people are away for one."""
FAST_BROKEN = (timedelta(minutes=-20), timedelta(minutes=45))
"""Round sunset in Ramadan: the way home, the prayer and the meal."""
STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Moment:
    """A span in a market's own time. The counts are of half hours: `steps` in all."""

    market: Country
    begins: datetime
    ends: datetime
    steps: int
    in_peak: int
    asleep: int
    holiday: str | None
    """Of the day it begins, as it is called there."""
    is_rest_day: bool
    is_ramadan: bool
    prayers: tuple[tuple[Prayer, datetime], ...]
    """Those that fall into it, in the market's own time."""
    iftar: datetime | None
    """When the fast is broken, if that falls into it."""


def about(of: Market, begins: datetime, length: timedelta) -> Moment:
    """What the span is there."""
    zone, habits = ZoneInfo(of.time_zone), of.calendar
    local, ends = begins.astimezone(zone), (begins + length).astimezone(zone)
    steps = [(begins + STEP * number).astimezone(zone) for number in range(max(1, length // STEP))]
    in_peak = [_is_peak(of, one) for one in steps]
    place = prayers.place_of(of.code)
    ramadan = calendar.is_ramadan(habits, local.date())
    called: tuple[tuple[Prayer, datetime], ...] = ()
    iftar = None
    if place is not None:
        today = prayers.times(place, local.date(), of.time_zone, is_ramadan=ramadan)
        called = tuple(
            (name, at.astimezone(zone)) for name, at in today if begins - PRAYER < at < begins + length
        )
        sunset = dict(today)["maghrib"]
        before, after = FAST_BROKEN
        if ramadan and sunset + before < ends and local < sunset + after:
            iftar = sunset
    return Moment(
        market=of.code,
        begins=local,
        ends=ends,
        steps=len(steps),
        in_peak=sum(in_peak),
        asleep=sum(ASLEEP.holds(one.time()) and not peak for one, peak in zip(steps, in_peak, strict=True)),
        holiday=calendar.holiday(habits, local.date()),
        is_rest_day=local.isoweekday() in habits.rest_days,
        is_ramadan=ramadan,
        prayers=called,
        iftar=iftar,
    )


def _is_peak(of: Market, local: datetime) -> bool:
    """By the day's own peak, or by that of the day before where it passes midnight."""
    hours = calendar.peak(of.calendar, local.date())
    if hours.begins > hours.ends and local.time() < hours.ends:
        hours = calendar.peak(of.calendar, local.date() - timedelta(days=1))
    return hours.holds(local.time())
