# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import timedelta

import pytest

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import SellerId, new_uuid
from silkcast.plumbing.db import Tx
from silkcast.who.identity import rules
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import (
    AlreadyRegistered,
    BadContact,
    LockedOut,
    NoSuchToken,
    TooManyCodes,
    UnknownScope,
    WeakPassword,
    WrongCode,
    WrongLogin,
)
from silkcast.who.identity.values import Session, User
from tests.who.identity.reading import code_of, wrong_for

GOOD = "celadon-moon-47"


async def mei(tx: Tx, *, confirmed: bool = True) -> User:
    user = await identity.register(tx, contact="Mei@Kiln.test", password=GOOD, name="Mei Lin", language="zh")
    if confirmed:
        code = await code_of(tx, "mei@kiln.test", "confirm")
        assert isinstance(
            await identity.login_with_code(tx, "mei@kiln.test", code, purpose="confirm"), Session
        )
    return await identity.the_user(tx, user.id)


async def test_register_confirm_log_in_log_out(tx: Tx) -> None:
    user = await mei(tx)

    session = await identity.login(tx, "mei@kiln.test", GOOD)

    assert isinstance(session, Session)
    assert await identity.session(tx, session.token) == user
    await identity.logout(tx, session.token)
    assert await identity.session(tx, session.token) is None


async def test_who_did_not_confirm_does_not_come_in_and_may_begin_again(tx: Tx) -> None:
    first = await mei(tx, confirmed=False)

    assert isinstance(await identity.login(tx, "mei@kiln.test", GOOD), WrongLogin)
    assert (await mei(at(tx, timedelta(minutes=1)))).id == first.id
    with pytest.raises(AlreadyRegistered):
        await mei(at(tx, timedelta(minutes=3)))


async def test_a_wrong_password_and_an_unknown_person_are_answered_alike(tx: Tx) -> None:
    await mei(tx)

    wrong = await identity.login(tx, "mei@kiln.test", "not the password")
    unknown = await identity.login(tx, "nobody@kiln.test", "not the password")

    assert type(wrong) is type(unknown) is WrongLogin


async def test_the_door_shuts_after_five_wrong_tries_and_opens_again(tx: Tx) -> None:
    await mei(tx)
    for _ in range(rules.SHUT_AFTER):
        await identity.login(tx, "mei@kiln.test", "not the password")

    shut = await identity.login(tx, "mei@kiln.test", GOOD)
    later = Tx(tx.session, tx.now + timedelta(minutes=1), tx.vault, tx.actor)

    assert isinstance(shut, LockedOut)
    assert shut.retry_seconds == 30
    assert isinstance(await identity.login(later, "mei@kiln.test", GOOD), Session)


async def test_a_door_where_nobody_lives_shuts_as_well(tx: Tx) -> None:
    await mei(tx)
    answers = {
        contact: [type(await identity.login(tx, contact, "not the password")) for _ in range(7)]
        for contact in ("mei@kiln.test", "nobody@kiln.test")
    }
    assert answers["mei@kiln.test"] == answers["nobody@kiln.test"]
    assert answers["nobody@kiln.test"][-1] is LockedOut


def at(tx: Tx, later: timedelta) -> Tx:
    return Tx(tx.session, tx.now + later, tx.vault, tx.actor)


async def test_a_wrong_code_and_an_unknown_person_are_answered_alike(tx: Tx) -> None:
    await mei(tx)
    for contact in ("mei@kiln.test", "nobody@kiln.test"):
        await identity.ask_for_code(at(tx, timedelta(minutes=1)), contact)
        code = await code_of(tx, contact)
        for _ in range(7):
            answer = await identity.login_with_code(tx, contact, wrong_for(code))
            assert isinstance(answer, WrongCode)
            assert answer.tries_left is None
        assert isinstance(await identity.login_with_code(tx, contact, code), WrongCode)


