# SPDX-License-Identifier: Apache-2.0
"""The CN23: what the post abroad must be able to read, checked before it is printed."""

from __future__ import annotations

import unicodedata

from silkcast.ground.places import CITY_STATES, Address
from silkcast.trade.customs.errors import BadField, Disagree
from silkcast.trade.customs.values import CN23, Content

MAX_KINDS = 15
MAX_TEXT = 60
VAGUE = frozenset(
    "accessories accessory clothes clothing electronics garment gift gifts goods items merchandise other "
    "parts present products sample samples stuff things".split()
)
"""Words that say nothing; customs abroad sends parcels back for them."""


def _latin(text: str) -> bool:
    return all(not char.isalpha() or "LATIN" in unicodedata.name(char, "") for char in text)


def _content(number: int, content: Content) -> None:
    field = f"contents.{number}"
    words = {word.strip(".,;:'\"()").lower() for word in content.text.split()}
    if not words:
        raise BadField("CN23", f"{field}.text", "missing")
    if words <= VAGUE:
        raise BadField("CN23", f"{field}.text", "vague")
    if len(content.text) > MAX_TEXT:
        raise BadField("CN23", f"{field}.text", "too_long", str(MAX_TEXT))
    if not _latin(content.text):
        raise BadField("CN23", f"{field}.text", "not_latin")
    digits = content.hs_code.replace(".", "")
    if not digits.isascii() or not digits.isdigit():
        raise BadField("CN23", f"{field}.hs_code", "not_a_number", "6..10")
    if len(digits) < 6:
        raise BadField("CN23", f"{field}.hs_code", "too_short", "6..10")
    if len(digits) > 10:
        raise BadField("CN23", f"{field}.hs_code", "too_long", "6..10")
    if content.units < 1 or content.net.grams < 1:
        raise BadField("CN23", f"{field}.units" if content.units < 1 else f"{field}.net", "missing")


def _party(name: str, address: Address, must: tuple[str, ...]) -> None:
    for field in must:
        if not getattr(address, field).strip():
            raise BadField("CN23", f"{name}.{field}", "missing")


def check(form: CN23) -> CN23:
    """The form itself when it may be printed; else a refusal that names the field."""
    _party("sender", form.sender, ("name", "street", "city", "phone"))
    is_town = form.addressee.country in CITY_STATES
    _party("addressee", form.addressee, ("name", "street") if is_town else ("name", "street", "city"))
    if not form.contents:
        raise BadField("CN23", "contents", "missing")
    if len(form.contents) > MAX_KINDS:
        raise BadField("CN23", "contents", "too_long", str(MAX_KINDS))
    for number, content in enumerate(form.contents, start=1):
        _content(number, content)
        if content.value.currency != form.contents[0].value.currency:
            raise Disagree("currency", content.value.currency, form.contents[0].value.currency)
    if form.net > form.gross:
        raise Disagree("net", f"{form.net.grams} g", f"{form.gross.grams} g")
    return form
