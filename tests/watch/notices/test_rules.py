# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import string
from datetime import date

import pytest
from babel import Locale

from silkcast.ground.money import Currency, Money
from silkcast.plumbing import tongues
from silkcast.plumbing.catalogs import catalog, cldr
from silkcast.watch.notices import rules
from silkcast.watch.notices.letters import LETTERS
from silkcast.watch.notices.values import Letter


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def code_in(language: str) -> Letter:
    facts = {"code": "123456", "minutes": "10"}
    return rules.write(
        "code",
        "mei@example.test",
        language,
        facts,
        say=catalog(language).gettext,
        locale=cldr(language),
    )


@pytest.mark.parametrize("language", tongues.spoken())
def test_every_language_says_the_same_with_the_same_facts(language: str) -> None:
    say = catalog(language).gettext

    for kind, (subject, body) in LETTERS.items():
        assert placeholders(say(body)) == placeholders(body), kind
        assert placeholders(say(subject)) == placeholders(subject), kind


def test_a_letter_is_in_the_readers_language() -> None:
    assert code_in("fr").subject != code_in("en").subject
    assert code_in("fr").body.count("123456") == 1


def test_a_letter_does_not_show_itself_in_logs() -> None:
    letter = code_in("en")

    assert letter.subject == "123456 is your Silkcast code"
    assert "mei" not in repr(letter)
    assert "123456" not in repr(letter)


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [
        ("en", "¥1,980", "November 26, 2026"),
        ("ja", "￥1,980", "2026年11月26日"),
        ("ru", "1 980 ¥", "26 ноября 2026 г."),
    ],
)
def test_figures_and_days_are_written_as_the_language_does(language: str, amount: str, day: str) -> None:
    locale = Locale.parse(language)

    plain = str.maketrans({"\xa0": " ", "\u202f": " "})

    assert rules.said(Money.of("1980", Currency("JPY")), locale).translate(plain) == amount
    assert rules.said(date(2026, 11, 26), locale).translate(plain) == day
