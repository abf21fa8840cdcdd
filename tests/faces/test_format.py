# SPDX-License-Identifier: Apache-2.0
"""Figures as the reader's language and market write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from silkcast.faces.format import Format, initials
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Size, Weight

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
        ("zh-Hant", "HK", "92.00", "HKD", "HK$92.00"),
        ("zh-Hant", "TW", "1200", "TWD", "$1,200"),
        ("zh", "HK", "92.00", "HKD", "HK$92.00"),
        ("es", "MX", "1234.50", "MXN", "$1,234.50"),
        ("es", "MX", "78.12", "USD", "USD 78.12"),
        ("pt-BR", "BR", "1234.50", "BRL", "R$ 1.234,50"),
        ("ru", "RU", "1234.50", "RUB", "1 234,50 ₽"),
        ("id", "ID", "150000", "IDR", "Rp150.000"),
        ("id", "ID", "150000.50", "IDR", "Rp150.000,50"),
        ("th", "TH", "1234.50", "THB", "฿1,234.50"),
        ("ar", "KW", "12.345", "KWD", "12.345 د.ك."),
        ("ko", "KR", "8450", "KRW", "₩8,450"),
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


EIGHT = datetime(2026, 11, 26, 19, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "market", "written"),
    [
        ("en", "US", "Thu, Nov 26, 7:05 PM"),
        ("zh", "CN", "11月26日周四 19:05"),
        ("zh-Hant", "TW", "11月26日 週四 晚上7:05"),
        ("es", "MX", "jue 26 de nov, 7:05 p.m."),
        ("pt-BR", "BR", "qui., 26 de nov. 19:05"),
        ("ru", "RU", "чт, 26 нояб., 19:05"),
        ("id", "ID", "Kam, 26 Nov 19.05"),
        ("th", "TH", "พฤ. 26 พ.ย. 19:05"),
        ("vi", "VN", "19:05 Th 5, 26 thg 11"),
        ("ja", "JP", "11月26日(木) 19:05"),
    ],
)
def test_a_moment_is_written_by_the_locale(language: str, market: str, written: str) -> None:
    text = format_for(language, market).moment_text(EIGHT)

    assert text.replace("\u00a0", " ").replace("\u202f", " ") == written


def test_a_thai_year_is_the_one_on_the_papers() -> None:
    """Bank, customs and carrier count from Christ's birth; a bare 2028 is no year of the Buddha."""
    assert format_for("th", "TH").day_text(date(2028, 12, 2)).endswith("2028")


@pytest.mark.parametrize(
    ("language", "numerals", "written"),
    [("th", "thai", "๑,๒๐๔"), ("ar", "arab", "١٬٢٠٤"), ("ja", "latn", "1,204")],
)
def test_digits_are_those_of_the_visit(language: str, numerals: str, written: str) -> None:
    made = Format(language, "TH", today=TODAY, numerals=numerals)  # type: ignore[arg-type]

    assert made.number_text(1204) == written
    assert made.day_number(date(2026, 11, 22)).isdigit()


@pytest.mark.parametrize(
    ("language", "days", "written"),
    [
        ("en", 1, "1 day"),
        ("ar", 2, "يومان"),
        ("ar", 5, "5 أيام"),
        ("ru", 21, "21 день"),
        ("ru", 3, "3 дня"),
        ("ja", 3, "3 日"),
        ("zh-Hant", 3, "3 天"),
    ],
)
def test_days_are_counted_in_the_languages_forms(language: str, days: int, written: str) -> None:
    assert format_for(language, "FR").days_text(days) == written


def test_lists_are_joined_as_the_language_does() -> None:
    three = ["A", "B", "C"]

    assert format_for("en", "FR").list_text(three) == "A, B and C"
    assert format_for("en", "US").list_text(three) == "A, B, and C"
    assert format_for("zh", "SG").list_text(three) == "A、B和C"
    assert format_for("es", "MX").list_text(three[:2]) == "A y B"
    assert format_for("en", "FR").list_text([]) == ""


def test_measures() -> None:
    assert "0,92\u00a0кг" in format_for("ru", "RU").weight(Weight(920))
    assert "12.5\u00a0cm" in format_for("en", "FR").length(125)
    assert (format_for("ru", "RU").unit("g"), format_for("en", "US").unit("mm")) == ("г", "mm")
    assert ">30 × 20 × 12.5\u00a0cm<" in format_for("en", "FR").size(Size(300, 200, 125))


def test_an_address_is_printed_for_its_post_and_names_the_country_to_others() -> None:
    home = Address(Country("FR"), "Camille <M>", "12 rue Mercière", "Lyon", "69002")

    assert format_for("fr", "FR").address(home) == (
        '<span class="post"><bdi>Camille &lt;M&gt;</bdi><br><bdi>12 rue Mercière</bdi><br>'
        "<bdi>69002 Lyon</bdi></span>"
    )
    assert format_for("en", "SG").address_text(home) == "12 rue Mercière, 69002 Lyon, France"


def test_a_name_stays_as_it_was_written() -> None:
    assert format_for("en", "VN").person("Nguyễn  Văn An") == '<bdi class="person">Nguyễn Văn An</bdi>'
    assert format_for("en", "ID").person("Sukarno") == '<bdi class="person">Sukarno</bdi>'
    assert initials("Sukarno") == "S"


@pytest.mark.parametrize("language", ["zh", "zh-Hant"])
def test_a_language_is_named_apart_from_its_sister(language: str) -> None:
    names = {Format(language, "SG", today=TODAY).language_here(tag) for tag in ("zh", "zh-Hant")}

    assert len(names) == 2
    assert format_for("en", "SG").language_name("zh-Hant") == "繁體中文"
