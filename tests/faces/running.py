# SPDX-License-Identifier: Apache-2.0
"""A whole house over the test's database, asked as a browser or a program asks it. Its engines are the
sandboxes, which are not running: what asks them is not for these tests."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import httpx

from silkcast.ground.ids import new_number
from silkcast.main import Running, settings_from, wire
from silkcast.plumbing.db import Database
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import User

ORIGIN = "http://shop.test"


def free_port() -> int:
    """A port nobody has now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def run_house(database: Database, folder: Path, more: str = "") -> Running:
    """The house, wired and not started."""
    file = folder / "silkcast.toml"
    file.write_text(f'[house]\nfolder = "{folder / "var"}"\n[site]\nis_demo = true\n{more}')
    return wire(settings_from(file), database)


def browser(running: Running, session: str = "", **headers: str) -> httpx.AsyncClient:
    """A client that speaks to the house without a network; with a session, as who is logged in."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=running.app),  # type: ignore[arg-type]
        base_url=ORIGIN,
        headers={"sec-fetch-site": "same-origin", "accept": "text/html", **headers},
        cookies={"session": session} if session else None,
    )


@dataclass(frozen=True, slots=True)
class Person:
    user: User
    session: str


async def person(database: Database, *, name: str = "Mei Lin", is_operator: bool = False) -> Person:
    """Somebody who is logged in."""
    async with database.write() as tx:
        contact = f"{new_number(8).lower()}@example.org"
        user = await identity.register(
            tx, contact=contact, password="long enough to pass", name=name, language="en"
        )
        if is_operator:
            await identity.make_operator(tx, user.id)
        session = await identity.open_session(tx, user.id)
    return Person(session.user, session.token)
