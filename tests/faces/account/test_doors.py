# SPDX-License-Identifier: Apache-2.0
"""Registering and logging in through the pages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from silkcast.faces.account.handlers import local
from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database
from tests.faces.running import browser, run_house
from tests.who.identity.reading import code_of, wrong_for

NEW = {"name": "Mei Lin", "contact": "mei@kiln.example", "password": "plenty of clay", "next": "/studio"}


@pytest.fixture
def client(database: Database, tmp_path: Path) -> httpx.AsyncClient:
    return browser(run_house(database, tmp_path))


async def test_somebody_registers_confirms_and_logs_in_again(
    database: Database, client: httpx.AsyncClient
) -> None:
    asked = await client.post("/register", data=NEW)
    async with database.read() as db:
        code = await code_of(db, NEW["contact"], "confirm")
    wrong = await client.post(asked.headers["location"], data={"code": wrong_for(code)})
    right = await client.post(asked.headers["location"], data={"code": code})
    client.cookies.clear()
    again = await client.post("/log-in", data=NEW)

    assert asked.headers["location"] == "/code?next=%2Fstudio"
    assert (wrong.status_code, right.status_code, again.status_code) == (422, 303, 303)
    assert right.headers["location"] == again.headers["location"] == "/studio"
    cookie = again.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_registering_does_not_tell_that_somebody_has_an_account(
    database: Database, client: httpx.AsyncClient, clock: SetClock
) -> None:
    """Who reads the contact's letters comes in; the password that was typed is nobody's."""
    first = await client.post("/register", data=NEW)
    async with database.read() as db:
        code = await code_of(db, NEW["contact"], "confirm")
    await client.post(first.headers["location"], data={"code": code})
    clock.advance(timedelta(minutes=1))
    client.cookies.clear()
    second = await client.post("/register", data={**NEW, "password": "eves own password"})

    assert (second.status_code, second.headers["location"]) == (first.status_code, first.headers["location"])
    client.cookies.clear()
    tried = await client.post("/log-in", data={**NEW, "password": "eves own password"})
    assert tried.status_code == 422


async def test_a_wrong_password_is_counted_and_told_alike(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/log-in", data={"contact": "nobody@x.example", "password": "wrong wrong"})
        for _ in range(6)
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert "Too many tries" in answers[-1].text


async def test_a_weak_password_is_said_beside_its_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/register", data={**NEW, "password": "short"})

    assert answer.status_code == 422
    assert 'id="password-wrong"' in answer.text


async def test_logging_out_ends_the_session(client: httpx.AsyncClient) -> None:
    out = await client.post("/log-out")

    assert out.headers["location"] == "/"
    assert (await client.get("/you")).status_code == 303


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/studio?days=7", "/studio?days=7"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_within_the_site_only(asked: str, goes: str) -> None:
    assert local(asked) == goes
