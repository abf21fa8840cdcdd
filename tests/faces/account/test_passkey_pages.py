# SPDX-License-Identifier: Apache-2.0
"""Passkeys over HTTP, as the page's script asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from silkcast.main import Running
from silkcast.plumbing.db import Database
from silkcast.watch.audit import service as audit
from tests.faces.running import Person, browser, person, run_house
from tests.who.identity.authenticator import Authenticator

ORIGIN = "https://shop.example"


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Running:
    return run_house(database, tmp_path, f'origin = "{ORIGIN}"\n')


@pytest.fixture
async def mei(database: Database) -> Person:
    return await person(database)


def at(running: Running, session: str = "") -> httpx.AsyncClient:
    client = browser(running, session, accept="application/json")
    client.base_url = httpx.URL(ORIGIN)
    return client


async def make(client: httpx.AsyncClient, device: Authenticator, name: str = "Phone") -> httpx.Response:
    options = (await client.post("/you/passkeys/ask", json={})).json()
    return await client.post("/you/passkeys", json={"credential": device.make(options), "name": name})


async def sign(client: httpx.AsyncClient, device: Authenticator, **more: Any) -> httpx.Response:
    options = (await client.post("/passkeys/ask", json={})).json()
    return await client.post("/passkeys", json={"credential": device.sign(options), **more})


async def test_added_on_you_used_to_come_in_and_written_down(running: Running, mei: Person) -> None:
    device, client = Authenticator(ORIGIN, "shop.example"), at(running, mei.session)
    made = await make(client, device)
    stranger = at(running)
    came = await sign(stranger, device, next="/orders")
    away = await sign(at(running), device, next="https://evil.example/")
    page = (await stranger.get("/you", headers={"accept": "text/html"})).text
    async with running.house.database.read() as db:
        added = await audit.entries(db, verb="passkey.added")
        entered = await audit.entries(db, verb="user.logged_in")

    assert made.json() == {"href": "/you#passkeys"}
    assert (came.json(), away.json()) == ({"href": "/orders"}, {"href": "/"})
    cookies = [line.lower() for line in came.headers.get_list("set-cookie") if line.startswith("session=")]
    assert len(cookies) == 1
    assert "httponly" in cookies[0]
    assert "secure" in cookies[0]
    assert "Mei Lin" in page
    assert "Phone" in page
    assert [one.object_id for one in added] == [str(mei.user.id)]
    assert [one.facts["by"] for one in entered] == ["passkey", "passkey"]


async def test_the_list_renames_and_removes(running: Running, mei: Person) -> None:
    client = at(running, mei.session)
    await make(client, Authenticator(ORIGIN, "shop.example"))
    client.headers["accept"] = "text/html"
    page = (await client.get("/you")).text
    path = page.split('action="/you/passkeys/')[1].split("/")[0]
    blank = await client.post(f"/you/passkeys/{path}/name", data={"name": " "})
    named = await client.post(f"/you/passkeys/{path}/name", data={"name": "<b>Mine</b>"})
    page = (await client.get("/you")).text
    gone = await client.post(f"/you/passkeys/{path}/remove")
    again = await client.post(f"/you/passkeys/{path}/remove")
    async with running.house.database.read() as db:
        removed = await audit.entries(db, verb="passkey.removed")

    assert (blank.status_code, named.status_code, gone.status_code, again.status_code) == (422, 303, 303, 404)
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page
    assert len(removed) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"credential": 1}', b"\xff", b'{"credential": {"x": "' + b"a" * 70_000 + b'"}}'],
)
async def test_what_cannot_be_read_is_refused(running: Running, body: bytes) -> None:
    answer = await at(running).post("/passkeys", content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "identity.bad_answer")


async def test_refusals_have_words_for_the_page(running: Running, mei: Person) -> None:
    stranger = at(running)
    unknown = await sign(stranger, Authenticator(ORIGIN, "shop.example"))
    nobody = await stranger.post("/you/passkeys/ask", json={})
    foreign = await make(at(running, mei.session), Authenticator("https://evil.example", "shop.example"))

    assert (unknown.status_code, unknown.json()["code"]) == (403, "identity.wrong_passkey")
    assert unknown.json()["words"].startswith("That passkey did not work")
    assert nobody.status_code == 401
    assert (foreign.status_code, foreign.json()["code"]) == (403, "identity.wrong_passkey")


async def test_a_copy_is_shut_out_and_written_down(running: Running, mei: Person) -> None:
    device = Authenticator(ORIGIN, "shop.example")
    await make(at(running, mei.session), device)
    copy = Authenticator(
        ORIGIN, "shop.example", credential=device.credential, key=device.key, handle=device.handle
    )
    await sign(at(running), device)
    answer = await sign(at(running), copy)
    page = (await at(running, mei.session).get("/you", headers={"accept": "text/html"})).text
    async with running.house.database.read() as db:
        noted = await audit.entries(db, verb="passkey.copied")

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.passkey_copied")
    assert "It may have been copied" in page
    assert len(noted) == 1


async def test_another_browsers_answer_is_nobodys(running: Running, mei: Person) -> None:
    device = Authenticator(ORIGIN, "shop.example")
    await make(at(running, mei.session), device)
    options = (await at(running).post("/passkeys/ask", json={})).json()
    answer = await at(running).post("/passkeys", json={"credential": device.sign(options)})
    assert answer.json()["code"] == "identity.wrong_passkey"


async def test_another_site_cannot_ask_or_bring(running: Running) -> None:
    client = at(running)
    client.headers["sec-fetch-site"] = "cross-site"
    assert (await client.post("/passkeys/ask", json={})).status_code == 403
    assert (await client.post("/passkeys", json={})).status_code == 403


async def test_a_house_without_a_name_offers_none(database: Database, tmp_path: Path, mei: Person) -> None:
    running = run_house(database, tmp_path)
    answer = await at(running).post("/passkeys/ask", json={})
    page = (await at(running).get("/log-in", headers={"accept": "text/html"})).text

    assert (answer.status_code, answer.json()["code"]) == (409, "identity.no_passkeys_here")
    assert "sc-passkey" not in page
