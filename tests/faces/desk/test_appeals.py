# SPDX-License-Identifier: Apache-2.0
"""An operator decides appeals for a reason and until a day; others learn nothing; each decision is noted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from silkcast.flows import admitting
from silkcast.goods.admission import service as admission
from silkcast.goods.admission.values import Appeal
from silkcast.goods.catalog import service as catalog
from silkcast.ground.language import Words
from silkcast.plumbing.db import Database
from silkcast.watch.audit import service as audit
from tests.faces.build import Town, open_town
from tests.faces.running import Person, browser, person
from tests.faces.studio.test_admission import TOY, become


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    made = await open_town(database, tmp_path)
    await become(made, TOY)
    return made


@pytest.fixture
async def operator(town: Town) -> Person:
    return await person(town.database, name="Ada Wen", is_operator=True)


@pytest.fixture
async def desk(town: Town, operator: Person) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(town.running, operator.session) as http:
        yield http


@pytest.fixture
async def asked(town: Town) -> Appeal:
    paper = await admitting.keep_paper(town.running.house.scene.files, b"%PDF-1.7 tested")
    async with town.database.write() as tx:
        return await admitting.appeal(tx, town.seller.id, town.product.id, "FR", "EN 71 <attached>", paper)


async def standing(town: Town) -> str:
    async with town.database.read() as db:
        product = await catalog.product(db, town.product.id)
        return (await admitting.by_market(db, product))["FR"].standing  # type: ignore[index]


def day(town: Town, days: int) -> str:
    return (town.running.house.database.clock.now().date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_queue_and_the_appeal_open(desk: httpx.AsyncClient, asked: Appeal, language: str) -> None:
    desk.headers["accept-language"] = language
    for query, is_there in (
        ("", True),
        ("?q=wooden&market=FR", True),
        ("?market=SA", False),
        ("?q=teapot", False),
        ("?status=refused", False),
    ):
        listed = await desk.get(f"/desk/appeals{query}")
        assert listed.status_code == 200
        assert (f"/desk/appeals/{asked.id}" in listed.text) is is_there, query
    one = await desk.get(f"/desk/appeals/{asked.id}")
    assert one.status_code == 200
    assert "EN 71 &lt;attached&gt;" in one.text
    assert "Directive 2009/48/EC" in one.text


async def test_an_appeal_is_admitted_until_a_day_and_noted(
    town: Town, desk: httpx.AsyncClient, operator: Person, asked: Appeal
) -> None:
    before = await standing(town)

    answer = await desk.post(
        f"/desk/appeals/{asked.id}/admit", data={"reason": "EN 71 seen", "until": day(town, 90)}
    )
    again = await desk.post(f"/desk/appeals/{asked.id}/refuse", data={"reason": "no"})

    assert (before, answer.status_code, again.status_code) == ("papers_needed", 303, 409)
    assert await standing(town) == "admitted"
    async with town.database.read() as db:
        entries = await audit.entries(db, object_id=str(town.product.id))
    newest = entries[0]
    assert (newest.verb, newest.actor) == ("admission.admitted", operator.user.id)
    assert newest.facts["reason"] == "EN 71 seen"
    assert newest.facts["until"] == day(town, 90)
    assert "EN 71 seen" in (await desk.get(f"/desk/appeals/{asked.id}")).text


async def test_a_refusal_has_a_reason_and_changes_nothing(
    town: Town, desk: httpx.AsyncClient, asked: Appeal
) -> None:
    silent = await desk.post(f"/desk/appeals/{asked.id}/refuse", data={"reason": " "})
    answer = await desk.post(f"/desk/appeals/{asked.id}/refuse", data={"reason": "illegible"})

    assert (silent.status_code, answer.status_code) == (422, 303)
    assert await standing(town) == "papers_needed"
    async with town.database.read() as db:
        assert (await admission.the_appeal(db, asked.id)).answer == "illegible"
        assert (await audit.entries(db, object_id=str(town.product.id)))[0].verb == "admission.refused"


@pytest.mark.parametrize("until", ["", "soon", "2001-01-01", "2099-01-01"])
async def test_a_day_that_cannot_be_is_refused(
    town: Town, desk: httpx.AsyncClient, asked: Appeal, until: str
) -> None:
    answer = await desk.post(f"/desk/appeals/{asked.id}/admit", data={"reason": "seen", "until": until})

    assert answer.status_code == 422
    assert await standing(town) == "papers_needed"
    async with town.database.read() as db:
        assert (await admission.the_appeal(db, asked.id)).state == "open"


async def test_an_operator_bars_a_product_in_the_market(
    town: Town, desk: httpx.AsyncClient, asked: Appeal
) -> None:
    answer = await desk.post(
        f"/desk/appeals/{asked.id}/bar", data={"reason": "recalled", "until": day(town, 9)}
    )

    assert answer.status_code == 303
    assert await standing(town) == "barred"


async def test_a_paper_is_saved_not_opened_and_it_is_noted_who_looked(
    town: Town, desk: httpx.AsyncClient, operator: Person, asked: Appeal
) -> None:
    answer = await desk.get(f"/desk/appeals/{asked.id}/paper")

    assert answer.content == b"%PDF-1.7 tested"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    async with town.database.read() as db:
        newest = (await audit.entries(db, object_id=str(town.product.id)))[0]
    assert (newest.verb, newest.actor) == ("admission.paper_seen", operator.user.id)


async def test_others_decide_nothing(town: Town, asked: Appeal) -> None:
    somebody = await person(town.database)
    forms = {"admit": {"reason": "x", "until": day(town, 9)}, "refuse": {"reason": "x"}}
    forms["bar"] = forms["admit"]
    async with browser(town.running, somebody.session) as http, browser(town.running) as stranger:
        for deed, form in forms.items():
            path = f"/desk/appeals/{asked.id}/{deed}"
            assert (await http.post(path, data=form)).status_code == 404
            assert (await stranger.post(path, data=form)).status_code in (303, 401)
        for path in (f"/desk/appeals/{asked.id}", f"/desk/appeals/{asked.id}/paper"):
            assert (await http.get(path)).status_code == 404
            assert (await stranger.get(path)).status_code == 303
        assert (await stranger.get(f"/files/papers/{asked.paper}.pdf")).status_code == 404
    async with town.database.read() as db:
        assert (await admission.the_appeal(db, asked.id)).state == "open"


async def test_what_is_not_there_is_not_found(desk: httpx.AsyncClient) -> None:
    assert (await desk.get(f"/desk/appeals/{uuid4()}")).status_code == 404
    assert (await desk.post(f"/desk/appeals/{uuid4()}/refuse", data={"reason": "x"})).status_code == 404


async def test_a_changed_product_is_said_so_and_not_admitted(
    town: Town, desk: httpx.AsyncClient, asked: Appeal
) -> None:
    async with town.database.read() as db:
        now = await catalog.product(db, town.product.id)
    object.__setattr__(town, "product", now)
    await become(town, Words({"en": "Wooden toy, new paint", "zh": "玩具"}))

    shown = await desk.get(f"/desk/appeals/{asked.id}")
    answer = await desk.post(
        f"/desk/appeals/{asked.id}/admit", data={"reason": "seen", "until": day(town, 9)}
    )

    assert "The product was changed since this was asked." in shown.text
    assert answer.status_code == 409
