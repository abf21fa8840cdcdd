# SPDX-License-Identifier: Apache-2.0
"""Calendars: which days are worked, which hours are for what. Holidays and the Hijri year come from libraries
that only know facts; both are large, and read when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .values import Calendar, Hours, Market

RAMADAN = 9


@lru_cache(maxsize=512)
def _holidays(place: str, part: str, year: int) -> Mapping[date, str]:
    if not place:
        return {}
    import holidays

    try:
        own = holidays.country_holidays(place).default_language  # else the machine's locale chooses
        found = holidays.country_holidays(place, subdiv=part or None, years=year, language=own)
    except NotImplementedError:
        return {}
    return {day: name for day, name in found.items() if day.year == year}


def knows(place: str, part: str) -> bool:
    """Whether there are holidays of this place at all."""
    import holidays

    known = holidays.list_supported_countries()
    return place in known and (not part or part in known[place])


def holiday(calendar: Calendar, day: date) -> str | None:
    """The public holiday of a day, by its name there; None on other days."""
    return _holidays(calendar.place, calendar.part, day.year).get(day)


def works(calendar: Calendar, day: date) -> bool:
    """A day on which parcels are handed over and delivered: no rest day and no public holiday."""
    return day.isoweekday() not in calendar.rest_days and holiday(calendar, day) is None


@dataclass(frozen=True, slots=True)
class Workdays:
    """A market's calendar for whoever counts working days."""

    time_zone: str
    calendar: Calendar

    def works(self, day: date) -> bool:
        return works(self.calendar, day)


@lru_cache(maxsize=2048)
def _is_ramadan(day: date) -> bool:
    from hijridate import Gregorian

    try:
        return bool(Gregorian(day.year, day.month, day.day).to_hijri().month == RAMADAN)
    except OverflowError:  # outside of the years its tables have
        return False


def is_ramadan(calendar: Calendar, day: date) -> bool:
    """By the calendar of Umm al-Qura; where the moon is sighted it may be a day off."""
    return calendar.has_ramadan and _is_ramadan(day)


def peak(calendar: Calendar, day: date) -> Hours:
    """When most people there watch; in Ramadan after the evening meal."""
    found = calendar.ramadan_peak if is_ramadan(calendar, day) else None
    return found or calendar.peak


def delivery(calendar: Calendar, day: date) -> Hours:
    """When parcels are brought to the door."""
    found = calendar.ramadan_delivery if is_ramadan(calendar, day) else None
    return found or calendar.delivery


def tell_at(market: Market, moment: datetime) -> datetime:
    """The first moment from this one on at which a message may be sent there."""
    local = moment.astimezone(ZoneInfo(market.time_zone))
    quiet = market.calendar.quiet
    if not quiet.holds(local.time()):
        return moment
    ends = local.replace(hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0)
    if ends <= local:
        ends += timedelta(days=1)
    return ends.astimezone(moment.tzinfo)
