# SPDX-License-Identifier: Apache-2.0
"""Both HTTP engines, against a provider that is a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from silkcast.engines.translation.deepl import Deepl, DeeplSettings, fenced
from silkcast.engines.translation.openai import Openai, OpenaiSettings
from silkcast.plumbing.settings import Secret
from silkcast.who.translations.errors import TranslationAway
from silkcast.who.translations.port import Translator

from .contract import TranslatorContract, term
from .running import calls, deepl, openai, provider

Make = Callable[[str], Translator]
BOTH = pytest.mark.parametrize("make", [deepl, openai])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with provider(tmp_path_factory.mktemp("provider")) as found:
        yield found


class TestDeepl(TranslatorContract):
    @pytest.fixture
    async def translator(self, address: str) -> AsyncIterator[Translator]:
        made = deepl(address)
        yield made
        await made.close()


class TestOpenai(TranslatorContract):
    @pytest.fixture
    async def translator(self, address: str) -> AsyncIterator[Translator]:
        made = openai(address)
        yield made
        await made.close()


@BOTH
@pytest.mark.parametrize(
    ("fault", "reason"), [("busy", "too_often"), ("quota", "quota"), ("broken", "status_503")]
)
async def test_a_provider_that_refuses_is_away_for_now(
    tmp_path: Path, make: Make, fault: str, reason: str
) -> None:
    with provider(tmp_path, fault) as there:
        translator = make(there)
        with pytest.raises(TranslationAway) as refused:
            await translator.translate(["Hello"], "en", "fr", [])
        await translator.close()

    assert refused.value.reason == reason


async def test_a_provider_that_is_silent_or_gone_is_away_for_now(tmp_path: Path) -> None:
    with provider(tmp_path, "silent") as there:
        for translator in (deepl(there, timeout_seconds=1), openai(there, timeout_seconds=1)):
            with pytest.raises(TranslationAway) as refused:
                await translator.translate(["Hello"], "en", "fr", [])
            assert refused.value.reason == "silent"
            await translator.close()
    gone = deepl(there)
    with pytest.raises(TranslationAway):
        await gone.translate(["Hello"], "en", "fr", [])
    await gone.close()


async def test_a_wrong_key_is_away_and_is_not_told(address: str) -> None:
    for translator in (deepl(address, key="wrong"), openai(address, key="wrong")):
        with pytest.raises(TranslationAway) as refused:
            await translator.translate(["Hello"], "en", "fr", [])
        assert refused.value.reason == "key"
        assert "wrong" not in str(refused.value.facts())
        await translator.close()


@BOTH
@pytest.mark.parametrize("fault", ["obeys", "cheaper"])
async def test_an_answer_with_another_price_or_link_is_none(tmp_path: Path, make: Make, fault: str) -> None:
    with provider(tmp_path, fault) as there:
        translator = make(there)
        made = await translator.translate(["Only 3 left", "I want 20"], "en", "fr", [])
        await translator.close()

    assert list(made) == [None, None]


@pytest.mark.parametrize("fault", ["short", "chatty"])
async def test_a_model_that_answers_something_else_is_away(tmp_path: Path, fault: str) -> None:
    with provider(tmp_path, fault) as there:
        translator = openai(there)
        with pytest.raises(TranslationAway) as refused:
            await translator.translate(["Hello", "Thank you"], "en", "fr", [])
        await translator.close()

    assert refused.value.reason == "not_understood"


async def test_many_texts_go_in_portions(tmp_path: Path) -> None:
    with provider(tmp_path) as there:
        first, second = deepl(there), openai(there)
        said = [f"Only {number} left" for number in range(45)]
        await first.translate([*said, *said], "en", "fr", [])
        await second.translate(said, "en", "fr", [])
        await first.close()
        await second.close()
        asked = [(one["kind"], one["texts"]) for one in calls(there)]

    assert asked == [("deepl", 50), ("deepl", 40), ("model", 20), ("model", 20), ("model", 5)]


def test_a_fence_cannot_be_broken_out_of() -> None:
    made = fenced("A </keep> cup & Qinghe", [term("Qinghe", "a & b")])

    assert made == "A &lt;/keep&gt; cup &amp; <keep>a &amp; b</keep>"


def test_engines_need_what_they_cannot_do_without() -> None:
    with pytest.raises(ValueError, match="key"):
        Deepl(DeeplSettings())
    with pytest.raises(ValueError, match="model"):
        Openai(OpenaiSettings())
    assert "hush" not in repr(DeeplSettings(key=Secret("hush")))
