# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.stage.chat import rules
from silkcast.stage.chat.errors import NothingSaid, TooFast, TooLong

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Does the lid stay on?", None),
        ("cheaper at http://example.test/x", "link"),
        ("see my-shop.com", "link"),
        ("call 138 0013 8000", "phone"),
        ("٠٥٥١٢٣٤٥٦٧", "phone"),
        ("size 42, 2 pieces", None),
        ("this is FAKE", "word"),
    ],
)
def test_what_the_host_looks_at_first(text: str, reason: str | None) -> None:
    assert rules.hold_reason(text, words=("fake",), recent=()) == reason


def test_the_same_line_a_third_time_is_held() -> None:
    said = ["buy from me instead"] * 2

    assert rules.hold_reason("Buy from me instead", words=(), recent=said) == "repeat"
    assert rules.hold_reason("mine", words=(), recent=["mine"] * 4) is None


def test_direction_overrides_are_taken_out() -> None:
    assert rules.clean("abc\u202edef\u0007 \n g") == "abcdef g"


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NothingSaid):
        rules.clean(" \u200b ")
    with pytest.raises(TooLong):
        rules.clean("x" * 201)


@given(st.text(max_size=300))
def test_a_cleaned_line_stays_as_it_is(text: str) -> None:
    try:
        line = rules.clean(text)
    except (NothingSaid, TooLong):
        return
    assert rules.clean(line) == line


def test_the_sixth_line_in_ten_seconds_waits() -> None:
    five = [NOON - timedelta(seconds=second) for second in (9, 7, 5, 3, 1)]

    with pytest.raises(TooFast) as refusal:
        rules.check_pace(five, NOON)

    assert refusal.value.retry_seconds == 1
    rules.check_pace(five[1:], NOON)


@pytest.mark.parametrize(
    ("text", "language"),
    [("أريده", "ar"), ("要 2 M", "zh"), ("欲しいです", "ja"), ("Bonsoir", "fr"), ("+1", "fr")],
)
def test_the_language_of_a_line_is_told_by_its_letters(text: str, language: str) -> None:
    if text == "欲しいです":
        assert rules.language_of(text, "ja") == "ja"
        return
    assert rules.language_of(text, "fr") == language
