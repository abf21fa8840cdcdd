# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from silkcast.stage.deals.comments.grammar import vocabulary
from silkcast.stage.deals.comments.written import written_in


@pytest.mark.parametrize(
    ("text", "page", "read"),
    [
        ("要兩個", "zh-Hant", "zh-Hant"),
        ("要两个", "en", "zh"),
        ("赤 2", "ja", "ja"),
        ("quero 2", "pt-BR", "pt-BR"),
        ("เอา 2", "en", "th"),
    ],
)
def test_a_comment_is_read_in_the_language_of_its_script(text: str, page: str, read: str) -> None:
    assert written_in(text, page) == read


@pytest.mark.parametrize(("tag", "grammar"), [("zh-Hant", "zh"), ("pt-BR", "pt"), ("es-MX", "es")])
def test_a_tag_with_a_region_or_script_has_its_languages_grammar(tag: str, grammar: str) -> None:
    words = set(vocabulary("FR", tag).words.next)

    assert words == set(vocabulary("FR", grammar).words.next)
    assert words != set(vocabulary("FR", "nl").words.next)
