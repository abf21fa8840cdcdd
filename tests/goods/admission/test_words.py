# SPDX-License-Identifier: Apache-2.0
"""Words find what a person sees, in twelve languages, and leave alone what only sounds like it."""

from __future__ import annotations

import pytest

from silkcast.goods.admission import service as admission
from silkcast.goods.admission.plain import plain

from .measure import classes_in, report, scores, titles

LANGUAGES = {"en", "zh", "zh-Hant", "fr", "es", "pt-BR", "ar", "ru", "id", "th", "vi", "ja"}


def test_there_are_words_in_twelve_languages() -> None:
    assert set(admission.languages()) == LANGUAGES == set(scores())


def test_the_set_is_large_and_a_third_of_it_is_harmless() -> None:
    every = list(titles())
    assert len(every) >= 150
    assert sum(1 for one in every if not one.shown) * 3 >= len(every)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_precision_and_recall_hold_in_each_language(language: str) -> None:
    print(report())
    score = scores()[language]
    assert score.recall >= 0.95, score.missed
    assert score.precision >= 0.80, score.wrong


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ＷＩＮＥ ｆｒｏｍ Jura", "en", {"alcohol"}),
        ("WI\u200bNE", "en", {"alcohol"}),
        ("swine flu pamphlet stand", "en", set()),
        ("wines of Jura", "en", {"alcohol"}),
        ("Medicament contre la toux", "fr", {"medicine"}),
        ("الخَمْر المُعتّق", "ar", {"alcohol"}),
        ("والنبيذ الأحمر", "ar", {"alcohol"}),
        ("Vin plate holder for cars", "en", set()),
        ("纯粮白酒", "en", {"alcohol"}),
        ("แฮมสเตอร์", "th", set()),
        ("винтаж", "ru", set()),
        ("free of pork and alcohol", "en", set()),
        ("without pork, with wine", "en", {"alcohol"}),
    ],
)
def test_scripts_cases_and_denials(text: str, language: str, expected: set[str]) -> None:
    assert classes_in(text, language) == expected


@pytest.mark.parametrize("text", ["Ｗｉｎｅ—No.1", "  خَمْر ـــ ", "№1", "ﬁne", "\u200d", "Ⅸ ½"])
def test_plain_text_is_plain_for_good(text: str) -> None:
    assert plain(plain(text)) == plain(text)
