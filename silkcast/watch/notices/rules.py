# SPDX-License-Identifier: Apache-2.0
"""Which words a notice has, and how figures and days read in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import TypeAlias

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_currency

from silkcast.ground.money import Money

from .values import Kind, Letter

Fact: TypeAlias = str | Money | date | tuple[date, date]


@cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words of a language, by kind; English where a language is not spoken here."""
    folder = resources.files(__package__) / "words"
    page = folder / f"{language.split('-')[0]}.toml"
    if not page.is_file():
        page = folder / "en.toml"
    return tomllib.loads(page.read_text("utf-8"))


def said(fact: Fact, language: str) -> str:
    """A figure, a day or a window of days as the language writes it."""
    locale = Locale.parse(language.replace("-", "_"))
    if isinstance(fact, Money):
        return format_currency(fact.amount, fact.currency, locale=locale)
    if isinstance(fact, date):
        return format_date(fact, "long", locale=locale)
    if isinstance(fact, tuple):
        first, last = fact
        return (
            said(first, language) if first == last else format_interval(first, last, "MMMEd", locale=locale)
        )
    return fact


def write(kind: Kind, to: str, language: str, facts: Mapping[str, Fact]) -> Letter:
    """The letter of this kind; every placeholder must be among `facts`."""
    sheet = words(language).get(kind) or words("en")[kind]
    told = {name: said(fact, language) for name, fact in facts.items()}
    return Letter(
        to=to,
        language=language,
        subject=sheet["subject"].format_map(told),
        body=sheet["body"].strip().format_map(told) + "\n",
    )
