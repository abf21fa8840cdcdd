# SPDX-License-Identifier: Apache-2.0
"""The memory and the glossary, in a real PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import SellerId, TermId, new_uuid
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.db.paging import BadCursor
from silkcast.who.translations import jobs, rules
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import BadTerm, NoSuchTerm, TooManyTerms
from silkcast.who.translations.values import Looked, NewTerm, Term, Translated
from tests.conftest import NOON

SHOP, OTHER = SellerId(new_uuid()), SellerId(new_uuid())
QINGHE = NewTerm("en", "fr", "Qinghe", "Qinghe (la rivière claire)")


async def looked(tx: Tx, *texts: str, seller: SellerId | None = SHOP, engine: str = "sandbox") -> Looked:
    return await translations.look(tx, texts, source="en", target="fr", engine=engine, seller=seller)


async def kept(tx: Tx, said: str, made: str) -> None:
    key = (await looked(tx, said)).keys[said]
    await translations.keep(tx, {key: Translated(made, "fr", "en", "sandbox", tx.now)})


async def test_what_was_made_is_found_again_and_the_original_is_not_kept(tx: Tx) -> None:
    await kept(tx, "How much is the Moon cup?", "Combien coûte la tasse Lune ?")

    found = await looked(tx, "How much is the Moon cup?", "Hello")

    assert {said: one.text for said, one in found.known.items()} == {
        "How much is the Moon cup?": "Combien coûte la tasse Lune ?"
    }
    rows = (await tx.session.execute(text("SELECT * FROM translations.memory"))).mappings().all()
    assert "Moon" not in str([dict(row) for row in rows])


async def test_another_engine_or_language_is_asked_anew(tx: Tx) -> None:
    await kept(tx, "Hello", "Bonjour")

    assert not (await looked(tx, "Hello", engine="deepl")).known
    other = await translations.look(tx, ["Hello"], source="en", target="es", engine="sandbox", seller=SHOP)
    unknown = await translations.look(tx, ["Hello"], source=None, target="fr", engine="sandbox", seller=SHOP)
    assert not other.known
    assert not unknown.known


async def test_a_changed_glossary_asks_anew_only_where_the_word_stands(tx: Tx) -> None:
    await kept(tx, "A Qinghe cup", "Une tasse Qinghe")
    await kept(tx, "A cup", "Une tasse")

    await translations.add_terms(tx, SHOP, [QINGHE])

    found = await looked(tx, "A Qinghe cup", "A cup")
    assert set(found.known) == {"A cup"}
    assert [term.word for term in found.terms] == ["Qinghe"]
    assert set((await looked(tx, "A Qinghe cup", seller=OTHER)).known) == {"A Qinghe cup"}


async def test_the_first_that_is_kept_stays(tx: Tx) -> None:
    await kept(tx, "Hello", "Bonjour")
    await kept(tx, "Hello", "Salut")

    assert (await looked(tx, "Hello")).known["Hello"].text == "Bonjour"


async def test_what_nobody_reads_for_ninety_days_is_forgotten(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        await kept(tx, "Hello", "Bonjour")
        await kept(tx, "Thank you", "Merci")
    clock.advance(timedelta(days=60))
    async with database.write() as tx:
        unread = (await looked(tx, "Hello")).unread
        assert len(unread) == 1
        await translations.touch(tx, unread)
        assert not (await looked(tx, "Hello")).unread
    clock.advance(timedelta(days=31))

    await jobs.forget_old(database)

    async with database.write() as tx:
        assert set((await looked(tx, "Hello", "Thank you")).known) == {"Hello"}


async def test_the_shops_own_word_wins_over_the_houses(tx: Tx) -> None:
    await translations.add_terms(tx, None, [NewTerm("en", "fr", "kiln", "four")])
    await translations.add_terms(tx, SHOP, [NewTerm("en", "fr", "Kiln", "atelier")])

    assert [term.meaning for term in (await looked(tx, "our kiln")).terms] == ["atelier"]
    assert [term.meaning for term in (await looked(tx, "our kiln", seller=OTHER)).terms] == ["four"]


async def test_a_word_again_has_its_new_meaning(tx: Tx) -> None:
    await translations.add_terms(tx, SHOP, [QINGHE, NewTerm("en", "fr", "QINGHE", "Qinghe")])
    await translations.add_terms(tx, SHOP, [NewTerm("en", "fr", "qinghe", "Tsing-ho")])

    (term,) = await translations.terms(tx, SHOP)
    assert term.meaning == "Tsing-ho"


async def test_a_glossary_is_searched_and_read_by_pages(tx: Tx) -> None:
    words = [NewTerm("en", "fr", f"word {number:02}", f"mot {number:02}") for number in range(25)]
    await translations.add_terms(tx, SHOP, words)
    await translations.add_terms(tx, OTHER, [QINGHE])

    first = await translations.glossary(tx, SHOP, limit=20)
    rest = await translations.glossary(tx, SHOP, limit=20, after=first.next)
    assert [one.word for one in (*first.items, *rest.items)] == [one.word for one in words]
    assert rest.next is None
    assert [one.word for one in (await translations.glossary(tx, SHOP, text="MOT 07")).items] == ["word 07"]
    with pytest.raises(BadCursor):
        await translations.glossary(tx, SHOP, after="nonsense")


async def test_another_shops_term_cannot_be_removed(tx: Tx) -> None:
    await translations.add_terms(tx, SHOP, [QINGHE])
    (term,) = await translations.terms(tx, SHOP)

    for stranger in (OTHER, None):
        with pytest.raises(NoSuchTerm):
            await translations.remove_term(tx, stranger, term.id)
    await translations.remove_term(tx, SHOP, term.id)
    assert not await translations.terms(tx, SHOP)


@pytest.mark.parametrize(
    ("term", "field"),
    [
        (NewTerm("english", "fr", "kiln", "four"), "source"),
        (NewTerm("en", "en", "kiln", "four"), "target"),
        (NewTerm("en", "", "kiln", "four"), "target"),
        (NewTerm("en", "fr", "  ", "four"), "word"),
        (NewTerm("en", "fr", "k" * 81, "four"), "word"),
        (NewTerm("en", "fr", "kiln", ""), "meaning"),
        (NewTerm("en", "fr", "kiln", "<b>four</b>"), "meaning"),
        (NewTerm("en", "fr", "kiln", "four\u202e"), "meaning"),
    ],
)
async def test_a_term_that_cannot_be_right_is_refused_with_all_others(
    tx: Tx, term: NewTerm, field: str
) -> None:
    with pytest.raises(BadTerm) as refused:
        await translations.add_terms(tx, SHOP, [QINGHE, term])

    assert (refused.value.field, refused.value.line) == (field, 2)
    assert not await translations.terms(tx, SHOP)


async def test_a_glossary_ends_somewhere(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "MOST_TERMS", 2)
    words = [NewTerm("en", "fr", word, word.upper()) for word in ("a", "b", "c")]
    await translations.add_terms(tx, SHOP, words[:2])

    with pytest.raises(TooManyTerms):
        await translations.add_terms(tx, SHOP, words)


def term(word: str, source: str = "en", seller: SellerId | None = SHOP) -> Term:

    return Term(TermId(new_uuid()), seller, source, "fr", word, "x", NOON)


@pytest.mark.parametrize(
    ("word", "said", "does"),
    [
        ("cup", "Two CUPS", False),
        ("cup", "A Cup, please", True),
        ("青瓷", "我要青瓷茶杯", True),
        ("кружка", "две кружка!", True),
        ("руж", "две кружка!", False),
    ],
)
def test_words_stand_alone_where_there_are_spaces(word: str, said: str, does: bool) -> None:
    assert bool(rules.applying([term(word)], said)) is does


def test_what_a_translation_depends_on_is_told_apart() -> None:
    one = rules.said_for("sandbox", None, "fr", "Hello", [term("a")])
    assert one != rules.said_for("sandbox", None, "fr", "Hello", [term("b")])
    assert one != rules.said_for("sandbox", "en", "fr", "Hello", [term("a")])
    assert one == rules.said_for("sandbox", None, "fr", "Hello", [term("A")])