@pytest.mark.parametrize("contact", ["mei@kiln.test", "nobody@kiln.test"])
async def test_only_a_few_codes_an_hour_are_sent_to_anybody(tx: Tx, contact: str) -> None:
    await mei(tx)
    asked = 1 if contact == "mei@kiln.test" else 0
    for number in range(asked, rules.MOST_CODES):
        await identity.ask_for_code(at(tx, timedelta(minutes=2 * number)), contact)
    with pytest.raises(TooManyCodes) as refused:
        await identity.ask_for_code(at(tx, timedelta(minutes=30)), contact)
    assert refused.value.retry_seconds == 1800
    await identity.ask_for_code(at(tx, rules.CODES_WINDOW), contact)


async def test_who_registers_a_strangers_contact_gets_no_way_in(tx: Tx) -> None:
    """Two register one contact before it is confirmed: the code lets in, neither password does."""
    await mei(tx, confirmed=False)
    later = at(tx, timedelta(minutes=1))
    await identity.register(
        later, contact="mei@kiln.test", password="not-meis-at-all-9", name="Eve", language="en"
    )
    code = await code_of(tx, "mei@kiln.test", "confirm")
    session = await identity.login_with_code(tx, "mei@kiln.test", code, purpose="confirm")
    assert isinstance(session, Session)
    assert not session.user.has_password
    assert isinstance(await identity.login(tx, "mei@kiln.test", "not-meis-at-all-9"), WrongLogin)


async def test_who_comes_back_stays_logged_in(tx: Tx) -> None:
    user = await mei(tx)
    session = await identity.open_session(tx, user.id)
    assert not await identity.renew(tx, session.token), "not twice a day"
    later = Tx(tx.session, tx.now + timedelta(days=20), tx.vault, tx.actor)
    assert await identity.renew(later, session.token)
    much_later = Tx(tx.session, tx.now + timedelta(days=45), tx.vault, tx.actor)
    assert await identity.session(much_later, session.token) == user
    too_late = Tx(tx.session, tx.now + timedelta(days=51), tx.vault, tx.actor)
    assert not await identity.renew(too_late, session.token)


async def test_a_session_ends_by_the_clock(tx: Tx, clock: SetClock) -> None:
    user = await mei(tx)
    session = await identity.open_session(tx, user.id)

    later = Tx(tx.session, tx.now + timedelta(days=identity.SESSION_DAYS), tx.vault, tx.actor)

    assert await identity.session(later, session.token) is None


async def test_a_new_password_ends_every_session(tx: Tx) -> None:
    user = await mei(tx)
    session = await identity.open_session(tx, user.id)

    await identity.set_password(tx, user.id, "another-glaze-52")

    assert await identity.session(tx, session.token) is None
    assert isinstance(await identity.login(tx, "mei@kiln.test", "another-glaze-52"), Session)


async def test_a_token_is_seen_once_and_can_be_revoked(tx: Tx) -> None:
    user, seller = await mei(tx), SellerId(new_uuid())
    made = await identity.make_token(tx, user.id, seller, name="stock sync", scopes=["stock:write"])

    known = await identity.token(tx, made.secret)
    assert known is not None
    assert known.scopes == {"stock:write"}
    with pytest.raises(NoSuchToken):
        await identity.revoke_token(tx, SellerId(new_uuid()), made.id)
    await identity.revoke_token(tx, seller, made.id)
    assert await identity.token(tx, made.secret) is None
    with pytest.raises(UnknownScope):
        await identity.make_token(tx, user.id, seller, name="x", scopes=["everything"])


@pytest.mark.parametrize("bad", ["mei", "mei@", "12345", "+86 1", "@kiln.test", ""])
def test_contacts_that_reach_nobody_are_refused(bad: str) -> None:
    with pytest.raises(BadContact):
        rules.contact(bad)


def test_contacts_are_written_one_way() -> None:
    assert rules.contact(" Mei@Kiln.TEST ") == "mei@kiln.test"
    assert rules.contact("+86 138 0013 8000") == "+8613800138000"


@pytest.mark.parametrize("weak", ["short", "password123", "aaaaaaaaaaaa", "1234567890", "meilin@kiln.test"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        rules.check_password(weak, about="meilin@kiln.test meilin@kiln.test")


async def test_nothing_personal_shows_itself(tx: Tx) -> None:
    user = await mei(tx)

    assert "mei" not in repr(user).lower()
    assert "mei" not in repr(replace(user, name="x"))
