# SPDX-License-Identifier: Apache-2.0
"""The off switch over the API: only for accounts that may, with a token that may."""

from __future__ import annotations

from pathlib import Path

from silkcast.ground.places import Country
from silkcast.plumbing.db import Database
from silkcast.who.closings import service as closings
from silkcast.who.identity import managing
from tests.faces.api.test_api import V1, client, shop_of, token
from tests.faces.running import run_house

FR = Country("FR")
CLOSE, REOPEN = f"{V1}/market-states/fr/close", f"{V1}/market-states/FR/reopen"


async def is_closed(database: Database) -> bool:
    async with database.read() as db:
        return await closings.of_market(db, FR) is not None


async def test_a_managers_program_closes_and_opens(database: Database, tmp_path: Path) -> None:
    running = run_house(database, tmp_path)
    owner, shop, _ = await shop_of(database)
    async with client(running, await token(database, owner, shop, "markets:write")) as http:
        stranger = await http.post(CLOSE, json={"reason": "A strike"})
        assert (stranger.status_code, stranger.json()["code"]) == (403, "identity.not_your_market")
        async with database.write() as tx:
            await managing.grant(tx, owner.user.id, FR, {"market.words"}, "words only")
        limited = await http.post(CLOSE, json={"reason": "A strike"})
        assert (limited.status_code, limited.json()["code"]) == (403, "identity.right_missing")
        assert not await is_closed(database)

        async with database.write() as tx:
            await managing.grant(tx, owner.user.id, FR, {"market.close"}, "knows France")
        closed = await http.post(CLOSE, json={"reason": "A strike", "link": "/shop/kiln-paris"})
        assert (closed.status_code, closed.json()["state"], closed.json()["reason"]) == (
            200,
            "closed",
            "A strike",
        )
        again = await http.post(CLOSE, json={"reason": "Another"})
        assert (again.status_code, again.json()["code"]) == (409, "markets.already_closed")
        states = (await http.get(f"{V1}/market-states")).json()["items"]
        assert [one["market"] for one in states if one["state"] == "closed"] == ["FR"]
        opened = await http.post(REOPEN, json={"reason": "It is over"})
        assert (opened.status_code, opened.json()["state"]) == (200, "open")
        assert not await is_closed(database)
        for path, body, status, code in (
            (f"{V1}/market-states/XX/close", {"reason": "nowhere"}, 404, "markets.none"),
            (CLOSE, {"reason": " "}, 422, "markets.bad_closure"),
            (CLOSE, {"reason": "x", "link": "javascript:1"}, 422, "markets.bad_closure"),
            (REOPEN, {"reason": "never was"}, 409, "markets.not_closed"),
        ):
            answer = await http.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_token_without_the_scope_may_not(database: Database, tmp_path: Path) -> None:
    running = run_house(database, tmp_path)
    owner, shop, _ = await shop_of(database)
    async with client(running, await token(database, owner, shop, "orders:write")) as http:
        answer = await http.post(CLOSE, json={"reason": "A strike"})
    assert (answer.status_code, answer.json()["code"]) == (403, "api.scope_missing")
    assert not await is_closed(database)
