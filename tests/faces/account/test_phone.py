# SPDX-License-Identifier: Apache-2.0
"""Coming in with a phone: one field, the code by text, and a name for who is new."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import structlog

from silkcast.ground.clock import SetClock
from silkcast.main import Running
from silkcast.plumbing.db import Database
from silkcast.plumbing.log import LogSettings, configure_log
from silkcast.watch.audit import service as audit
from silkcast.who.identity import service as identity
from tests.faces.account.build import ask, code_in_text, delivered, texts
from tests.faces.running import browser, run_house
from tests.who.identity.reading import wrong_for

PHONE = "+966512345678"
SAUDI = {"market": "SA", "language": "ar"}


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Running:
    return run_house(database, tmp_path, "[codes]\ntexts_a_block = 4\n")


@pytest.fixture
def client(running: Running) -> httpx.AsyncClient:
    found = browser(running)
    found.cookies.update(SAUDI)
    return found


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """All that is logged, from the finest level on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = io.StringIO()
    configure_log(LogSettings(format="json", level="debug"), stream=made)
    yield made
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


async def enter(running: Running, client: httpx.AsyncClient, typed: str = "٠٥١٢٣٤٥٦٧٨") -> httpx.Response:
    asked = await ask(client, typed, "/orders")
    code = await code_in_text(running)
    return await client.post(asked.headers["location"], data={"code": code})


async def opened(running: Running, client: httpx.AsyncClient) -> httpx.Response:
    came = await enter(running, client)
    return await client.post(came.headers["location"], data={"name": "نورة", "agrees": "yes"})


async def test_the_page_asks_one_thing_and_shows_the_markets_prefix(client: httpx.AsyncClient) -> None:
    page = (await client.get("/log-in")).text

    assert re.findall(r'<input id="(\w+)"', page) == ["contact"]
    assert '<bdi dir="ltr">+966</bdi>' in page
    assert 'autocomplete="username webauthn" dir="ltr"' in page


async def test_a_new_number_as_it_is_typed_there_gets_a_name_and_an_account(
    running: Running, client: httpx.AsyncClient
) -> None:
    came = await enter(running, client)
    asked = await client.get(came.headers["location"])
    bare = await client.post(came.headers["location"], data={"name": "نورة"})
    nameless = await client.post(came.headers["location"], data={"name": " ", "agrees": "yes"})
    done = await client.post(came.headers["location"], data={"name": "نورة", "agrees": "yes"})
    again = await client.post(came.headers["location"], data={"name": "نورة", "agrees": "yes"})

    assert came.headers["location"] == "/welcome?next=%2Forders"
    assert f'<bdi class="strong" dir="ltr">{PHONE}</bdi>' in asked.text
    assert (bare.status_code, nameless.status_code) == (422, 422)
    assert 'id="name-wrong"' in nameless.text
    assert (done.status_code, done.headers["location"]) == (303, "/orders")
    assert again.headers["location"].startswith("/log-in"), "what the browser waited for is over"
    page = (await client.get("/you")).text
    assert "نورة" in page
    assert f'<bdi dir="ltr">{PHONE}</bdi>' in page


async def test_who_has_an_account_is_in_after_the_code(
    running: Running, client: httpx.AsyncClient, clock: SetClock
) -> None:
    await opened(running, client)
    client.cookies.delete("session")
    clock.advance(timedelta(minutes=1))
    came = await enter(running, client, "+966 51 234 5678")
    async with running.house.database.read() as db:
        found = await audit.entries(db, verb="user.logged_in")

    assert (came.status_code, came.headers["location"]) == (303, "/orders")
    assert [(one.facts["by"], one.actor_kind) for one in found] == [("code", "user")] * 2


async def test_the_text_is_short_and_ends_with_the_line_for_browsers(
    running: Running, client: httpx.AsyncClient
) -> None:
    await ask(client, "0512345678")
    code = await code_in_text(running)
    (kept,) = await texts(running)

    lines = kept.letter.body.strip().splitlines()
    assert kept.letter.to == PHONE
    assert lines[-1] == f"@127.0.0.1 #{code}"
    assert code in lines[0]
    assert len(lines[0]) <= 80, "short: a text has 160 letters, or 70 of other scripts"


async def test_a_sent_text_is_forgotten_and_an_old_one_is_not_sent(
    running: Running, client: httpx.AsyncClient, clock: SetClock
) -> None:
    await ask(client, "0512345678")
    await delivered(running)
    await ask(client, "0512349999")
    await running.relay.deliver_all()
    clock.advance(timedelta(minutes=10))
    await running.runner.run_due()
    async with running.house.database.read() as db:
        rows = await (await db.session.connection()).exec_driver_sql(
            "SELECT sealed, state FROM notices.notices"
        )
        found = sorted(tuple(row) for row in rows.all())

    assert [one.letter.to for one in await texts(running)] == [PHONE]
    assert [state for sealed, state in found if not sealed] == ["sent"]


