# SPDX-License-Identifier: Apache-2.0
"""A thirteenth language by data alone: a folder with a file and a catalog, and the setting that names it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from silkcast.faces.words.catalog import catalog, script_words
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Database
from silkcast.plumbing.tongues import LanguageSettings
from silkcast.watch.notices import service as notices
from tests.faces.build import Town, open_town
from tests.faces.pseudo import OPEN, pseudo, write_language
from tests.faces.running import browser

KOREAN = "ko-KR,ko;q=0.9,en;q=0.5"


@pytest.fixture
async def town(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    own = tmp_path / "own"
    write_language(own, "ko", "한국어", script="Kore", forms=1)
    monkeypatch.setenv("SILKCAST_LANGUAGES__FOLDER", str(own))
    yield await open_town(database, tmp_path)
    tongues.use(LanguageSettings())


@pytest.fixture
async def korean(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(town.running, **{"accept-language": KOREAN}) as client:
        client.cookies.update({"market": "FR"})
        yield client


async def test_a_browsers_wish_is_answered_in_it(town: Town, korean: httpx.AsyncClient) -> None:
    answer = await korean.get(town.path)

    assert '<html lang="ko" dir="ltr"' in answer.text
    assert pseudo("Buy now").rstrip() in answer.text
    assert f'hreflang="ko" href="http://shop.test{town.path}?language=ko"' in answer.text
    assert "프랑스" in (await korean.get("/market")).text  # CLDR's word for France, from no file of ours


async def test_it_stands_in_the_list_by_its_own_name_and_can_be_chosen(
    town: Town, korean: httpx.AsyncClient
) -> None:
    assert '<span lang="ko">한국어</span>' in (await korean.get("/market?language=en")).text

    chosen = await korean.post("/market", data={"language": "ko", "next": "/"})

    assert "language=ko" in chosen.headers["set-cookie"]


async def test_a_refusal_is_told_in_it(town: Town, korean: httpx.AsyncClient) -> None:
    answer = await korean.get("/nowhere")

    assert answer.status_code == 404
    assert OPEN in answer.text
    assert '<html lang="ko"' in answer.text


async def test_scripts_get_their_words_and_its_plural_rule(town: Town, korean: httpx.AsyncClient) -> None:
    answer = await korean.get("/words/ko.json")
    said = answer.json()

    assert answer.status_code == 200
    assert said == json.loads(script_words("ko"))
    assert said["Turn sound off"] == pseudo("Turn sound off")
    assert set(said[""]) == {"0"}
    assert len(said["Somebody in %(place)s bought one"]) == 1
    assert (await korean.get("/words/nl.json")).status_code == 404
    assert (await korean.get("/words/ja.json")).status_code == (200 if tongues.is_spoken("ja") else 404)


async def test_python_counts_in_it(town: Town) -> None:
    said = {catalog("ko").ngettext("%(num)s item", "%(num)s items", count) for count in (1, 2, 5)}

    assert said == {pseudo("%(num)s items")}


async def test_a_letter_is_written_in_it(town: Town, database: Database) -> None:
    facts = {"code": "123456", "minutes": "10"}
    async with database.write() as tx:
        await notices.queue(
            tx, "code", to="min@example.org", language="ko", facts=facts, about=None, key="k1"
        )
        (queued,) = await notices.notices(tx)
        letter = await notices.letter(tx, queued.id)

    assert letter is not None
    assert letter.language == "ko"
    assert letter.subject == pseudo("{code} is your Silkcast code").format(code="123456")
    assert "123456" in letter.body


async def test_a_language_nobody_brought_is_answered_in_the_next_one(
    town: Town, korean: httpx.AsyncClient
) -> None:
    answer = await korean.get(town.path, headers={"accept-language": "nl, fr;q=0.8, ko;q=0.1"})

    assert '<html lang="fr"' in answer.text
