# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from silkcast.ground.scripts import is_foreign, is_same, is_written_in, script_of, source_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Hello", "Latn"),
        ("Đẹp quá", "Latn"),
        ("多少钱", "Hani"),
        ("これはいくら", "Jpan"),
        ("青磁の茶碗", "Jpan"),
        ("مرحبا", "Arab"),
        ("Привет", "Cyrl"),
        ("สวัสดี", "Thai"),
        ("안녕", "Hang"),
        ("CUP-12 多少钱啊啊啊", "Hani"),
        ("123 € 😀", ""),
        ("", ""),
    ],
)
def test_a_text_is_in_the_script_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "said", "reader", "is_for"),
    [
        ("Combien ?", "fr", "fr", False),
        ("Combien ?", "fr", "en", True),
        ("多少钱", "fr", "fr", True),  # Chinese from a French page
        ("多少钱", "fr", "zh", False),
        ("多少钱", "zh", "zh-Hant", True),
        ("多少钱", "zh", "ja", True),
        ("Quanto custa?", "pt", "pt-BR", False),
        ("+1 😀", "fr", "en", False),
        ("hello", "", "en", False),
        ("مرحبا", "", "en", True),
        ("สวัสดี", "en", "ar", True),
    ],
)
def test_what_a_reader_may_want_translated(text: str, said: str, reader: str, is_for: bool) -> None:
    assert is_foreign(text, said, reader) is is_for


def test_letters_speak_against_the_language_of_the_page() -> None:
    assert source_of("多少钱", "fr") is None
    assert source_of("多少钱", "ja") == "ja"
    assert source_of("Combien", "fr") == "fr"
    assert source_of("42", "th") == "th"
    assert source_of("hello", "") is None


def test_every_language_of_the_house_reads_its_own_letters() -> None:
    said = {"en": "cup", "zh": "茶杯", "zh-Hant": "茶壺", "fr": "tasse", "ar": "فنجان",
            "ru": "чашка", "id": "cangkir", "th": "ถ้วย", "vi": "tách",
            "ja": "湯のみ", "es": "taza", "pt-BR": "xícara"}  # fmt: skip
    assert all(is_written_in(text, language) for language, text in said.items())


def test_regions_do_not_part_languages_and_the_two_chineses_do() -> None:
    assert is_same("pt", "pt-BR")
    assert is_same("zh-TW", "zh-Hant")
    assert not is_same("zh", "zh-Hant")
