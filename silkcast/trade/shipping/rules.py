# SPDX-License-Identifier: Apache-2.0
"""Rules of shipping: prices from a sheet, promises from calendars, states from what happened. All pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight
from silkcast.trade.shipping.errors import NoService
from silkcast.trade.shipping.values import (
    Option,
    Packed,
    Piece,
    Promise,
    Rate,
    RateAsk,
    RateSheet,
    Route,
    Service,
    State,
    TrackEvent,
    Workdays,
)

FIRST_GRAMS = 500
EACH_GRAMS = 100
WRAPPING = Weight(60)

NO_DAYS: Mapping[Country, Workdays] = {}


@lru_cache(maxsize=64)
def _calendar(country: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    import holidays  # large: read with the first promise, or soon after the house has opened

    known = holidays.country_holidays(country, years=year)
    return frozenset(known.weekend), frozenset(known)


def works(country: str, day: date, days: Mapping[Country, Workdays] = NO_DAYS) -> bool:
    """Is it a day on which post and couriers hand over and deliver there? By the market's own calendar, else
    by the country's weekend and public holidays."""
    if (own := days.get(Country(country))) is not None:
        return own.works(day)
    weekend, free = _calendar(country, day.year)
    return day.weekday() not in weekend and day not in free


def next_working(country: str, day: date, days: Mapping[Country, Workdays] = NO_DAYS) -> date:
    while not works(country, day, days):
        day += timedelta(days=1)
    return day


def packed(pieces: Sequence[Piece]) -> Packed:
    """One box for all: laid on top of each other, the largest below. Plain, and never too small."""
    weight, length, width, height = WRAPPING, 1, 1, 0
    for piece in pieces:
        longest, middle, shortest = sorted(
            (piece.size.length_mm, piece.size.width_mm, piece.size.height_mm), reverse=True
        )
        weight += piece.weight * piece.units
        length, width = max(length, longest), max(width, middle)
        height += shortest * piece.units
    return Packed(weight, Size(length, width, max(height, 1)))


def chargeable(service: Service, weight: Weight, size: Size | None) -> Weight:
    if size is None or service.volumetric_divisor is None:
        return weight
    return max(weight, size.volumetric(service.volumetric_divisor))


