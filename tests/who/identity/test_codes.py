# SPDX-License-Identifier: Apache-2.0
"""Codes by text: whose number gets one, how often, how long it counts, and that it counts once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from silkcast.plumbing.db import Database, Tx
from silkcast.who.identity import jobs, rules
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import (
    BadContact,
    BadName,
    CodeTooSoon,
    NotTextable,
    ProofOver,
    TermsNotAgreed,
    TextsOver,
    WrongCode,
    WrongLogin,
)
from silkcast.who.identity.settings import CodeSettings
from silkcast.who.identity.values import Newcomer, Session, Texting
from tests.who.identity.reading import code_of, wrong_for

PHONE = "+966512345678"
TEXTING = CodeSettings().texting(("SA", "FR", "TW", "TH"))


def at(tx: Tx, later: timedelta) -> Tx:
    return Tx(tx.session, tx.now + later, tx.vault, tx.actor)


async def ask(tx: Tx, contact: str = PHONE, texting: Texting = TEXTING) -> str:
    await identity.ask_for_code(tx, contact, texting=texting)
    return await code_of(tx, contact)


async def newcomer(tx: Tx, contact: str = PHONE) -> Newcomer:
    came = await identity.login_with_code(tx, contact, await ask(tx, contact))
    assert isinstance(came, Newcomer)
    return came


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("0912 345 678", "TW", "+886912345678"),
        ("+886 912-345-678", "SA", "+886912345678"),
        ("00886912345678", "FR", "+886912345678"),
        ("٠٥١٢٣٤٥٦٧٨", "SA", "+966512345678"),
        ("+٩٦٦ ٥١ ٢٣٤ ٥٦٧٨", "FR", "+966512345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "TH", "+66812345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("（＋３３）６１２３４５６７８", "SA", "+33612345678"),
    ],
)
def test_numbers_are_taken_as_people_of_a_market_type_them(typed: str, country: str, kept: str) -> None:
    assert rules.contact(typed, country) == kept


@pytest.mark.parametrize("typed", ["912", "0912 345", "not a number", "+999 12345678"])
def test_what_is_no_number_there_is_refused(typed: str) -> None:
    with pytest.raises(BadContact):
        rules.contact(typed, "TW")


async def test_an_unknown_number_gets_a_code_a_name_and_an_account(tx: Tx) -> None:
    came = await newcomer(tx)
    session = await identity.welcome(tx, came.proof, name="نورة", agrees=True, language="ar")

    assert (session.user.contact, session.user.name, session.user.language) == (PHONE, "نورة", "ar")
    assert session.user.is_confirmed
    assert not session.user.has_password
    later = at(tx, timedelta(minutes=1))
    again = await identity.login_with_code(later, PHONE, await ask(later))
    assert isinstance(again, Session)
    assert again.user.id == session.user.id


async def test_an_account_needs_a_name_the_terms_and_a_fresh_proof(tx: Tx) -> None:
    came = await newcomer(tx)
    with pytest.raises(BadName):
        await identity.welcome(tx, came.proof, name=" ", agrees=True, language="ar")
    with pytest.raises(TermsNotAgreed):
        await identity.welcome(tx, came.proof, name="Noura", agrees=False, language="ar")
    with pytest.raises(ProofOver):
        too_late = at(tx, timedelta(minutes=rules.PROOF_MINUTES))
        await identity.welcome(too_late, came.proof, name="Noura", agrees=True, language="ar")
    await identity.welcome(tx, came.proof, name="Noura", agrees=True, language="ar")
    with pytest.raises(ProofOver):
        await identity.welcome(tx, came.proof, name="Noura", agrees=True, language="ar")


async def test_who_registered_another_ones_number_with_a_password_is_not_in_the_account(tx: Tx) -> None:
    await identity.register(
        tx, contact=PHONE, password="eves own password", name="Eve", language="en", texting=TEXTING
    )
    later = at(tx, timedelta(minutes=1))
    came = await newcomer(later)
    session = await identity.welcome(later, came.proof, name="Noura", agrees=True, language="ar")

    assert session.user.name == "Noura"
    assert not session.user.has_password
    assert isinstance(await identity.login(later, PHONE, "eves own password"), WrongLogin)


async def test_a_code_has_five_tries_and_then_is_void(tx: Tx) -> None:
    code = await ask(tx)
    for _ in range(rules.CODE_TRIES):
        assert isinstance(await identity.login_with_code(tx, PHONE, wrong_for(code)), WrongCode)
    assert isinstance(await identity.login_with_code(tx, PHONE, code), WrongCode)


async def test_the_fifth_try_may_be_the_right_one_in_any_digits(tx: Tx) -> None:
    code = await ask(tx)
    for _ in range(rules.CODE_TRIES - 1):
        await identity.login_with_code(tx, PHONE, wrong_for(code))
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert isinstance(await identity.login_with_code(tx, PHONE, f" {arabic[:3]} {arabic[3:]}"), Newcomer)


async def test_a_code_ends_after_ten_minutes(tx: Tx) -> None:
    code = await ask(tx)
    late, just = at(tx, timedelta(minutes=10)), at(tx, timedelta(minutes=9, seconds=59))
    assert isinstance(await identity.login_with_code(late, PHONE, code), WrongCode)
    assert isinstance(await identity.login_with_code(just, PHONE, code), Newcomer)


async def test_a_code_works_once(tx: Tx) -> None:
    code = await ask(tx)
    assert isinstance(await identity.login_with_code(tx, PHONE, code), Newcomer)
    assert isinstance(await identity.login_with_code(tx, PHONE, code), WrongCode)


async def test_a_new_code_voids_the_old_one(tx: Tx) -> None:
    first, later = await ask(tx), at(tx, timedelta(seconds=30))
    second = await ask(later)
    if first != second:
        assert isinstance(await identity.login_with_code(later, PHONE, first), WrongCode)
    assert isinstance(await identity.login_with_code(later, PHONE, second), Newcomer)


async def test_two_at_once_and_exactly_one_comes_in(database: Database) -> None:
    for _ in range(5):
        async with database.write() as tx:
            await tx.session.execute(text("DELETE FROM identity.doors"))
            code = await ask(tx)

        async def enter(code: str = code) -> object:
            async with database.write() as tx:
                return await identity.login_with_code(tx, PHONE, code)

        came = Counter(type(one).__name__ for one in await asyncio.gather(*(enter() for _ in range(6))))
        assert came == {"Newcomer": 1, "WrongCode": 5}


async def test_two_open_an_account_with_one_proof_and_one_does(database: Database) -> None:
    async with database.write() as tx:
        proof = (await newcomer(tx)).proof

    async def open_account() -> object:
        try:
            async with database.write() as tx:
                return await identity.welcome(tx, proof, name="Noura", agrees=True, language="ar")
        except ProofOver as refusal:
            return refusal

    came = await asyncio.gather(*(open_account() for _ in range(4)))
    assert Counter(type(one).__name__ for one in came) == {"Session": 1, "ProofOver": 3}


async def test_the_next_code_waits_longer_each_time(tx: Tx) -> None:
    now = timedelta(0)
    for wait in (30, 60, 120, 120):
        await ask(at(tx, now))
        assert await identity.code_wait(at(tx, now), PHONE) == wait
        with pytest.raises(CodeTooSoon) as refused:
            await ask(at(tx, now + timedelta(seconds=wait - 1)))
        assert refused.value.retry_seconds == 1
        now += timedelta(seconds=wait)
    await ask(at(tx, now))


@pytest.mark.parametrize(
    "number",
    [
        "+4915123456789",  # a country that is not sold to
        "+14165550123",  # Canada, which has the United States' country code
        "+33899123456",  # France, premium
        "+33142345678",  # France, fixed
        "+8613800138000",
    ],
)
async def test_no_text_goes_where_it_is_not_sold_or_costs_more(tx: Tx, number: str) -> None:
    with pytest.raises(NotTextable):
        await ask(
            tx, number, TEXTING if number[:2] != "+1" else replace(TEXTING, countries=frozenset({"US"}))
        )
    with pytest.raises(NotTextable):
        await identity.register(
            tx, contact=number, password="long enough to pass", name="X", language="en", texting=TEXTING
        )


async def test_who_says_nothing_of_texts_sends_none(tx: Tx) -> None:
    with pytest.raises(NotTextable):
        await identity.ask_for_code(tx, PHONE)
    await identity.ask_for_code(tx, "mei@kiln.test")


async def test_a_block_of_numbers_a_country_and_the_house_get_only_so_many_a_day(tx: Tx) -> None:
    def number(block: int, last: int) -> str:
        return f"+9665{block:04}{last:04}"

    limits = replace(TEXTING, most_a_block=3, most_a_country=5, most_a_day=6)
    for last in range(3):
        await ask(tx, number(1234, last), limits)
    with pytest.raises(TextsOver):
        await ask(tx, number(1234, 9), limits)
    for last in range(2):
        await ask(tx, number(1235, last), limits)
    with pytest.raises(TextsOver):
        await ask(tx, number(1236, 0), limits)
    await ask(tx, "+33612345678", limits)
    with pytest.raises(TextsOver):
        await ask(tx, "+33698765432", limits)
    await ask(at(tx, timedelta(days=1)), number(1234, 9), limits)


async def test_texts_at_once_never_pass_the_limit(database: Database) -> None:
    limits = replace(TEXTING, most_a_block=3)

    async def one(last: int) -> bool:
        try:
            async with database.write() as tx:
                await identity.ask_for_code(tx, f"+96651234{last:04}", texting=limits)
        except TextsOver:
            return False
        return True

    assert sum(await asyncio.gather(*(one(last) for last in range(10)))) == 3


async def test_a_known_and_an_unknown_number_leave_the_same_behind(tx: Tx) -> None:
    came = await newcomer(tx)
    await identity.welcome(tx, came.proof, name="Noura", agrees=True, language="ar")
    later = at(tx, timedelta(minutes=1))
    unknown = "+966512349999"
    await ask(later)
    await ask(later, unknown)
    shapes = []
    for contact in (PHONE, unknown):
        shapes.append(type(await identity.login_with_code(later, contact, "x")))
    rows = (await tx.session.execute(text("SELECT tries_left, ends_at, used_at FROM identity.codes"))).all()

    assert shapes == [WrongCode, WrongCode]
    assert len(set(rows)) == 1


async def test_the_same_statements_are_run_for_known_and_unknown_numbers(database: Database) -> None:
    """So that an answer takes as long for both."""
    async with database.write() as tx:
        await identity.welcome(tx, (await newcomer(tx)).proof, name="Noura", agrees=True, language="ar")
        await tx.session.execute(text("DELETE FROM identity.doors"))
        await tx.session.execute(text("DELETE FROM identity.codes"))
    ran: list[list[str]] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        ran[-1].append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    for contact in (PHONE, "+33612345678", "mei@kiln.test"):
        ran.append([])
        async with database.write() as tx:
            await identity.ask_for_code(tx, contact, texting=TEXTING)
        async with database.write() as tx:
            assert isinstance(await identity.login_with_code(tx, contact, "x"), WrongCode)

    assert len(ran[0]) > 5
    assert ran[0] == ran[1]
    assert len(ran[2]) == len(ran[1]) - 3, "a letter counts in no block, country or house"


async def test_no_table_holds_the_code_or_the_number(database: Database) -> None:
    async with database.write() as tx:
        code = await ask(tx)
    async with database.read() as db:
        rows = [*(await db.session.execute(text("SELECT t::text FROM identity.codes t"))).scalars()]
        rows += (await db.session.execute(text("SELECT t::text FROM outbox.event t"))).scalars().all()

    assert len(rows) >= 2
    assert not [row for row in rows if "512345678" in row or code in row or code.encode().hex() in row]


async def test_what_is_over_is_forgotten(database: Database) -> None:
    async with database.write() as tx:
        await ask(tx)
        for table in ("codes", "doors", "texts"):
            column = {"codes": "ends_at", "doors": "touched_at", "texts": "day"}[table]
            await tx.session.execute(
                text(f"UPDATE identity.{table} SET {column} = {column} - interval '9 d'")
            )
    await jobs.forget_old(database)
    async with database.read() as db:
        for table in ("codes", "doors", "texts"):
            assert not (await db.session.execute(text(f"SELECT * FROM identity.{table}"))).all(), table
