# SPDX-License-Identifier: Apache-2.0
"""Following a shop: only somebody logged in and confirmed, for themselves, and taken back by one button."""

from __future__ import annotations

from silkcast.watch.notices import followers
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import Session
from tests.faces.build import Town, visitor
from tests.faces.running import browser, person
from tests.who.identity.reading import code_of


async def test_follow_and_take_it_back(town: Town) -> None:
    path = f"/shop/{town.seller.slug}"
    somebody = await person(town.database)
    async with browser(town.running, somebody.session) as http, visitor(town) as stranger:
        assert (await stranger.post(f"{path}/follow")).status_code in (303, 401)
        async with town.database.read() as db:
            assert await followers.count(db, town.seller.id) == 0
        unconfirmed = await http.post(f"{path}/follow")
        assert unconfirmed.status_code == 403
        async with town.database.write() as tx:
            contact = somebody.user.contact
            code = await code_of(tx, contact, "confirm")
            known = await identity.login_with_code(tx, contact, code, purpose="confirm")
            assert isinstance(known, Session)
        answer = await http.post(f"{path}/follow")
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        assert "Following" in (await http.get(path)).text
        async with town.database.read() as db:
            assert await followers.count(db, town.seller.id) == 1
        await http.post(f"{path}/follow")
        async with town.database.read() as db:
            assert await followers.count(db, town.seller.id) == 0