def price(route: Route, weight: Weight, *, cod: bool = False) -> Money:
    """The first 500 g, then every 100 g begun, and the fee for cash where it is asked for."""
    over = max(0, weight.grams - FIRST_GRAMS)
    amount = route.first + route.each * -(-over // EACH_GRAMS)
    if cod and route.cod_fee is not None:
        amount = amount + route.cod_fee
    return amount


def hinders(service: Service, route: Route, ask: RateAsk) -> str | None:
    """Why this service will not take it, or None."""
    if ask.cod and route.cod_fee is None:
        return "cod"
    if ask.weight > service.max_weight:
        return "weight"
    if ask.size is None:
        return None
    longest, middle, shortest = sorted(
        (ask.size.length_mm, ask.size.width_mm, ask.size.height_mm), reverse=True
    )
    if longest > service.max_side_mm or longest + 2 * (middle + shortest) > service.max_girth_mm:
        return "size"
    return None


def rates(sheet: RateSheet, ask: RateAsk) -> tuple[Rate, ...]:
    """The services that take it, cheapest first. NoService says what hinders where none does."""
    found: list[Rate] = []
    why = "route"
    for route in sheet.ways.get((ask.origin, ask.destination), ()):
        if not (route.valid_from <= ask.on and (route.valid_to is None or ask.on <= route.valid_to)):
            why = "date" if why == "route" else why
            continue
        service = sheet.services[route.service]
        if (hindrance := hinders(service, route, ask)) is not None:
            why = hindrance
            continue
        found.append(_rate(sheet, service, route, ask))
    if not found:
        raise NoService(ask.destination, why)
    return tuple(sorted(found, key=lambda rate: (rate.price.minor, rate.days_max, rate.service)))


def _rate(sheet: RateSheet, service: Service, route: Route, ask: RateAsk) -> Rate:
    return Rate(
        carrier=sheet.carrier,
        service=service.code,
        name=service.name,
        price=price(route, chargeable(service, ask.weight, ask.size), cod=ask.cod),
        days_min=route.days_min,
        days_max=route.days_max,
        cutoff=service.cutoff,
        handling_days=service.handling_days,
        cod_ok=route.cod_fee is not None,
        features=service.features,
    )


def promise(
    rate: Rate,
    *,
    origin: Country,
    destination: Country,
    at: datetime,
    days: Mapping[Country, Workdays] = NO_DAYS,
) -> Promise:
    """From an order at `at`: the seller hands over on a working day at home, the parcel is under way every
    day of the week, and it is delivered on a working day at its goal."""
    home = days.get(origin)
    local = at.astimezone(ZoneInfo(home.time_zone if home else "UTC"))
    day = local.date()
    if local.time() > rate.cutoff:
        day += timedelta(days=1)
    day = next_working(origin, day, days)
    for _ in range(rate.handling_days):
        day = next_working(origin, day + timedelta(days=1), days)
    return Promise(
        next_working(destination, day + timedelta(days=rate.days_min), days),
        next_working(destination, day + timedelta(days=rate.days_max), days),
    )


def options(
    sheet: RateSheet, ask: RateAsk, *, at: datetime, days: Mapping[Country, Workdays] = NO_DAYS
) -> tuple[Option, ...]:
    """What a page shows: rates with their promises. Pure; some ten microseconds each."""
    return tuple(
        Option(
            carrier=rate.carrier,
            service=rate.service,
            name=rate.name,
            price=rate.price,
            promise=promise(rate, origin=ask.origin, destination=ask.destination, at=at, days=days),
            cod_ok=rate.cod_ok,
            features=rate.features,
        )
        for rate in rates(sheet, ask)
    )


_REACHED: dict[str, tuple[int, State]] = {
    "accepted": (0, "booked"),
    "picked_up": (1, "picked_up"),
    "export_hub": (1, "picked_up"),
    "export_cleared": (2, "exported"),
    "departed": (2, "exported"),
    "arrived": (3, "exported"),
    "import_held": (3, "exported"),
    "import_cleared": (4, "imported"),
    "delivery_office": (4, "imported"),
    "out_for_delivery": (5, "out"),
    "attempt_failed": (5, "failed"),
    "turned_back": (7, "returning"),
    "lost": (8, "lost"),
    "returned_to_sender": (9, "returned"),
    "cod_collected": (10, "delivered"),
    "delivered": (10, "delivered"),
}


def state_of(events: Iterable[TrackEvent], before: State = "booked") -> State:
    """The state a parcel is in, from the set of what happened: order and repeats change nothing.

    The farthest stage reached counts; within a stage (out, failed, out again) the later event does.
    """
    stages = [(_REACHED[event.step][0], event.at, event.id, _REACHED[event.step][1]) for event in events]
    return max(stages)[3] if stages else before


def delivered_at(events: Iterable[TrackEvent]) -> datetime | None:
    """The first moment somebody says it was handed over."""
    return min((event.at for event in events if event.step == "delivered"), default=None)


def kept(promise: Promise, delivered: datetime, timezone: str) -> bool:
    """Delivered by the last day promised, as the receiver's calendar shows it. Early is kept."""
    return delivered.astimezone(ZoneInfo(timezone)).date() <= promise.to_day


def days_late(promise: Promise, delivered: datetime, timezone: str) -> int:
    return max(0, (delivered.astimezone(ZoneInfo(timezone)).date() - promise.to_day).days)


_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10_check_digit(serial: str) -> str:
    """The check digit of an S10 item number over its eight digits."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return str({10: 0, 11: 5}.get(rest, rest))


def is_s10(number: str) -> bool:
    """Two letters, eight digits, their check digit, the country: RR123456785CN."""
    return (
        len(number) == 13
        and number.isascii()
        and number[:2].isalpha()
        and number[:2].isupper()
        and number[2:11].isdigit()
        and number[11:].isalpha()
        and number[11:].isupper()
        and s10_check_digit(number[2:10]) == number[10]
    )
