# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from silkcast.engines.translation.sandbox import Sandbox, SandboxSettings, book
from silkcast.who.translations.port import Translator

from .contract import TranslatorContract, term, texts_of

HOUSE = ("en", "zh", "zh-Hant", "fr", "es", "pt-BR", "ar", "ru", "id", "th", "vi", "ja")


class TestSandbox(TranslatorContract):
    @pytest.fixture
    def translator(self) -> Translator:
        return Sandbox(SandboxSettings())


def test_every_phrase_is_in_every_language_with_its_gap() -> None:
    assert set(book().languages) == set(HOUSE)
    assert len(book().rows) >= 120
    for row in book().rows:
        assert len({"{}" in phrase for phrase in row}) == 1, row


@pytest.mark.parametrize(
    ("said", "source", "target", "made"),
    [
        ("How much is the teapot?", "en", "zh", "茶壶多少钱？"),
        ("你好，多少钱？", "zh", "fr", "Bonjour, Combien?"),
        ("能寄到法國嗎", "zh", "en", "Does it ship to France"),
        ("Hello! Blurgh", "en", "zh", "你好！⟦Blurgh⟧"),
        ("BEAUTIFUL!!", "en", "ar", "جميل!!"),
        ("how much", "fr", "zh", "多少钱"),
        ("😀 +1", "en", "zh", "😀 +1"),
        ("24.50 €", "en", "fr", "24.50 €"),
    ],
)
async def test_what_it_knows_is_put_and_the_rest_is_marked(
    said: str, source: str, target: str, made: str
) -> None:
    assert texts_of(await Sandbox(SandboxSettings()).translate([said], source, target, [])) == [made]


async def test_the_same_text_always_gives_the_same(tmp_path: object) -> None:
    said = ["Hello, is it in stock? Blurgh Qinghe"] * 3
    terms = [term("Qinghe", "Clear River")]

    made = texts_of(await Sandbox(SandboxSettings()).translate(said, "en", "fr", terms))

    assert made == ["Bonjour, Est-ce en stock? ⟦Blurgh Clear River⟧"] * 3