async def test_known_and_unknown_numbers_are_answered_alike(
    running: Running, client: httpx.AsyncClient, clock: SetClock
) -> None:
    await opened(running, client)
    clock.advance(timedelta(hours=2))  # what was asked for before is over for both
    answers = []
    for number in ("0512345678", "0512349999"):
        fresh = browser(running)
        fresh.cookies.update(SAUDI)
        asked = await ask(fresh, number)
        code = await code_in_text(running)
        page = (await fresh.get("/code")).text
        wrong = await fresh.post("/code", data={"code": wrong_for(code)})
        hidden = [text.replace(number[1:], "N") for text in (page, wrong.text)]
        answers.append((asked.status_code, asked.headers["location"], wrong.status_code, *hidden))

    assert answers[0] == answers[1]


async def test_neither_number_nor_code_is_in_an_address_a_log_or_a_refusal(
    running: Running, client: httpx.AsyncClient, told: io.StringIO
) -> None:
    seen: list[str] = []

    async def note(answer: httpx.Response) -> None:
        seen.extend((str(answer.url), answer.headers.get("location", "")))

    client.event_hooks = {"response": [note]}
    await opened(running, client)
    await ask(client, "0512345678")  # too soon
    await ask(client, "+33142345678")  # no mobile one
    await ask(client, "0512345678 and more")
    code = "424242"
    await client.post("/code", data={"code": code})
    logging.getLogger("test").info("the log is read")

    everything = "\n".join([*seen, told.getvalue()])
    assert "the log is read" in everything
    kept = [kept.letter.body for kept in await texts(running)]
    secrets = ["512345678", "142345678", code, *re.findall(r"#(\d{6})", "".join(kept))]
    assert not [secret for secret in secrets if secret in everything]
    assert "%D9" not in everything


async def test_the_next_code_is_offered_when_it_may_be_asked_for(
    running: Running, client: httpx.AsyncClient, clock: SetClock
) -> None:
    await ask(client, "0512345678")
    soon = await client.post("/code/again")
    clock.advance(timedelta(seconds=30))
    later = await client.post("/code/again")

    assert (soon.status_code, later.status_code) == (422, 303)
    await delivered(running)
    assert len(await texts(running)) == 1, "the first was voided before it went"


@pytest.mark.parametrize("typed", ["+237671234567", "+33142345678", "0114123456", "+33899123456"])
async def test_no_text_goes_abroad_or_to_numbers_that_cost(
    running: Running, client: httpx.AsyncClient, typed: str
) -> None:
    answer = await ask(client, typed)
    await delivered(running)

    assert answer.status_code == 422
    assert "knock" not in client.cookies
    assert not await texts(running)


async def test_a_block_that_is_pumped_gets_no_more(running: Running, client: httpx.AsyncClient) -> None:
    answers = [(await ask(client, f"051234{last:04}")).status_code for last in range(6)]
    assert answers == [303] * 4 + [422] * 2


async def test_another_browsers_cookie_or_a_changed_one_knocks_nowhere(
    running: Running, client: httpx.AsyncClient
) -> None:
    for cookie in ("", "1.AAAA", "x"):
        client.cookies.set("knock", cookie)
        for path in ("/code", "/welcome"):
            assert (await client.get(path)).headers["location"].startswith("/log-in")
            answer = await client.post(path, data={"code": "123456", "name": "Eve", "agrees": "yes"})
            assert answer.headers["location"].startswith("/log-in")
    client.cookies.delete("knock")
    await ask(client, "0512345678")
    assert (await client.get("/welcome")).headers["location"].startswith("/log-in"), "no proof yet"


async def test_an_e_mail_goes_the_same_way(running: Running, client: httpx.AsyncClient) -> None:
    asked = await ask(client, "Noura@Example.test")
    await delivered(running)
    post: object = running.house.scene.post
    letters = await post.kept(limit=5)  # type: ignore[attr-defined]
    code = re.search(r"\d{6}", letters[0].letter.body)
    assert code is not None
    came = await client.post(asked.headers["location"], data={"code": code[0]})

    assert asked.headers["location"] == "/code?next=%2F"
    assert came.headers["location"].startswith("/welcome")


async def test_who_closes_their_account_is_forgotten(running: Running, client: httpx.AsyncClient) -> None:
    await opened(running, client)
    meant = await client.post("/you/close")
    async with running.house.database.read() as db:
        assert await identity.by_contact(db, PHONE) is not None
    closed = await client.post("/you/close", data={"means": "yes"})
    async with running.house.database.read() as db:
        gone = await identity.by_contact(db, PHONE)
        (entry,) = await audit.entries(db, verb="user.erased")

    assert meant.headers["location"] == "/you#close"
    assert closed.headers["location"] == "/"
    assert gone is None
    assert entry.actor_kind == "user"
    assert (await client.get("/you")).status_code == 303
