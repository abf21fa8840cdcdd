# SPDX-License-Identifier: Apache-2.0
"""The reading against labelled comments: an order that nobody gave is worse than one that was not seen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from silkcast.ground.places import Country
from silkcast.stage.deals.comments.reading import read
from silkcast.stage.deals.comments.values import Order

from .labelled import PARTS, Labelled, Part, label, labelled, score, sets, shelves

WORDS = Path(__file__).parents[4] / "silkcast" / "faces" / "words"

ALL = tuple(one for part in PARTS for one in labelled(part))
LANGUAGES = sorted({one.language for one in ALL})


def test_the_set_is_large_of_many_languages_and_full_of_traps() -> None:
    near_misses = [one for one in ALL if not one.expected.startswith("order")]
    held_out = [*labelled("held_out"), *labelled("late")]

    assert len(ALL) >= 480
    assert len(LANGUAGES) >= 8
    assert min(Counter(one.language for one in ALL).values()) >= 40
    assert 3 * len(near_misses) >= len(ALL)
    assert 3 * len(held_out) >= len(ALL)


def test_no_comment_stands_in_two_parts() -> None:
    seen = Counter((one.market, one.offered, one.text) for one in ALL)
    assert [found for found, times in seen.items() if times > 1] == []


def test_each_label_is_about_what_is_offered() -> None:
    for one in ALL:
        kind, *lines = one.expected.split()
        assert kind in ("order", "which", "cancel", "none"), one
        assert bool(lines) or kind != "order", one
        assert {line.partition("=")[0] for line in lines} <= set(sets()[one.offered]), one


@pytest.mark.parametrize(
    ("part", "precision", "recall"), [("tuned", 0.99, 0.97), ("held_out", 0.97, 0.95), ("late", 0.97, 0.75)]
)
def test_precision_and_recall_of_each_part(part: Part, precision: float, recall: float) -> None:
    found = score(labelled(part))
    assert found.precision >= precision
    assert found.recall >= recall


def test_precision_and_recall_of_the_whole() -> None:
    found = score(ALL)
    assert found.precision >= 0.97
    assert found.recall >= 0.9
    assert found.others >= 0.95


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_left_behind(language: str) -> None:
    found = score(one for one in ALL if one.language == language)
    assert found.precision >= 0.97
    assert found.recall >= 0.85


@pytest.mark.parametrize(("language", "market"), [("zh", "CN"), ("zh", "SG"), ("fr", "FR"), ("ar", "SA")])
def test_the_sentences_of_our_own_pages_are_no_orders(language: str, market: str) -> None:
    with (WORDS / language / "LC_MESSAGES" / "silkcast.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id and isinstance(message.string, str)]
    pairs = [(language, message.string) for message in messages] + [
        ("en", str(message.id)) for message in messages
    ]

    taken = [
        text
        for tag, text in pairs
        if isinstance(read(text, market=Country(market), language=tag, offered=shelves()["one"]), Order)
    ]

    assert len(pairs) > 1000
    assert 200 * len(taken) < len(pairs), taken


def test_the_score_sees_a_wrong_number() -> None:
    """The measure itself: a label that does not fit must cost."""
    right = next(one for one in ALL if one.expected == "order cup=2" and label(one.read()) == one.expected)
    wrong = Labelled(right.language, right.market, right.offered, "order cup=3", right.text)

    assert score([right]).precision == score([right]).recall == 1
    assert score([wrong]).precision == score([wrong]).recall == 0
