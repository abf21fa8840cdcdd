# SPDX-License-Identifier: Apache-2.0
"""A pasted chat: each form that is known, and what is left out of it."""

from __future__ import annotations

from datetime import time

import pytest

from silkcast.ground.places import Country
from silkcast.stage.deals.comments.forwarded import Said, forwarded
from silkcast.stage.deals.comments.reading import read
from silkcast.stage.deals.comments.values import Line, Order

from .labelled import offered, variant


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[12:03] Mai: mine", Said("", time(12, 3), "Mai", "mine")),
        ("[25/11/2026, 12:03:10] Mai: mine", Said("25/11/2026", time(12, 3), "Mai", "mine")),
        (
            "\u200e[25/11/2026, 9:03:10\u202fPM] Mai Lê: A1: 2",
            Said("25/11/2026", time(21, 3), "Mai Lê", "A1: 2"),
        ),
        ("[12:03, 11/25/2026] Mai: mine", Said("11/25/2026", time(12, 3), "Mai", "mine")),
        ("[2026/11/25 下午3:05] 小美: +1", Said("2026/11/25", time(15, 5), "小美", "+1")),
        ("[25.11.2026 12:03] Mai: mine", Said("25.11.2026", time(12, 3), "Mai", "mine")),
        ("25/11/26, 12:03 am - Mai: mine", Said("25/11/26", time(0, 3), "Mai", "mine")),
        ("25.11.26, 12:03 - +62 812-3456: mau 2", Said("25.11.26", time(12, 3), "+62 812-3456", "mau 2")),
        ("٢٥/١١/٢٠٢٦، ١٢:٠٣ م - نورة: أبغى ٢", Said("25/11/2026", time(12, 3), "نورة", "أبغى ٢")),
        ("12:03\tแม่มะลิ\tcf 2", Said("", time(12, 3), "แม่มะลิ", "cf 2")),
        ("Mai, [25.11.2026 12:03]\nmine", Said("25.11.2026", time(12, 3), "Mai", "mine")),
        ("小美 2026-11-25 12:03:10\n要2件", Said("2026-11-25", time(12, 3), "小美", "要2件")),
    ],
)
def test_each_form_of_a_chat(line: str, said: Said) -> None:
    assert forwarded(line) == (said,)


def test_lines_go_on_and_what_nobody_said_is_left_out() -> None:
    chat = (
        "Chat with Mai\n"
        "25/11/26, 12:00 - Messages are end-to-end encrypted\n"
        "25/11/26, 12:03 - Mai: A1 x2\n"
        "B3 x1\n"
        "25/11/26, 12:04 - Noor joined\n"
        "this belongs to nobody\n"
        "25/11/26, 12:05 - Noor: 99:99 is no time\n"
    )
    assert forwarded(chat) == (
        Said("25/11/26", time(12, 3), "Mai", "A1 x2\nB3 x1"),
        Said("25/11/26", time(12, 5), "Noor", "99:99 is no time"),
    )


def test_a_line_chat_has_its_days_apart_and_long_messages_in_quotes() -> None:
    chat = '2026/11/25(Wed)\n12:03\tMai\t"A1 x2\nB3 x1"\n2026/11/26(Thu)\n00:01\tNoor\tcf\n12:09\tMai left\n'
    assert forwarded(chat) == (
        Said("2026/11/25", time(12, 3), "Mai", "A1 x2\nB3 x1"),
        Said("2026/11/26", time(0, 1), "Noor", "cf"),
    )


def test_a_clock_that_cannot_be_is_no_head() -> None:
    assert forwarded("[25:61] Mai: mine") == ()
    assert forwarded("mine") == ()
    assert forwarded("") == ()


def test_a_forwarded_order_is_read_like_a_comment() -> None:
    (one,) = forwarded("[25/11/2026, 12:03:10] Mai: A1 x2\nB3 x1")
    reading = read(one.text, market=Country("SG"), language="en", offered=offered()["codes"])
    assert reading == Order((Line(variant("a1"), 2), Line(variant("b3"), 1)), "code and units")
