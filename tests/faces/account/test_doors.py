# SPDX-License-Identifier: Apache-2.0
"""Registering and logging in through the pages."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from silkcast.faces.account.handlers import local
from silkcast.plumbing.db import Database
from silkcast.who.identity import service as identity
from tests.faces.running import browser, run_house

NEW = {"name": "Mei Lin", "contact": "mei@kiln.example", "password": "plenty of clay", "next": "/studio"}


@pytest.fixture
def client(database: Database, tmp_path: Path) -> httpx.AsyncClient:
    return browser(run_house(database, tmp_path))


async def test_somebody_registers_confirms_and_logs_in_again(
    database: Database, client: httpx.AsyncClient
) -> None:
    asked = await client.post("/register", data=NEW)
    async with database.read() as db:
        user = await identity.by_contact(db, NEW["contact"])
        assert user is not None
        code = await identity.code_to_send(db, user.id, "confirm")
    wrong = await client.post(asked.headers["location"], data={"code": "000000" if code != "000000" else "1"})
    right = await client.post(asked.headers["location"], data={"code": code})
    client.cookies.clear()
    again = await client.post("/log-in", data=NEW)

    assert asked.headers["location"].startswith("/code?contact=mei%40kiln.example")
    assert (wrong.status_code, right.status_code, again.status_code) == (422, 303, 303)
    assert right.headers["location"] == again.headers["location"] == "/studio"
    cookie = again.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


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
