# SPDX-License-Identifier: Apache-2.0
"""Translating with a real memory and a real provider in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from silkcast.flows.translating import MOST_LETTERS, Translating, Wanted
from silkcast.ground.ids import SellerId, new_uuid
from silkcast.plumbing.db import Database
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import Busy, LanguageNotKnown, NotTranslated, TooLong, TranslationAway
from silkcast.who.translations.values import NewTerm
from tests.engines.translation.running import calls, deepl, openai, provider


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with provider(tmp_path, "slow") as found:
        yield found


async def test_what_was_asked_once_is_remembered(database: Database, address: str) -> None:
    engine = deepl(address)
    translating = Translating(database, engine)

    first = await translating.one(Wanted("How much is it?", "en"), "fr")
    again = await Translating(database, engine).one(Wanted("How much is it?", "en"), "fr")
    await engine.close()

    assert (first.text, first.source, first.engine) == ("C'est combien?", "en", "deepl")
    assert again.text == first.text
    assert len(calls(address)) == 1


async def test_many_readers_of_one_line_make_one_call(database: Database, address: str) -> None:
    engine = openai(address)
    translating = Translating(database, engine)
    want = Wanted("Does it ship to France?", "en")

    made = await asyncio.gather(*(translating.one(want, "zh") for _ in range(40)))
    await engine.close()

    assert {one.text for one in made} == {"能寄到法国吗？"}
    assert [one["texts"] for one in calls(address)] == [1]


async def test_two_processes_that_ask_at_once_keep_one_answer(database: Database, address: str) -> None:
    engine = deepl(address)
    two = [Translating(database, engine) for _ in range(2)]

    made = await asyncio.gather(*(one.one(Wanted("Thank you", "en"), "fr") for one in two))
    await engine.close()

    assert [one.text for one in made] == ["Merci", "Merci"]
    async with database.read() as db:
        assert (await db.session.execute(text("SELECT count(*) FROM translations.memory"))).scalar() == 1


async def test_whoever_leaves_takes_the_answer_from_nobody(database: Database, address: str) -> None:
    engine = deepl(address)
    translating = Translating(database, engine)
    first = asyncio.create_task(translating.one(Wanted("Thank you", "en"), "fr"))
    await asyncio.sleep(0.25)
    second = asyncio.create_task(translating.one(Wanted("Thank you", "en"), "fr"))
    await asyncio.sleep(0.1)
    first.cancel()

    assert (await second).text == "Merci"
    await engine.close()
    assert len(calls(address)) == 1


async def test_lines_of_several_languages_come_back_in_their_places(database: Database, address: str) -> None:
    engine = deepl(address)
    wanted = [
        Wanted("Merci", "fr"),
        Wanted("多少钱", "fr"),  # its letters speak against the page
        Wanted("Gracias", "es"),
        Wanted("Merci", "fr"),
    ]

    made = await Translating(database, engine).many(wanted, "en")
    await engine.close()

    assert [(one.text, one.source) for one in made if one] == [
        ("Thank you", "fr"),
        ("How much", "zh"),
        ("Thank you", "es"),
        ("Thank you", "fr"),
    ]
    assert sorted(one["texts"] for one in calls(address)) == [1, 1, 1]


async def test_a_new_glossary_asks_anew(database: Database, address: str) -> None:
    engine, shop = deepl(address), SellerId(new_uuid())
    translating = Translating(database, engine)
    want = Wanted("How much is the Qinghe?", "en")
    before = await translating.one(want, "fr", seller=shop)

    async with database.write() as tx:
        await translations.add_terms(tx, shop, [NewTerm("en", "fr", "Qinghe", "Rivière Claire")])
    after = await translating.one(want, "fr", seller=shop)
    await engine.close()

    assert "Rivière Claire" not in before.text
    assert "Rivière Claire" in after.text


async def test_more_than_the_engine_keeps_up_with_is_refused_at_once(
    database: Database, address: str
) -> None:
    engine = deepl(address)
    translating = Translating(database, engine, most_calls=1, most_waiting=1)
    asked = [
        asyncio.create_task(translating.one(Wanted(f"Only {number} left", "en"), "fr")) for number in range(6)
    ]

    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in ended) == 4
    assert [one for one in ended if isinstance(one, Exception) and not isinstance(one, Busy)] == []
    assert len(calls(address)) == 2
    later = await translating.one(Wanted("Only 5 left", "en"), "fr")
    await engine.close()
    assert later.text == "Plus que 5"


async def test_an_untrue_answer_is_neither_shown_nor_kept(database: Database, tmp_path: Path) -> None:
    with provider(tmp_path, "cheaper") as there:
        engine = openai(there)
        translating = Translating(database, engine)

        with pytest.raises(NotTranslated):
            await translating.one(Wanted("I want 20", "en"), "fr")
        made = await translating.many([Wanted("I want 20", "en"), Wanted("Thank you", "en")], "fr")
        await engine.close()

    assert [one and one.text for one in made] == [None, "Merci"]
    async with database.read() as db:
        assert (await db.session.execute(text("SELECT text FROM translations.memory"))).all() == [("Merci",)]


async def test_an_engine_that_is_away_is_asked_again_by_the_next(database: Database, tmp_path: Path) -> None:
    with provider(tmp_path, "quota") as there:
        engine = deepl(there)
        translating = Translating(database, engine)
        for _ in range(2):
            with pytest.raises(TranslationAway):
                await translating.one(Wanted("Thank you", "en"), "fr")
        await engine.close()
        assert len(calls(there)) == 2


async def test_what_cannot_be_asked_is_refused_before(database: Database, address: str) -> None:
    engine = deepl(address)
    translating = Translating(database, engine)
    with pytest.raises(LanguageNotKnown):
        await translating.one(Wanted("Hello", "en"), "tlh")
    with pytest.raises(TooLong):
        await translating.one(Wanted("a" * (MOST_LETTERS + 1), "en"), "fr")
    with pytest.raises(TranslationAway):
        await Translating(database, None).one(Wanted("Hello", "en"), "fr")
    await engine.close()
    assert not calls(address)
