# SPDX-License-Identifier: Apache-2.0
"""Grammars are data: what is wrong in one is told when it is read."""

from __future__ import annotations

import pytest

from silkcast.ground.places import COUNTRIES
from silkcast.stage.deals.comments.errors import BrokenGrammar
from silkcast.stage.deals.comments.grammar import grammars, habits, read_grammar, read_habits


def test_a_grammar_is_read() -> None:
    grammar = read_grammar("language: xx\nclaim: mio, tuo\nnumber: {2: duo}\noption: {red: ros}\n", "xx.yaml")
    assert grammar.language == "xx"
    assert [(path, word.role, word.number, word.option) for path, word in grammar.words.items()] == [
        (("mio",), "claim", 0, ""),
        (("tuo",), "claim", 0, ""),
        (("duo",), "number", 2, ""),
        (("ros",), "option", 0, "red"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("claim: mine", "its language"),
        ("language: xx\nboast: mine", "no role"),
        ("language: xx\nclaim: mine\nwant: Mine", "two places"),
        ("language: xx\nclaim: [mine]", "a text with commas"),
        ("language: xx\nnegation: no", "a text with commas"),
        ("language: xx\nnumber: {two: two}", "no number"),
        ("language: xx\nnumber: {0: none}", "no number"),
        ("language: xx\nclaim: 🙏", "nothing is left"),
        ("language: xx\n: [", "not YAML"),
        ("- mine", "first level"),
    ],
)
def test_what_is_wrong_in_a_grammar_is_told(text: str, reason: str) -> None:
    with pytest.raises(BrokenGrammar, match=reason):
        read_grammar(text, "xx.yaml")


def test_a_habit_that_nobody_knows_is_refused() -> None:
    assert read_habits("XX: {languages: [en], glued: [cf]}", "markets.yaml")["XX"].glued == ("cf",)
    with pytest.raises(BrokenGrammar, match="XX"):
        read_habits("XX: {languages: [en], is_loud: true}", "markets.yaml")


def test_each_file_says_the_language_it_is_named_for() -> None:
    assert {name: grammar.language for name, grammar in grammars().items()} == {
        name: name for name in grammars()
    }
    assert set(grammars()) >= {"en", "zh", "th", "vi", "id", "ar", "fr", "es", "pt", "tl", "ja"}


def test_a_market_is_a_country_and_its_languages_have_grammars() -> None:
    assert set(habits()) <= COUNTRIES
    assert {tag for habit in habits().values() for tag in habit.languages} <= set(grammars())


@pytest.mark.parametrize("language", sorted(grammars()))
def test_each_language_can_order_ask_refuse_and_cancel(language: str) -> None:
    roles = {word.role for word in grammars()[language].words.values()}
    assert roles >= {"want", "cancel", "no_cancel", "negation", "question", "hypothetical", "past", "others"}
    assert roles >= {"number", "option", "counter", "filler", "measure", "interest"}
