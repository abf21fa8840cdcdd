# SPDX-License-Identifier: Apache-2.0
"""What is an order, what is a question, and why a comment is neither."""

from __future__ import annotations

import pytest

from silkcast.ground.places import Country
from silkcast.stage.deals.comments.reading import LONGEST, read
from silkcast.stage.deals.comments.values import (
    Ask,
    Cancellation,
    Line,
    NoOrder,
    Offered,
    Order,
    Reading,
    WhichVariant,
)

from .labelled import offered, variant

RED_M, RED_L, BLACK_M, BLACK_L = map(variant, ("red-m", "red-l", "black-m", "black-l"))
CUP, TEA, A1, A12, B3 = map(variant, ("cup", "tea", "a1", "a12", "b3"))


def said(text: str, on: str = "one", market: str = "SG", language: str = "en", most: int = 50) -> Reading:
    return read(text, market=Country(market), language=language, offered=offered()[on], most=most)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("mine", "claim"),
        ("I'll take it", "want"),
        ("+1", "plus"),
        ("me!", "self"),
        ("one please", "please"),
        ("1 pc", "units"),
    ],
)
def test_one_of_what_is_pinned(text: str, rule: str) -> None:
    assert said(text) == Order((Line(CUP, 1),), rule)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "mine",
        "MINE",
        "ＭＩＮＥ",
        "miiiine",
        "mine😭😭😭",
        "m\u200bine",
        "mine 🙏🏽",
        "mine!!!",
        " \n mine \n ",
        '"mine"',
        "m\u0338ine",
    ],
)
def test_one_word_in_many_spellings(text: str) -> None:
    assert said(text) == Order((Line(CUP, 1),), "claim")


@pytest.mark.parametrize(
    "text", ["+2", "＋２", "➕2️⃣", "+٢", "+๒", "x2 please", "2 pcs", "2x", "two please", "*2"]
)
def test_two_in_many_spellings(text: str) -> None:
    reading = said(text)
    assert isinstance(reading, Order)
    assert reading.lines == (Line(CUP, 2),)


@pytest.mark.parametrize(
    "text", ["A12 x2", "a12 2 pcs", "A-12 +2", "A 12 x2", "mine a12 x 2", "A12=2", "2x A12", "Ａ１２ × ２"]
)
def test_a_code_in_many_spellings(text: str) -> None:
    reading = said(text, "codes")
    assert isinstance(reading, Order)
    assert reading.lines == (Line(A12, 2),)


def test_several_lines_in_one_comment() -> None:
    wanted = (Line(A1, 2), Line(B3, 1))
    for text in ("A1 x2, B3 x1", "A1 2 B3 1", "2 A1 1 B3", "A1+2\nB3+1", "A1 x2 & B3"):
        reading = said(text, "codes")
        assert isinstance(reading, Order), text
        assert reading.lines == wanted, text


def test_options_go_on_to_the_next_line() -> None:
    reading = said("D5 red M x1, L x2", "dress")
    assert isinstance(reading, Order)
    assert reading.lines == (Line(RED_M, 1), Line(RED_L, 2))


@pytest.mark.parametrize(
    ("text", "language", "market"),
    [
        ("红色M要一件", "zh", "CN"),
        ("أبغى أحمر M", "ar", "SA"),
        ("je prends la rouge en M", "fr", "FR"),
        ("quero a vermelha tamanho M", "pt", "BR"),
        ("เอาสีแดง M ค่ะ", "th", "TH"),
    ],
)
def test_an_option_in_words_that_the_seller_never_wrote(text: str, language: str, market: str) -> None:
    reading = said(text, "dress", market, language)
    assert isinstance(reading, Order)
    assert reading.lines == (Line(RED_M, 1),)


def test_which_one_is_asked_where_several_fit() -> None:
    assert said("mine x2", "dress") == WhichVariant((Ask((RED_M, RED_L, BLACK_M, BLACK_L), 2),), (), "claim")
    assert said("mine red", "dress") == WhichVariant((Ask((RED_M, RED_L), 1),), (), "claim")
    assert said("mine red M, black", "dress") == Order((Line(RED_M, 1), Line(BLACK_M, 1)), "claim")
    assert said("red M x1 and black L or black M x2", "dress").__class__ is WhichVariant
    assert said("mine", "shelf") == WhichVariant((Ask((A1, B3), 1),), (), "claim")


