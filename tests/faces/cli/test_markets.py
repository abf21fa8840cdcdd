# SPDX-License-Identifier: Apache-2.0
"""`silkcast markets`: closing, opening, and the team, from the command line."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from silkcast.faces.cli import main
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.identity import managing
from silkcast.who.teams import service as teams
from tests.faces.running import person

FR = Country("FR")


@pytest.fixture
def house(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """The database that the command opens."""
    key = base64.urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()
    (tmp_path / "vault.keys").write_text(f"1:{key}\n")
    (tmp_path / "vault.keys").chmod(0o600)
    monkeypatch.setenv("SILKCAST_HOUSE__FOLDER", str(tmp_path))
    monkeypatch.setenv("SILKCAST_DATABASE__URL", database.url.render_as_string(hide_password=False))
    return database


async def silkcast(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, main, ["markets", *words])


async def closed(house: Database) -> bool:
    async with house.read() as db:
        return await closings.of_market(db, FR) is not None


async def test_a_market_is_weighed_closed_and_opened(house: Database) -> None:
    dry = await silkcast("close", "fr", "--reason", "A strike", "--refund", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "0 open orders" in dry.output
    assert not await closed(house), "a dry run closes nothing"

    done = await silkcast("close", "fr", "--reason", "A strike", "--refund")
    assert done.exit_code == 0, done.output
    assert await closed(house)
    again = await silkcast("close", "FR", "--reason", "Another")
    assert (again.exit_code, "markets.already_closed" in again.output) == (1, True)
    listed = await silkcast("list")
    assert "A strike" in next(line for line in listed.output.splitlines() if line.startswith("FR"))
    opened = await silkcast("reopen", "FR", "--reason", "It is over")
    assert (opened.exit_code, opened.output) == (0, "FR is open\n")
    async with house.read() as db:
        verbs = [entry.verb for entry in await audit.entries(db, object_id="FR")]
    assert verbs == ["market.reopened", "market.closed"]


async def test_what_cannot_be_is_told_in_a_line(house: Database) -> None:
    for words, code in (
        (("close", "XX", "--reason", "nowhere"), "markets.none"),
        (("close", "FR", "--reason", "  "), "markets.bad_closure"),
        (("close", "FR", "--reason", "x", "--until", "2001-01-01T00:00"), "markets.bad_closure"),
        (("reopen", "FR", "--reason", "never was"), "markets.not_closed"),
        (
            ("grant", "FR", "nobody@example.org", "--right", "market.words", "--reason", "x"),
            "no_such_contact",
        ),
        (("limits", "FR", "--price-down", "100", "--reason", "x"), "teams.bad_limits"),
    ):
        told = await silkcast(*words)
        assert (told.exit_code, code in told.output) == (1, True), told.output
    assert not await closed(house)


async def test_a_team_is_named_limited_and_taken_away(house: Database) -> None:
    lea = await person(house, name="Léa Roux")
    contact = lea.user.contact
    given = await silkcast("grant", "FR", contact, "--right", "market.appeals", "--reason", "knows France")
    assert given.exit_code == 0, given.output
    limited = await silkcast("limits", "FR", "--price-down", "10", "--reason", "a season")
    assert limited.exit_code == 0, limited.output
    async with house.read() as db:
        assert await managing.may(db, lea.user.id, "market.appeals", FR)
        assert (await teams.limits(db, FR)).price_down == 10
    taken = await silkcast("revoke", "FR", contact, "--reason", "left us")
    assert taken.exit_code == 0, taken.output
    async with house.read() as db:
        assert not await managing.may(db, lea.user.id, "market.appeals", FR)
