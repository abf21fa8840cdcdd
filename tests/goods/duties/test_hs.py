# SPDX-License-Identifier: Apache-2.0
"""HS codes: those that exist, what they say, and which are suggested."""

from __future__ import annotations

import pytest

from silkcast.goods.duties import service as duties


@pytest.mark.parametrize("code", ["691110", "6911101500", "95030041"])
def test_a_code_exists_by_its_first_six_digits(code: str) -> None:
    assert duties.hs_exists(code)


@pytest.mark.parametrize("code", ["", "691", "69111", "691111", "999999", "69111O", "٦٩١١١٠", "69111010101"])
def test_what_is_no_code_does_not_exist(code: str) -> None:
    assert not duties.hs_exists(code)
    assert duties.hs_code(code) is None


def test_a_code_carries_its_text_and_edition() -> None:
    code = duties.hs_code("6911.10".replace(".", ""))
    assert code is not None
    assert code.edition == "HS 2022"
    assert "porcelain" in code.text.lower() or "porcelain" in code.heading.lower()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("porcelain tea cup", "691110"),
        ("LED table lamp", "940521"),
        ("wooden toy train", "950300"),
        ("scented candle", "340600"),
        ("steel vacuum flask", "961700"),
        ("leather handbag", "420221"),
        ("cotton towels", "630260"),
        ("Cotton T-shirt", "610910"),
        ("chess set", "950490"),
        ("silk scarf", "621410"),
        ("瓷茶杯", "691110"),
        ("真丝围巾", "621410"),
        ("竹筷", "441912"),
    ],
)
def test_the_right_code_is_among_the_first_five(text: str, code: str) -> None:
    assert code in [one.code for one in duties.hs_search(text, 5)]


def test_digits_find_the_codes_they_begin() -> None:
    assert {one.code for one in duties.hs_search("6911")} == {"691110", "691190"}


@pytest.mark.parametrize("text", ["", "   ", "qwertz", "'; DROP", "999"])
def test_what_fits_nothing_finds_nothing(text: str) -> None:
    assert duties.hs_search(text) == ()
