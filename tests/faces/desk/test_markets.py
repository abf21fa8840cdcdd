# SPDX-License-Identifier: Apache-2.0
"""Markets at the desk: operators see all of them, managers theirs, others nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import VariantId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.identity import managing
from silkcast.who.teams import service as teams
from silkcast.who.teams.values import Change, Limits
from tests.faces.running import browser, person, run_house
from tests.flows.shop import open_the_shop

FR = Country("FR")
PATH = "/desk/markets/FR"
PAGES = ("/desk/markets", PATH, f"{PATH}/prices", f"{PATH}/changes", f"{PATH}/team")
WIDE = Limits(FR, None, 20, 10, 50, 0, 40, why="a season")


@dataclass(slots=True)
class Desk:
    database: Database
    operator: httpx.AsyncClient
    manager: httpx.AsyncClient
    buyer: httpx.AsyncClient
    stranger: httpx.AsyncClient
    cup: VariantId


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    running = run_house(database, tmp_path)
    ada = await person(database, name="Ada Wen", is_operator=True)
    lea = await person(database, name="Léa Roux")
    buyer = await person(database, name="Bob")
    async with database.write() as tx:
        _, _, products = await open_the_shop(tx)
        rights = {"market.prices", "market.words", "market.close", "market.deals", "market.texts"}
        await managing.grant(tx, lea.user.id, FR, rights, "knows France")
        await teams.set_limits(tx, WIDE)
    async with (
        browser(running, ada.session) as operator,
        browser(running, lea.session) as manager,
        browser(running, buyer.session) as other,
        browser(running) as stranger,
    ):
        yield Desk(database, operator, manager, other, stranger, products["cup"].variants[0].id)


async def verbs(desk: Desk) -> list[str]:
    async with desk.database.read() as db:
        return [entry.verb for entry in await audit.entries(db, object_id="FR")]


async def is_closed(desk: Desk, market: str = "FR") -> bool:
    async with desk.database.read() as db:
        return await closings.of_market(db, Country(market)) is not None


async def changes(desk: Desk) -> list[Change]:
    async with desk.database.read() as db:
        return list(await teams.changes(db, FR))


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_pages_open_for_operators_and_for_the_markets_own_manager(desk: Desk, language: str) -> None:
    for client in (desk.operator, desk.manager):
        for path in PAGES:
            answer = await client.get(path, headers={"accept-language": language})
            assert answer.status_code == 200, (path, answer.text[:400])
            assert f'lang="{language}"' in answer.text


async def test_others_learn_nothing(desk: Desk) -> None:
    for path in (*PAGES, f"{PATH}/changes.csv", "/desk/markets/sheet.csv"):
        assert (await desk.buyer.get(path)).status_code == 404
        assert (await desk.stranger.get(path)).status_code in (303, 401)
    for path in ("close", "reopen", "changes", "managers", "limits"):
        answer = await desk.buyer.post(f"{PATH}/{path}", data={"reason": "a rival"})
        assert answer.status_code == 404
    assert not await is_closed(desk)


async def test_a_manager_has_one_market_and_no_other_page_of_the_desk(desk: Desk) -> None:
    listed = (await desk.manager.get("/desk/markets")).text
    assert "/desk/markets/FR" in listed
    assert "/desk/markets/US" not in listed
    assert "/desk/orders" not in listed
    assert (await desk.manager.get("/desk/orders")).status_code == 404
    for path in ("", "/prices", "/changes", "/team", "/changes.csv"):
        assert (await desk.manager.get(f"/desk/markets/US{path}")).status_code == 403
    refused = await desk.manager.post("/desk/markets/US/close", data={"reason": "over the sea"})
    assert refused.status_code == 403
    assert not await is_closed(desk, "US")
    assert (await desk.operator.get("/desk/markets/XX")).status_code == 404


async def test_only_head_office_names_managers_sets_limits_and_refunds(desk: Desk) -> None:
    for path, form in (
        ("managers", {"contact": "me@example.org", "rights": "market.floors", "reason": "more"}),
        ("limits", {"price_down": "99", "reason": "more"}),
        ("close", {"reason": "a strike", "open_orders": "refund"}),
        ("close", {"reason": "a strike", "until": "2030-01-01T00:00"}),
    ):
        answer = await desk.manager.post(f"{PATH}/{path}", data=form)
        assert answer.status_code == 403, path
    assert not await is_closed(desk)
    assert await verbs(desk) == []


async def test_closing_and_opening_are_noted_with_who_and_why(desk: Desk) -> None:
    answer = await desk.manager.post(f"{PATH}/close", data={"reason": "A strike", "link": "/shop/elsewhere"})
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    page = (await desk.operator.get(PATH)).text
    assert "A strike" in page
    assert "Léa Roux" in page
    assert "A strike" in (await desk.operator.get("/desk/markets/sheet.csv?status=closed")).text
    again = await desk.operator.post(f"{PATH}/close", data={"reason": "Another strike"})
    assert again.status_code == 409

    await desk.operator.post(f"{PATH}/reopen", data={"reason": "It is over"})

    assert not await is_closed(desk)
    assert await verbs(desk) == ["market.reopened", "market.closed"]
    page = (await desk.operator.get(PATH)).text
    assert "It is over" in page
    assert "Ada Wen" in page


async def test_without_a_reason_nothing_is_closed(desk: Desk) -> None:
    answer = await desk.operator.post(f"{PATH}/close", data={"reason": " "})
    assert answer.status_code == 422
    wrong = await desk.operator.post(f"{PATH}/close", data={"reason": "x", "from": "yesterday-ish"})
    assert wrong.status_code == 422
    assert not await is_closed(desk)


async def test_closing_ahead_is_in_the_markets_own_time(desk: Desk) -> None:
    form = {"reason": "A holiday", "from": "2026-12-25T00:00", "until": "2026-12-26T00:00"}
    answer = await desk.operator.post(f"{PATH}/close", data=form)
    assert answer.status_code == 303
    async with desk.database.read() as db:
        closure = await closings.of_market(db, FR)
    assert closure is not None
    assert closure.begins_at.isoformat() == "2026-12-24T23:00:00+00:00", "midnight in Paris"
    assert closure.begun_at is None


async def test_a_price_is_set_within_limits_and_undone(desk: Desk) -> None:
    form = {
        "what": "price",
        "key": str(desk.cup),
        "value": "11.00",
        "why": "a rival",
        "back": f"{PATH}/prices",
    }
    answer = await desk.manager.post(f"{PATH}/changes", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/prices")
    beyond = await desk.manager.post(f"{PATH}/changes", data={**form, "value": "9.99"})
    assert beyond.status_code == 403
    assert "10.00 EUR" in beyond.text
    elsewhere = await desk.manager.post(
        f"{PATH}/changes", data={**form, "value": "12.00", "back": "//evil.example"}
    )
    assert elsewhere.headers["location"] == PATH
    floor = await desk.manager.post(f"{PATH}/changes", data={**form, "what": "floor"})
    assert floor.status_code == 403, "not among this manager's rights"

    last, first = await changes(desk)
    early = await desk.manager.post(f"{PATH}/changes/{first.id}/undo", data={"reason": "too early"})
    assert early.status_code == 409
    undone = await desk.manager.post(f"{PATH}/changes/{last.id}/undo", data={"reason": "the rival is gone"})
    assert undone.headers["location"] == f"{PATH}/changes"

    async with desk.database.read() as db:
        assert str((await pricing.prices(db, [desk.cup], FR))[desk.cup].amount.amount) == "11.00"
    page = (await desk.operator.get(f"{PATH}/changes?q=rival")).text
    assert "the rival is gone" in page
    sheet = (await desk.operator.get(f"{PATH}/changes.csv?what=price")).text
    assert sheet.count("Léa Roux") == 3
    assert "market.change_undone" in await verbs(desk)


async def test_a_manager_is_named_and_taken_away(desk: Desk, database: Database) -> None:
    nobody = await desk.operator.post(
        f"{PATH}/managers", data={"contact": "nobody@example.org", "rights": "market.words", "reason": "x"}
    )
    assert nobody.status_code == 422
    async with database.read() as db:
        (lea,) = await managing.managers(db, FR)
    await desk.operator.post(f"{PATH}/managers/{lea.user}/revoke", data={"reason": "left us"})
    assert (await desk.manager.get(PATH)).status_code == 404
    assert (await verbs(desk))[0] == "market.manager_revoked"
    limits = dict.fromkeys(("price_down", "price_up", "floor_down", "floor_up", "deal_most"), "5")
    answer = await desk.operator.post(f"{PATH}/limits", data={**limits, "reason": "careful"})
    assert answer.headers["location"] == f"{PATH}/team"
    wrong = await desk.operator.post(
        f"{PATH}/limits", data={**limits, "price_down": "x", "reason": "careful"}
    )
    assert wrong.status_code == 422
    async with database.read() as db:
        assert (await teams.limits(db, FR)).price_down == 5
