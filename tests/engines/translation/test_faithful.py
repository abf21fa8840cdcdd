# SPDX-License-Identifier: Apache-2.0
"""What must not change in a translation."""

from __future__ import annotations

import pytest

from silkcast.engines.translation.faithful import is_faithful


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("It costs 24.00 €", "Cela coûte 24,00 €"),
        ("It costs $1,234.50", "$1.234,50 kostet es"),
        ("1,000,000 sold", "已售1000000件"),
        ("size 38", "المقاس ٣٨"),
        ("CUP-12 in M", "M码的CUP-12"),
        ("USD 5 each", "5 USD pièce"),
        ("Hello {name}, %(count)s left", "{name}，还有%(count)s件"),
        ("see https://shop.example/a.", "voir https://shop.example/a !"),
        ("2nd cup, 5cm", "第2个杯子，5厘米"),
        ("0.125 l", "0,125 l"),
    ],
)
def test_the_same_in_other_words(source: str, made: str) -> None:
    assert is_faithful(source, made)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("It costs 24.00 €", "Cela coûte 2400 €"),
        ("It costs 24.00 €", "Cela coûte 14,00 €"),
        ("It costs 24 €", "Cela coûte 24 $"),
        ("USD 5 each", "5 CAD pièce"),
        ("CUP-12", "CUP-13"),
        ("code A7", "code B7"),
        ("Hello {name}", "Bonjour {nom}"),
        ("Hello", "Bonjour http://evil.example"),
        ("Hello", "Bonjour, écris à me@evil.example"),
        ("Hello", "Bonjour, code 50"),
        ("Hello", " "),
        ("Hello", "Bonjour " * 30),
    ],
)
def test_something_else_in_their_place(source: str, made: str) -> None:
    assert not is_faithful(source, made)
