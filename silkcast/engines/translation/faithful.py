# SPDX-License-Identifier: Apache-2.0
"""Faithful: whether a machine's text keeps what must not change.

What it was given was written by strangers, and may be made to turn a machine's head: a price, a code or a
link that the original has not is no translation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

_NUMBER = re.compile(r"\d+(?:[.,٫٬'’\u00a0\u202f]\d+)*")
_HOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+|[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*")
_MONEY = re.compile(r"[$€£¥₽₫฿₹₩﷼]|(?:R\$)")
_CURRENCY = re.compile(r"(?<![A-Za-z])([A-Z]{3})\s?(?=\d)|(?<=\d)\s?([A-Z]{3})(?![A-Za-z])")
_LONGER = 6


def is_faithful(source: str, made: str) -> bool:
    """Numbers, amounts, codes, links and placeholders are those of the source, and it did not grow wild."""
    if not made.strip() or len(made) > _LONGER * len(source) + 40:
        return False
    return all(
        Counter(kept(source)) == Counter(kept(made)) for kept in (_numbers, _holders, _links, _codes, _money)
    )


def _numbers(text: str) -> Iterator[Decimal]:
    for found in _NUMBER.finditer(_LINK.sub(" ", text)):
        yield _value(found[0])


def _value(written: str) -> Decimal:
    """1,234.50 and 1.234,50 and ١٬٢٣٤٫٥ are one number; three digits after a single mark are thousands."""
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in written)
    parts = re.split(r"[^0-9]", plain)
    marks = re.findall(r"[^0-9]", plain)
    if not marks:
        return Decimal(plain)
    is_decimal = marks[-1] == "٫" or (
        (len(parts[-1]) != 3 or parts[0] == "0") and (len(marks) == 1 or marks[-1] not in marks[:-1])
    )
    if is_decimal:
        return Decimal(f"{''.join(parts[:-1])}.{parts[-1]}").normalize()
    return Decimal("".join(parts)).normalize()


def _holders(text: str) -> list[str]:
    return _HOLDER.findall(text)


def _links(text: str) -> list[str]:
    return [link.rstrip(".,;:!?)。，！？") for link in _LINK.findall(text)]


def _codes(text: str) -> list[str]:
    """Words of capitals with figures in them, as goods are called: CUP-12, A7."""
    return [
        code
        for code in _CODE.findall(_LINK.sub(" ", text))
        if any(sign.isdigit() for sign in code) and any(sign.isupper() for sign in code)
        and not _is_amount(code)
    ]  # fmt: skip


def _is_amount(code: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{3}\d+|\d+[A-Z]{3}|R?\d+", code))


def _money(text: str) -> list[str]:
    named = [before or after for before, after in _CURRENCY.findall(text)]
    return [*_MONEY.findall(text), *named]
