# SPDX-License-Identifier: Apache-2.0
"""Figures as the reader's language and market write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from silkcast.faces.format import Format, initials
from silkcast.ground.money import Money
from silkcast.ground.quantity import Weight

TODAY = date(2026, 11, 22)


def format_for(language: str, market: str, **more: str) -> Format:
    numerals = "arab" if language == "ar" and market == "SA" else "latn"
    return Format(language, market, today=TODAY, numerals=numerals, **more)


@pytest.mark.parametrize(
    ("language", "market", "amount", "currency", "written"),
    [
        ("en", "IE", "65.88", "EUR", "€65.88"),
        ("en", "FR", "65.88", "EUR", "€65.88"),
        ("fr", "FR", "65.88", "EUR", "65,88 €"),
        ("en", "US", "78.12", "USD", "$78.12"),
        ("en", "FR", "78.12", "USD", "US$78.12"),
        ("en", "SG", "92.00", "SGD", "$92.00"),
        ("en", "US", "92.00", "SGD", "SGD 92.00"),
        ("ja", "JP", "8450", "JPY", "￥8,450"),
        ("en", "KW", "12.345", "KWD", "KWD 12.345"),
        ("vi", "VN", "1690000", "VND", "1.690.000 ₫"),
        ("ar", "SA", "244.95", "SAR", "٢٤٤٫٩٥ ر.س"),
        ("ar", "SA", "1244.95", "SAR", "١٬٢٤٤٫٩٥ ر.س"),
        ("ar", "FR", "65.88", "EUR", "65.88 €"),
        ("en", "SA", "244.95", "SAR", "SAR 244.95"),
        ("zh", "FR", "318.40", "CNY", "CN¥318.40"),
        ("zh", "CN", "318.40", "CNY", "¥318.40"),
        ("en", "FR", "-5.00", "EUR", "−€5.00"),
    ],
)
def test_money_is_whole_and_unmistakable(
    language: str, market: str, amount: str, currency: str, written: str
) -> None:
    text = format_for(language, market).money_text(Money.of(amount, currency))

    assert text.replace("\u00a0", " ").replace("\u202f", " ") == written


def test_money_does_not_break_and_does_not_turn() -> None:
    made = format_for("en", "IE").money(Money.of("65.88", "EUR"))

    assert made == '<bdi class="money">€65.88</bdi>'


def test_digits_are_never_mixed() -> None:
    arabic = format_for("ar", "SA")
    latin = Format("ar", "SA", today=TODAY, numerals="latn")

    assert arabic.number_text(1204) == "١٬٢٠٤"
    assert latin.number_text(1204) == "1,204"
    assert latin.money_text(Money.of("1244.95", "SAR")).replace("\u00a0", " ") == "1,244.95 ر.س"


@pytest.mark.parametrize(
    ("language", "market", "count", "written"),
    [
        ("en", "FR", 9999, "9,999"),
        ("en", "FR", 12_418, "12.4K"),
        ("zh", "CN", 12_418, "1.2万"),
        ("ar", "SA", 18_234, "١٨٫٢ ألف"),
    ],
)
def test_counts_are_in_full_to_9999(language: str, market: str, count: int, written: str) -> None:
    assert format_for(language, market).compact_text(count).replace("\u00a0", " ") == written


def test_a_promise_is_a_window_of_dates() -> None:
    english, french, arabic = (
        format_for("en", "FR"),
        format_for("fr", "FR"),
        format_for("ar", "SA"),
    )

    assert english.window_text(date(2026, 12, 2), date(2026, 12, 5)) == "Wed 2 – Sat 5 Dec"
    assert english.window_text(date(2026, 11, 30), date(2026, 12, 3)) == "Mon 30 Nov – Thu 3 Dec"
    assert english.window_text(date(2026, 12, 2), date(2026, 12, 2)) == "Wed 2 Dec"
    assert french.window_text(date(2026, 12, 2), date(2026, 12, 5)) == "mer. 2 – sam. 5 déc."
    assert "٢" in arabic.window_text(date(2026, 12, 2), date(2026, 12, 5))


def test_a_far_date_has_its_year() -> None:
    english = format_for("en", "FR")

    assert english.day_text(date(2026, 12, 2)) == "Wed 2 Dec"
    assert english.day_text(date(2028, 12, 2)) == "Sat 2 Dec 2028"


def test_times_are_the_readers_zone() -> None:
    paris = format_for("en", "FR", timezone="Europe/Paris")

    assert paris.moment_text(datetime(2026, 11, 22, 18, 42, tzinfo=UTC)) == "Sun 22 Nov, 19:42"
    assert paris.day_text(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == "Mon 23 Nov"


def test_small_figures() -> None:
    english, arabic = format_for("en", "FR"), format_for("ar", "SA")

    assert str(english.percent(Decimal("0.155"))) == '<bdi class="count">15.5%</bdi>'
    assert str(arabic.percent(Decimal("0.15"))) == '<bdi class="count">١٥٪</bdi>'
    assert "0.92\u00a0kg" in english.weight(Weight(920))
    assert "04:37" in english.clock(277)
    assert "1:02:03" in english.clock(3723)
    assert "٠٤:٣٧" in arabic.clock(277)


def test_initials() -> None:
    assert initials("Camille Moreau") == "CM"
    assert initials("梅") == "梅"
    assert initials("") == "·"
