# SPDX-License-Identifier: Apache-2.0
"""Prayer times by the sun, by the angles a market's `prayers.toml` names.

A forecast for planning, within a few minutes of what the mosques there call; never a religious ruling.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import atan, degrees, radians, tan
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from silkcast.plumbing import packs

from .editions import fact
from .tables import Table, read
from .values import Fact

FILE = "prayers.toml"
Prayer = Literal["fajr", "dhuhr", "asr", "maghrib", "isha"]


@dataclass(frozen=True, slots=True)
class PrayerPlace:
    """The city that stands for a market, and how its times are reckoned."""

    place: str
    latitude: Decimal
    longitude: Decimal
    fajr_degrees: Decimal
    """How far the sun is below the horizon at dawn."""
    isha_degrees: Decimal | None
    isha_minutes: int
    """After sunset, where no angle is named."""
    isha_minutes_ramadan: int
    fact: Fact


def place_of(code: str) -> PrayerPlace | None:
    """Where a market's times are reckoned; None where it has no such file."""
    return _places(packs.folders()).get(code)


@lru_cache(maxsize=8)
def _places(folders: tuple[Path, ...]) -> dict[str, PrayerPlace]:
    return {code: read(path, _place) for code, path in packs.files(FILE).items()}


def _place(table: Table) -> PrayerPlace:
    by_angle = table.has("isha_degrees")
    made = PrayerPlace(
        place=table.text("place"),
        latitude=table.decimal("latitude"),
        longitude=table.decimal("longitude"),
        fajr_degrees=table.decimal("fajr_degrees"),
        isha_degrees=table.decimal("isha_degrees") if by_angle else None,
        isha_minutes=0 if by_angle else table.whole("isha_minutes"),
        isha_minutes_ramadan=0 if by_angle else table.whole("isha_minutes_ramadan"),
        fact=fact(table),
    )
    table.done()
    if abs(made.latitude) > 66 or abs(made.longitude) > 180:
        raise table.fault("there the sun does not rise and set every day", "latitude")
    return made


@lru_cache(maxsize=4096)
def times(
    at: PrayerPlace, day: date, time_zone: str, *, is_ramadan: bool
) -> tuple[tuple[Prayer, datetime], ...]:
    """The five prayers of a day there, by its own clock. The afternoon's begins where a shadow is longer than
    at noon by the height of what throws it."""
    from astral import Observer, SunDirection
    from astral.sun import dawn, dusk, elevation, noon, sunset, time_at_elevation

    seen, zone = Observer(float(at.latitude), float(at.longitude)), ZoneInfo(time_zone)

    def on(find: Callable[[date, ZoneInfo], datetime]) -> datetime:
        return _on_day(find, day, zone)

    midday = on(lambda one, here: noon(seen, one, here))
    shadow = 1 / tan(radians(elevation(seen, midday)))
    afternoon = degrees(atan(1 / (1 + shadow)))
    evening = on(lambda one, here: sunset(seen, one, here))
    if at.isha_degrees is not None:
        low = float(at.isha_degrees)
        night = on(lambda one, here: dusk(seen, one, low, here))
    else:
        night = evening + timedelta(minutes=at.isha_minutes_ramadan if is_ramadan else at.isha_minutes)
    setting = SunDirection.SETTING
    found: tuple[tuple[Prayer, datetime], ...] = (
        ("fajr", on(lambda one, here: dawn(seen, one, float(at.fajr_degrees), here))),
        ("dhuhr", midday),
        ("asr", on(lambda one, here: time_at_elevation(seen, afternoon, one, setting, here))),
        ("maghrib", evening),
        ("isha", night),
    )
    return found


def _on_day(find: Callable[[date, ZoneInfo], datetime], day: date, zone: ZoneInfo) -> datetime:
    """The moment on this day of the zone. On some days the library finds nothing, or the day beside it; then
    the day before tells it, to a minute."""
    for beside in (0, 1, -1):
        with suppress(ValueError):
            moment = find(day + timedelta(days=beside), zone)
            if moment.date() == day:
                return moment
    for before in (1, 2):
        with suppress(ValueError):
            moment = find(day - timedelta(days=before), zone)
            return datetime.combine(day, moment.timetz())
    raise ValueError(f"the sun does not tell on {day}")
