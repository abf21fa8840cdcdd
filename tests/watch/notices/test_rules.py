# SPDX-License-Identifier: Apache-2.0
import string

import pytest

from silkcast.watch.notices import rules

LANGUAGES = ("en", "zh", "fr", "ar")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_facts(language: str) -> None:
    english, other = rules.words("en"), rules.words(language)

    assert other.keys() == english.keys()
    for kind, sheet in english.items():
        assert placeholders(other[kind]["body"]) == placeholders(sheet["body"]), kind


def test_a_language_not_spoken_here_reads_english() -> None:
    assert rules.words("sv") == rules.words("en")
    assert rules.words("zh-Hant") == rules.words("zh")


def test_a_letter_does_not_show_itself_in_logs() -> None:
    letter = rules.write("code", "mei@example.test", "en", {"code": "123456", "minutes": "10"})

    assert letter.subject == "123456 is your Silkcast code"
    assert "mei" not in repr(letter)
    assert "123456" not in repr(letter)
