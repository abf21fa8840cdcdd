# SPDX-License-Identifier: Apache-2.0
"""The field table: which fields an element has, in which order, of which type, and which it must have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from silkcast.trade.customs.errors import BadField, NoCustomsCode

Value = str | int | Decimal | None

_TYPE = re.compile(r"(?P<letter>[CN])(?P<low>\d+)?(?:\.\.(?P<high>\d+))?(?:,(?P<point>\d+))?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Text:
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Number:
    digits: int
    after_point: int


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    notation: str
    kind: Text | Number
    required: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Table:
    """The whole of `data/ceb_9610.yaml`."""

    edition: str
    namespace: str
    prefix: str
    version: str
    max_lines: int
    elements: Mapping[str, tuple[Field, ...]]
    messages: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, Mapping[str, str]]
    receipt_states: Mapping[str, Mapping[str, str]]
    jgs20: Mapping[str, Mapping[str, Mapping[str, str]]]


def read_type(notation: str) -> Text | Number:
    """`C36`, `C..60`, `C3..4`, `N19,5`, `N5`."""
    found = _TYPE.fullmatch(notation)
    if found is None:
        raise ValueError(f"no such type notation: {notation}")
    low, high, point = found["low"], found["high"], found["point"]
    if found["letter"] == "N":
        return Number(int(low), int(point or 0))
    return Text(int(low or 1), int(high or low))


def _field(given: Mapping[str, Any]) -> Field:
    notation = given["type"]
    return Field(given["name"], notation, read_type(notation), given["required"], given["zh"], given["en"])


@lru_cache(maxsize=1)
def table() -> Table:
    """The table as shipped with this edition."""
    given = yaml.safe_load(
        (resources.files("silkcast.trade.customs") / "data" / "ceb_9610.yaml").read_text("utf-8")
    )
    return Table(
        edition=given["edition"],
        namespace=given["namespace"],
        prefix=given["prefix"],
        version=given["version"],
        max_lines=given["max_lines"],
        elements={name: tuple(map(_field, fields)) for name, fields in given["elements"].items()},
        messages=given["messages"],
        codes=given["codes"],
        receipt_states=given["receipt_states"],
        jgs20=given["jgs20"],
    )


def code(of: str, value: str) -> str:
    """The JGS-20 code of a country, a currency, a unit, a way of transport or of packing. A unit may be
    given as its code of three digits: sellers know more units than our table."""
    if of == "units" and len(value) == 3 and value.isascii() and value.isdigit():
        return value
    entry = table().jgs20[of].get(value)
    if entry is None:
        raise NoCustomsCode(of, value)
    return entry["code"]


def has_code(of: str, value: str) -> bool:
    return value in table().jgs20[of]


def _number(document: str, field: Field, kind: Number, value: Value) -> str:
    try:
        number = Decimal(value if value is not None else "")
    except ArithmeticError:
        raise BadField(document, field.name, "not_a_number", field.notation) from None
    if not number.is_finite():
        raise BadField(document, field.name, "not_a_number", field.notation)
    if number < 0:
        raise BadField(document, field.name, "negative", field.notation)
    text = format(number.normalize() if number else Decimal(0), "f")
    whole, _, after = text.partition(".")
    if len(after) > kind.after_point or len(whole) > kind.digits - kind.after_point:
        raise BadField(document, field.name, "too_many_digits", field.notation)
    return text


def written(document: str, field: Field, value: Value) -> str | None:
    """The field's text, or None where it is left out. Refuses with the field's name."""
    if value is None or value == "":
        if field.required:
            raise BadField(document, field.name, "missing", field.notation)
        return None
    if isinstance(field.kind, Number):
        return _number(document, field, field.kind, value)
    text = str(value).strip()
    if not text and field.required:
        raise BadField(document, field.name, "missing", field.notation)
    if _NOT_XML.search(text):
        raise BadField(document, field.name, "forbidden_character", field.notation)
    if len(text) < field.kind.shortest:
        raise BadField(document, field.name, "too_short", field.notation)
    if len(text) > field.kind.longest:
        raise BadField(document, field.name, "too_long", field.notation)
    if (listed := table().codes.get(field.name)) is not None and text not in listed:
        raise BadField(document, field.name, "not_in_list", " ".join(listed))
    return text


def fill(document: str, element: str, values: Mapping[str, Value]) -> dict[str, str]:
    """The element's fields in the schema's order, each checked; those left out are not there."""
    fields = table().elements[element]
    unknown = values.keys() - {field.name for field in fields}
    assert not unknown, f"{element} has no {sorted(unknown)}"
    texts = ((field.name, written(document, field, values.get(field.name))) for field in fields)
    return {name: text for name, text in texts if text is not None}
