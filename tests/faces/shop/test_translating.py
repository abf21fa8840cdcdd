# SPDX-License-Identifier: Apache-2.0
"""A product in the reader's language by machine, without script, labelled, and never unasked."""

from __future__ import annotations

import httpx
from markupsafe import escape

from silkcast.faces.throttling import TRANSLATE
from silkcast.faces.words.catalog import catalog
from silkcast.who.translations import service as translations
from silkcast.who.translations.values import NewTerm
from tests.faces.build import Town, visitor


def say(sentence: str) -> str:
    """As a French page has it."""
    return str(escape(catalog("fr").gettext(sentence)))


async def test_what_is_foreign_is_offered_and_put_over_when_asked(town: Town) -> None:
    async with visitor(town, language="fr") as client:
        original = await client.get(town.path)
        made = await client.get(f"{town.path}?translated=1")

    assert "Celadon tea cup" in original.text
    assert f'href="{town.path}?translated=1#translation"' in original.text
    assert say("Machine translation") not in original.text
    assert "Tasse à thé céladon" in made.text
    assert "⟦Thrown and glazed by hand⟧" in made.text
    assert say("Machine translation") in made.text
    assert f'href="{town.path}">{say("Show original")}</a>' in made.text
    assert '<meta name="robots" content="noindex">' in made.text
    assert f'<link rel="canonical" href="http://shop.test{town.path}">' in made.text


async def test_the_chosen_variant_stays_chosen(town: Town) -> None:
    path = f"{town.path}?variant={town.product.variants[1].id}"
    async with visitor(town, language="fr") as client:
        original = await client.get(path)
        made = await client.get(f"{path}&translated=1")

    assert f"{path}&amp;translated=1#translation" in original.text
    assert f'href="{path}">{say("Show original")}' in made.text


async def test_the_readers_own_words_need_no_machine(town: Town, french: httpx.AsyncClient) -> None:
    for path in (town.path, f"{town.path}?translated=1"):
        answer = await french.get(path)
        assert answer.status_code == 200
        assert "Translate" not in answer.text
        assert "Machine translation" not in answer.text


async def test_only_what_is_foreign_is_put_over(town: Town) -> None:
    async with visitor(
        town, language="zh"
    ) as client:  # the shop has a Chinese name, and no Chinese description
        made = await client.get(f"{town.path}?translated=1")

    assert "青瓷杯" in made.text
    assert "⟦Thrown and glazed by hand⟧。" in made.text


async def test_the_shops_glossary_is_kept_to(town: Town) -> None:
    async with town.database.write() as tx:
        term = NewTerm("en", "fr", "Celadon tea cup", "Gobelet « céladon »")
        await translations.add_terms(tx, town.seller.id, [term])
    async with visitor(town, language="fr") as client:
        assert "Gobelet « céladon »" in (await client.get(f"{town.path}?translated=1")).text


async def test_who_asks_too_often_or_finds_it_busy_reads_the_original(town: Town) -> None:
    house = town.running.house
    transport = httpx.ASGITransport(app=town.running.app, client=("81.2.69.160", 4))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        client.cookies.update({"market": "FR", "language": "fr"})
        for _ in range(TRANSLATE.most):
            house.throttle.count(TRANSLATE, "81.2.69.160", town.database.clock.now())
        often = await client.get(f"{town.path}?translated=1")
    house.translating.most_calls = 0
    house.translating.most_waiting = 0
    async with visitor(town, language="fr") as client:
        busy = await client.get(f"{town.path}?translated=1")

    for answer in (often, busy):
        assert answer.status_code == 200
        assert "Celadon tea cup" in answer.text
        assert 'role="alert"' in answer.text
        assert "Machine translation" not in answer.text


async def test_a_house_without_a_translator_offers_nothing(town: Town) -> None:
    town.running.house.translating.translator = None
    async with visitor(town, language="fr") as client:
        answer = await client.get(f"{town.path}?translated=1")

    assert answer.status_code == 200
    assert "?translated=1#" not in answer.text
