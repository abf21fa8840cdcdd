# SPDX-License-Identifier: Apache-2.0
"""A shop's glossary: by hand and as a file, for the shop alone."""

from __future__ import annotations

import httpx
import pytest

from silkcast.who.translations import service as translations
from silkcast.who.translations.values import NewTerm, Term
from tests.faces.build import Town

QINGHE = {"source": "en", "target": "fr", "word": "Qinghe", "meaning": "Rivière Claire"}


async def terms(town: Town) -> tuple[Term, ...]:
    async with town.database.read() as db:
        return await translations.terms(db, town.seller.id)


async def bring(client: httpx.AsyncClient, text: str | bytes) -> httpx.Response:
    octets = text.encode() if isinstance(text, str) else text
    return await client.post("/studio/glossary/import", files={"file": ("words.csv", octets, "text/csv")})


async def test_a_word_is_added_found_and_removed(town: Town, seller: httpx.AsyncClient) -> None:
    added = await seller.post("/studio/glossary", data=QINGHE)
    found = await seller.get("/studio/glossary?q=claire")
    not_found = await seller.get("/studio/glossary?q=nothing")
    (term,) = await terms(town)
    removed = await seller.post(f"/studio/glossary/{term.id}/remove")

    assert added.headers["location"] == "/studio/glossary?saved=1"
    assert "Rivière Claire" in found.text
    assert "Rivière Claire" not in not_found.text
    assert removed.status_code == 303
    assert await terms(town) == ()


async def test_the_words_of_the_house_are_seen_and_not_removed(town: Town, seller: httpx.AsyncClient) -> None:
    async with town.database.write() as tx:
        await translations.add_terms(tx, None, [NewTerm("en", "fr", "kiln", "four")])
        (term,) = await translations.terms(tx, None)

    assert "four" in (await seller.get("/studio/glossary")).text
    assert (await seller.post(f"/studio/glossary/{term.id}/remove")).status_code == 404


async def test_a_word_that_cannot_be_right_comes_back_with_what_was_typed(
    town: Town, seller: httpx.AsyncClient
) -> None:
    answer = await seller.post("/studio/glossary", data={**QINGHE, "target": "en"})

    assert answer.status_code == 422
    assert 'value="Qinghe"' in answer.text
    assert await terms(town) == ()


async def test_what_is_exported_can_be_brought_back(town: Town, seller: httpx.AsyncClient) -> None:
    async with town.database.write() as tx:
        words = [NewTerm("en", "fr", "Qinghe", "Rivière, Claire"), NewTerm("zh", "en", "天青", "-sky- blue")]
        await translations.add_terms(tx, town.seller.id, words)
    file = (await seller.get("/studio/glossary.csv")).content
    for term in await terms(town):
        await seller.post(f"/studio/glossary/{term.id}/remove")

    assert (await bring(seller, file)).status_code == 303

    there = [(one.source, one.target, one.word, one.meaning) for one in await terms(town)]
    assert there == [("en", "fr", "Qinghe", "Rivière, Claire"), ("zh", "en", "天青", "-sky- blue")]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\xff\xfe nonsense",
        "word,meaning\nQinghe,Rivière\n",
        "source,target,word,meaning\nen,fr,Qinghe,Rivière\nen,fr,cup\n",
        "source,target,word,meaning\nen,fr,Qinghe,Rivière\nen,fr,cup,\n",
    ],
)
async def test_a_file_that_is_wrong_somewhere_changes_nothing(
    town: Town, seller: httpx.AsyncClient, file: str | bytes
) -> None:
    answer = await bring(seller, file)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await terms(town) == ()


async def test_a_neighbour_sees_and_removes_nothing(
    town: Town, seller: httpx.AsyncClient, neighbour: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await seller.post("/studio/glossary", data=QINGHE)
    (term,) = await terms(town)

    assert "Rivière Claire" not in (await neighbour.get("/studio/glossary")).text
    assert "Rivière Claire" not in (await neighbour.get("/studio/glossary.csv")).text
    assert (await neighbour.post(f"/studio/glossary/{term.id}/remove")).status_code == 404
    for path in ("/studio/glossary", "/studio/glossary.csv"):
        assert (await stranger.get(path)).status_code in (302, 303, 401)
    assert (await stranger.post("/studio/glossary", data=QINGHE)).status_code in (302, 303, 401)
    assert len(await terms(town)) == 1
