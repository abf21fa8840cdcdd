# SPDX-License-Identifier: Apache-2.0
"""Addresses as each country writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from silkcast.ground.places import Address, Country
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BadAddress, BadPhone, OtherCountry

TODAY = date(2026, 11, 22)
HOMES = {
    "FR": Address(
        Country("FR"), "Léa Martin", "3 rue des Lilas", "Lyon", postcode="69003", phone="06 12 34 56 78"
    ),
    "US": Address(
        Country("US"),
        "Ann Lee",
        "12 Oak Street",
        "Chicago",
        postcode="60601",
        region="IL",
        phone="(312) 555-0123",
    ),
    "SA": Address(
        Country("SA"), "نورة علي", "22 King Fahd Road", "Riyadh", postcode="12211", phone="0512345678"
    ),
    "SG": Address(
        Country("SG"), "Tan Wei", "8 Orchard Road", "Singapore", postcode="238823", phone="8123 4567"
    ),
}


def fields(code: str) -> dict[str, bool]:
    return {field.name: field.is_required for field in markets.address_form(code)}


@pytest.mark.parametrize("code", HOMES)
def test_a_good_address_is_kept_and_its_phone_is_written_out(code: str) -> None:
    market = markets.market(code, TODAY)

    kept = markets.check_address(HOMES[code], market)

    assert kept.phone.startswith(market.phone_prefix)
    assert kept.postcode == HOMES[code].postcode
    assert markets.check_address(kept, market) == kept, "twice is once"


def test_each_country_has_its_own_form() -> None:
    assert {"postcode", "city", "street", "name"} <= {name for name, needed in fields("FR").items() if needed}
    assert fields("US")["region"], "a state"
    assert "region" not in fields("SG")
    assert fields("SG")["postcode"]
    states = next(field for field in markets.address_form("US") if field.name == "region")
    assert ("IL", "Illinois") in states.choices
    assert "region" not in fields("FR")


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("FR", {"postcode": "6900"}, "postcode"),
        ("FR", {"postcode": ""}, "postcode"),
        ("FR", {"city": " "}, "city"),
        ("FR", {"name": " "}, "name"),
        ("FR", {"street": "x" * 121}, "street"),
        ("US", {"postcode": "ABCDE"}, "postcode"),
        ("US", {"region": "ZZ"}, "region"),
        ("US", {"region": ""}, "region"),
        ("SG", {"postcode": "99"}, "postcode"),
    ],
)
def test_the_field_that_is_wrong_is_named(code: str, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadAddress) as refused:
        markets.check_address(replace(HOMES[code], **changes), markets.market(code, TODAY))

    assert refused.value.field == field


def test_an_address_of_another_country_is_another_price() -> None:
    with pytest.raises(OtherCountry):
        markets.check_address(HOMES["FR"], markets.market("US", TODAY))


@pytest.mark.parametrize("phone", ["", "12", "+33", "call me", "+1 312 555 01", "06 12 34 56 78 90 12"])
def test_a_phone_that_cannot_ring(phone: str) -> None:
    with pytest.raises(BadPhone):
        markets.check_address(replace(HOMES["FR"], phone=phone), markets.market("FR", TODAY))


def test_a_foreign_phone_is_a_phone() -> None:
    kept = markets.check_address(replace(HOMES["FR"], phone="+65 8123 4567"), markets.market("FR", TODAY))

    assert kept.phone == "+6581234567"
