# SPDX-License-Identifier: Apache-2.0
"""What a notice says, and how figures and days read in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_currency

from silkcast.ground.money import Money

from .letters import LETTERS
from .values import Kind, Letter

Fact: TypeAlias = str | Money | date | tuple[date, date]


def said(fact: Fact, locale: Locale) -> str:
    """A figure, a day or a window of days as the language writes it."""
    if isinstance(fact, Money):
        return format_currency(fact.amount, fact.currency, locale=locale)
    if isinstance(fact, date):
        return format_date(fact, "long", locale=locale)
    if isinstance(fact, tuple):
        first, last = fact
        return said(first, locale) if first == last else format_interval(first, last, "MMMEd", locale=locale)
    return fact


def write(
    kind: Kind,
    to: str,
    language: str,
    facts: Mapping[str, Fact],
    *,
    say: Callable[[str], str],
    locale: Locale,
) -> Letter:
    """The letter of this kind, as `say` says it; every placeholder must be among `facts`."""
    subject, body = LETTERS[kind]
    told = {name: said(fact, locale) for name, fact in facts.items()}
    return Letter(
        to=to,
        language=language,
        subject=say(subject).format_map(told),
        body=say(body).format_map(told) + "\n",
    )
