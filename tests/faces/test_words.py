# SPDX-License-Identifier: Apache-2.0
"""Every sentence is there in every language, and says the same things."""

from __future__ import annotations

import json
import re

import pytest
from babel.messages.catalog import Message

from silkcast.faces.words import catalog, gather
from silkcast.plumbing import tongues

FOREIGN = [tag for tag in tongues.known() if tag != "en" and tongues.source(tag).exists()]
"""Offered or not: what lacks too much to be offered lacks it here."""
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


def sentences(language: str) -> list[Message]:
    return [message for message in catalog.read(language) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ())


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


@pytest.mark.parametrize("language", FOREIGN)
def test_no_sentence_lacks_a_translation(language: str) -> None:
    kept = gather.update(language, gather.gathered())

    assert gather.missing(kept) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_translations_name_the_same_things(language: str) -> None:
    asked = {
        text: (places, set(PLACE.findall(text)))
        for message in sentences(language)
        for text in forms(message)
        if text and (places := set(PLACE.findall(english(message)))) is not None
    }
    strange = [text for text, (wanted, used) in asked.items() if not used <= wanted]

    assert strange == []


@pytest.mark.parametrize("language", FOREIGN)
def test_sentences_for_one_form_keep_every_place(language: str) -> None:
    lost = [
        message.string
        for message in sentences(language)
        if isinstance(message.id, str)
        and message.string
        and set(PLACE.findall(str(message.string))) != set(PLACE.findall(message.id))
    ]

    assert lost == []


def test_a_plural_is_told_by_the_language() -> None:
    arabic = catalog.catalog("ar")
    said = [arabic.ngettext("%(num)s item", "%(num)s items", count) for count in (1, 2, 5, 12, 101)]

    assert said == ["قطعة واحدة", "قطعتان", "%(num)s قطع", "%(num)s قطعة", "%(num)s قطعة"]


def test_scripts_get_their_sentences_and_no_others() -> None:
    said = json.loads(catalog.script_words("fr"))

    assert said["Turn sound off"] == "Couper le son"
    assert isinstance(said["Somebody in %(place)s bought one"], list)
    assert "Log out" not in said


def test_a_missing_translation_is_noticed() -> None:
    template = gather.gathered()
    template.add("A sentence nobody has seen yet", locations=[("silkcast/faces/x.py", 1)])

    lacking = gather.missing(gather.update("fr", template))

    assert "A sentence nobody has seen yet" in lacking


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_language_answers_in_another(language: str) -> None:
    chinese = {message.id: message.string for message in sentences("zh")}
    strange = [
        message.id
        for message in sentences(language)
        if message.string
        and message.string == chinese.get(message.id)
        and not str(message.string).isascii()
        and any("\u4e00" <= letter <= "\u9fff" for letter in str(message.string))
    ]

    assert strange == []


@pytest.mark.parametrize("language", FOREIGN)
def test_a_catalog_counts_as_its_language_does(language: str) -> None:
    """The header's rule and the number of forms go together, for every number there is."""
    kept = catalog.read(language)
    rule = catalog.catalog(language).plural  # type: ignore[attr-defined]
    used = {rule(number) for number in range(1000)}

    assert used == set(range(kept.num_plurals))
    assert kept.num_plurals == {
        "ar": 6,
        "ru": 3,
        "zh": 1,
        "zh-Hant": 1,
        "ja": 1,
        "th": 1,
        "vi": 1,
        "id": 1,
    }.get(language, 2)
    short = [message.id for message in sentences(language) if not isinstance(message.id, str)]
    assert all(
        len(forms(message)) == kept.num_plurals for message in sentences(language) if message.id in short
    )


@pytest.mark.parametrize("language", FOREIGN)
def test_scripts_count_as_python_does(language: str) -> None:
    table = json.loads(catalog.script_words(language))[""]
    rule = catalog.catalog(language).plural  # type: ignore[attr-defined]

    for number in (*range(200), 1000, 1001, 1002, 1011, 123_456):
        assert int(table[number if number < 200 else 100 + number % 100]) == rule(number)
