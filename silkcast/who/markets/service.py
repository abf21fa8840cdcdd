# SPDX-License-Identifier: Apache-2.0
"""The door of markets. They are data, read once: no question here waits for anything."""

from __future__ import annotations

from datetime import date

from silkcast.ground.language import Language, closest, liked
from silkcast.ground.places import Address

from . import addresses
from .errors import NoSuchMarket
from .reader import read_all
from .rules import preferred
from .values import FormField, Market


def market(code: str, on: date) -> Market:
    """The market as it is on a day."""
    for one in read_all():
        if one.code == code and one.holds(on):
            return one
    raise NoSuchMarket(code)


def markets(on: date) -> tuple[Market, ...]:
    """All markets of a day, by code."""
    return tuple(one for one in read_all() if one.holds(on))


def guess(accept_language: str, country_hint: str | None = None, *, on: date) -> Market:
    """The market a visitor most likely buys in: the hinted country if we sell there, else by the browser's
    languages. It is a guess: the page lets it be changed."""
    known = markets(on)
    for one in known:
        if country_hint and one.code == country_hint.upper():
            return one
    return preferred(accept_language, known)


def language(accept_language: str, of: Market) -> Language:
    """The language of the market that the browser likes best, else the market's own."""
    for tag in liked(accept_language):
        if (own := closest(tag, of.languages)) is not None:
            return own
    return of.default_language


def address_form(country: str) -> tuple[FormField, ...]:
    """The fields of an address in this country, in the order people there write them."""
    return addresses.form(country)


def check_address(address: Address, of: Market) -> Address:
    """The address and phone as the country writes them, or a refusal that names the field."""
    return addresses.check(address, of)