def test_what_is_clear_stands_beside_the_question() -> None:
    both = (*offered()["dress"], *offered()["codes"])
    reading = read("A12 x1, D5 red x2", market=Country("SG"), language="en", offered=both)
    assert reading == WhichVariant((Ask((RED_M, RED_L), 2),), (Line(A12, 1),), "code and units")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("🎉🎉", "empty"),
        ("mine " * 50, "too long"),
        ("is it mine?", "question"),
        ("how do I order, +1", "question"),
        ("not mine", "negation"),
        ("don't cancel mine", "negation"),
        ("I would buy 2 if it was blue", "hypothetical"),
        ("mine arrived", "past"),
        ("+1 to what she said", "others"),
        ("+1 @mai", "others"),
        ("interested, pm me", "interest"),
        ('type "mine" and 2', "quoted"),
        ("1+1=2", "number"),
        ("call 9123-4567", "number"),
        ("mine for $5", "number"),
        ("10:30", "number"),
        ("2-1", "number"),
        ("99 please", "too many"),
        ("blue please", "not offered"),
        ("mine item 99", "not offered"),
        ("+1 x2", "unclear"),
        ("take 2 photos", "talk"),
        ("lovely", "talk"),
        ("2", "talk"),
        ("send", "talk"),
    ],
)
def test_why_it_is_no_order(text: str, reason: str) -> None:
    assert said(text) == NoOrder(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cancelled"),
    [
        ("cancel", ()),
        ("cancel mine please", ()),
        ("cancel A1", (A1,)),
        ("cancel A1 and B3", (A1, B3)),
        ("sorry, changed my mind", ()),
    ],
)
def test_what_takes_an_order_back(text: str, cancelled: tuple[object, ...]) -> None:
    assert said(text, "codes") == Cancellation(cancelled)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["cancel A1, mine B3", "cancel 2 pcs", "how to cancel", "my flight was cancelled", "cancel culture"],
)
def test_what_takes_nothing_back(text: str) -> None:
    assert isinstance(said(text, "codes"), NoOrder)


def test_a_code_alone_orders_where_the_market_has_that_habit() -> None:
    assert said("A12", "codes", "SG") == Order((Line(A12, 1),), "code")
    assert said("A12", "codes", "US") == NoOrder("talk")
    assert said("12", "one", "SG") == NoOrder("talk")


def test_a_number_is_a_code_only_with_a_reason() -> None:
    assert said("mine 12") == Order((Line(TEA, 1),), "claim")
    assert said("item 12 please") == Order((Line(TEA, 1),), "please")
    assert said("I'll take 12") == Order((Line(CUP, 12),), "want")
    assert said("12+1") == Order((Line(TEA, 1),), "plus")
    assert said("1+1") == NoOrder("number")


def test_what_answers_the_host_in_china_is_interest() -> None:
    for text in ("扣1", "1", "111", "想要", "拍了", "已拍"):
        assert isinstance(said(text, market="CN", language="zh"), NoOrder), text
    assert said("拍2件", market="CN", language="zh") == Order((Line(CUP, 2),), "want")


def test_accents_that_were_typed_decide() -> None:
    assert said("je réserve une tasse", market="FR", language="fr") == Order((Line(CUP, 1),), "want")
    assert said("je reserve une tasse", market="FR", language="fr") == Order((Line(CUP, 1),), "want")
    assert isinstance(said("réservé une tasse", market="FR", language="fr"), NoOrder)


def test_the_cap_holds_for_a_line_and_for_its_sum() -> None:
    assert said("A1 x5", "codes", most=5) == Order((Line(A1, 5),), "code and units")
    assert said("A1 x6", "codes", most=5) == NoOrder("too many")
    assert said("A1 x3, B3 x1, A1 x3", "codes", most=5) == NoOrder("too many")


def test_a_long_comment_is_refused_at_its_length() -> None:
    text = "mine" + " " * (LONGEST - 4)
    assert isinstance(said(text), Order)
    assert said(text + " ") == NoOrder("too long")


def test_a_market_that_nobody_described_reads_english() -> None:
    assert read("mine", market=Country("FI"), language="fi", offered=offered()["one"]) == Order(
        (Line(CUP, 1),), "claim"
    )
    assert isinstance(read("mine", market=None, language="en", offered=offered()["one"]), Order)


def test_nothing_is_ordered_from_an_empty_shelf() -> None:
    assert read("mine", market=Country("SG"), language="en", offered=()) == NoOrder("not offered")


def test_a_label_that_is_a_number_is_an_option_and_not_a_count() -> None:
    pair = (
        Offered(A1, ("S2",), {"size": {"en": "38"}}, is_pinned=True),
        Offered(B3, ("S2",), {"size": {"en": "39"}}, is_pinned=True),
    )
    reading = read("39 please", market=Country("SG"), language="en", offered=pair)
    assert reading == Order((Line(B3, 1),), "please")
