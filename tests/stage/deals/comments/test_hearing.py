# SPDX-License-Identifier: Apache-2.0
"""A whole chat: who took it back, who wants too many, what was said before."""

from __future__ import annotations

from datetime import date, time

import pytest

from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.places import Country
from silkcast.stage.deals.comments.errors import ChatTooLong, NoChat
from silkcast.stage.deals.comments.hearing import (
    MOST_CHARACTERS,
    MOST_MESSAGES,
    Heard,
    When,
    cut,
    days_in,
    hear,
)
from silkcast.stage.deals.comments.shelf import lay_out
from silkcast.stage.deals.comments.values import Offered

RED, BLUE = VariantId(new_uuid()), VariantId(new_uuid())
SHELF = lay_out(
    [
        Offered(RED, ("A1",), {"colour": {"en": "Red"}}, {"en": "Cup"}, is_pinned=True),
        Offered(BLUE, ("A2",), {"colour": {"en": "Blue"}}, {"en": "Cup"}, is_pinned=True),
    ]
)
DAY = date(2026, 11, 25)


def heard(chat: str, limit: int = 1, since: time | None = time(12)) -> tuple[list[Heard], dict[str, str]]:
    orders, passed = hear(
        cut(chat), SHELF, market=Country("SG"), language="en", limit=limit, when=When(DAY, since)
    )
    return list(orders), {one.said.text: one.why for one in passed}


def test_a_chat_is_read_in_its_order_with_what_is_none() -> None:
    orders, passed = heard(
        "[12:03] Mai: A1 x1\n[12:04] Tom: is it warm?\n[12:04] Lin: mine red, please\n[12:05] Bo: A2 x1"
    )

    assert [(one.said.name, one.variants, one.units, one.doubt) for one in orders] == [
        ("Mai", (RED,), 1, ""),
        ("Lin", (RED,), 1, ""),
        ("Bo", (BLUE,), 1, ""),
    ]
    assert passed == {"is it warm?": "question"}


def test_who_does_not_say_which_is_asked_for() -> None:
    ((one,), _) = heard("[12:03] Mai: mine")

    assert (one.doubt, set(one.variants)) == ("which", {RED, BLUE})


def test_what_is_taken_back_later_is_doubted_and_anothers_is_not() -> None:
    orders, passed = heard("[12:03] Mai: A1 x1\n[12:04] Tom: A1 x1\n[12:06] ~ mai: cancel mine")

    assert [one.doubt for one in orders] == ["taken_back", ""]
    assert passed["cancel mine"] == "takes back"


def test_who_orders_again_after_taking_it_back_wants_it() -> None:
    orders, _ = heard("[12:03] Mai: A1 x1\n[12:04] Mai: cancel A1\n[12:05] Mai: A1 x1")

    assert [one.doubt for one in orders] == ["taken_back", ""]


def test_the_second_over_the_limit_is_doubted() -> None:
    orders, _ = heard("[12:03] Mai: A1 x1\n[12:04] mai: A1 x1\n[12:05] Mai: A2 x1")

    assert [one.doubt for one in orders] == ["", "over_limit", ""], "each variant has a limit of its own"


@pytest.mark.parametrize(
    ("head", "doubt"),
    [
        ("[25/11/2026, 12:03:10] Mai: ", ""),
        ("[11/25/26, 12:03 pm] Mai: ", ""),
        ("[2026/11/24, 12:03] Mai: ", ""),
        ("[25/11/2569, 12:03] Mai: ", ""),
        ("[6/5/1448, 12:03] Mai: ", ""),
        ("[18/11/2026, 12:03] Mai: ", "another_day"),
        ("[25/11/2026, 11:59] Mai: ", "before"),
        ("[11:59] Mai: ", "before"),
        ("[00:30] Mai: ", "before"),
        ("[23:59] Mai: ", ""),
    ],
)
def test_what_was_said_before_the_deal_is_doubted(head: str, doubt: str) -> None:
    ((one,), _) = heard(f"{head}A1 x1")

    assert one.doubt == doubt


def test_without_an_hour_only_the_day_counts() -> None:
    ((one,), _) = heard("[00:30] Mai: A1 x1", since=None)

    assert one.doubt == ""


def test_the_same_words_in_the_same_minute_are_told_apart() -> None:
    orders, _ = heard("[12:03] Mai: A1 x1\n[12:03] Mai: A1 x1", limit=2)

    assert [(one.again, one.doubt) for one in orders] == [(0, ""), (1, "")]


def test_days_that_are_none_say_nothing() -> None:
    assert days_in("", near=DAY) == set()
    assert days_in("31/2/2026", near=DAY) == set()
    assert days_in("3/4/2026", near=DAY) == {date(2026, 4, 3), date(2026, 3, 4)}


def test_no_chat_and_too_much_of_it_are_refused() -> None:
    with pytest.raises(NoChat):
        cut("hello, no names here")
    with pytest.raises(ChatTooLong):
        cut("[12:03] Mai: " + "x" * MOST_CHARACTERS)
    with pytest.raises(ChatTooLong):
        cut("[12:03] M: 1\n" * (MOST_MESSAGES + 1))
    assert len(cut("[12:03] M: 1\n" * MOST_MESSAGES)) == MOST_MESSAGES
