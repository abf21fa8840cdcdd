# SPDX-License-Identifier: Apache-2.0
"""The door of markets. They are data, read once: no question here waits for anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from silkcast.ground.language import ENGLISH, Language
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.plumbing import tongues

from . import addresses, atlas, calendar, fitting, moments, numbers
from .calendar import Workdays
from .errors import NoSuchMarket
from .moments import Moment
from .rules import spoken
from .values import Body, FormField, Hours, Market, RecipientNumber, SizeFit, SizeTable


def market(code: str, on: date) -> Market:
    """The market as it is on a day."""
    for one in atlas.kept().editions.get(code, ()):
        if one.holds(on):
            return one
    raise NoSuchMarket(code)


def markets(on: date) -> tuple[Market, ...]:
    """All markets of a day, by code."""
    return atlas.kept().on(on)


def guess(accept_language: str, country_hint: str | None = None, *, on: date) -> Market:
    """The market a visitor most likely buys in: the hinted country if we sell there, else by the browser's
    languages. It is a guess: the page lets it be changed."""
    return atlas.kept().guess(accept_language, (country_hint or "").upper(), on)


def language(accept_language: str, of: Market) -> Language:
    """The language of the market that the browser likes best, else the market's own."""
    return spoken(accept_language, of)


def page_language(of: Market) -> Language:
    """The first of the market's languages that pages are written in; English where none is."""
    return next((page for own in of.languages if (page := tongues.nearest(own)) is not None), ENGLISH)


def read_again() -> bool:
    """Read the files anew if one of them changed, all of them or none: a fault is `BrokenMarket`, and what
    was read before stays. Whether anything changed."""
    return atlas.read_again()


def check() -> int:
    """Read every file now, so that a fault is told before the doors open. How many markets there are."""
    return len(atlas.kept().editions)


def address_form(country: str) -> tuple[FormField, ...]:
    """The fields of an address in this country, in the order people there write them."""
    return addresses.form(country)


def check_address(address: Address, of: Market) -> Address:
    """The address and phone as the country writes them, or a refusal that names the field."""
    return addresses.check(address, of)


def works(of: Market, day: date) -> bool:
    """Whether parcels are handed over and delivered there on this day."""
    return calendar.works(of.calendar, day)


def workdays(codes: Iterable[str], on: date) -> dict[Country, Workdays]:
    """The calendars of those of these countries that are markets."""
    known = atlas.kept().calendars(on)
    return {Country(code): known[code] for code in codes if code in known}


def holiday(of: Market, day: date) -> str | None:
    """The public holiday of a day, as it is called there."""
    return calendar.holiday(of.calendar, day)


def is_ramadan(of: Market, day: date) -> bool:
    return calendar.is_ramadan(of.calendar, day)


def peak(of: Market, day: date) -> Hours:
    """When most people there watch, in the market's own time."""
    return calendar.peak(of.calendar, day)


def delivery_hours(of: Market, day: date) -> Hours:
    """When parcels are brought to the door, in the market's own time."""
    return calendar.delivery(of.calendar, day)


def moment(of: Market, begins: datetime, length: timedelta) -> Moment:
    """What a span of time is for the people there: peak, night, holiday, prayers, breaking of the fast."""
    return moments.about(of, begins, length)


def tell_at(of: Market, moment: datetime) -> datetime:
    """The first moment from this one on that is not in the market's quiet hours."""
    return calendar.tell_at(of, moment)


def least_prices(of: Market, hs_code: str) -> tuple[Money, ...]:
    """What the law lets nobody go under for a unit of these goods, in the money the law says it in."""
    return tuple(one.least for one in of.least_prices if hs_code.startswith(one.hs))


def recipient_number(of: Market, code: str) -> RecipientNumber:
    """What kind of number this is; a refusal if the market does not ask for it."""
    return numbers.find(of, code)


def check_recipient_number(asked: RecipientNumber, text: str) -> str:
    """The number as it is written down, or a refusal that does not say the number."""
    return numbers.check(asked, text)


def check_recipient_numbers(of: Market, given: Mapping[str, str], goods: Money) -> dict[str, str]:
    """What the receiver gave, by the numbers' codes: checked, and complete for goods of this worth."""
    return numbers.check_all(of, given, goods)


def size_tables(of: Market, kind: str) -> tuple[SizeTable, ...]:
    """The tables its people know, the most usual system first."""
    known = atlas.kept().sizes
    return tuple(table for system in of.sizes for table in known[system.upper()] if table.kind == kind)


def size_for(measure: Mapping[Body, Decimal], of: Market, kind: str) -> SizeFit:
    """The market's size for a body in centimetres: one that fits, two it lies between, or none."""
    for table in size_tables(of, kind):
        return fitting.size_for(measure, table)
    return fitting.NONE


def size_elsewhere(size: str, of: Market, kind: str, there: Market) -> SizeFit:
    """What somebody who wears this size here wears there, by the body it is cut for."""
    for own in size_tables(of, kind):
        for other in size_tables(there, kind):
            return fitting.same_body(size, own, other)
    return fitting.NONE
