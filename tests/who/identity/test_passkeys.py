# SPDX-License-Identifier: Apache-2.0
"""Passkeys, with an authenticator of our own that can be made to lie in every way."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from silkcast.ground.ids import PasskeyId, new_uuid
from silkcast.plumbing.db import Database, Tx
from silkcast.who.identity import ceremonies, passkeys, rules
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import (
    BadName,
    LastWay,
    NoPasskeysHere,
    NoSuchPasskey,
    PasskeyCopied,
    PasskeyKnown,
    TooManyPasskeys,
    WrongPasskey,
)
from silkcast.who.identity.settings import CodeSettings
from silkcast.who.identity.values import Newcomer, Passkey, RelyingParty, Session, User
from tests.who.identity.authenticator import PRESENT, VERIFIED, Authenticator, written
from tests.who.identity.reading import code_of

ORIGIN = "https://shop.example"
PARTY = RelyingParty(ORIGIN, "shop.example")
BROWSER, OTHER_BROWSER = "a" * 24, "b" * 24
TEXTING = CodeSettings().texting(("SA",))


def device(**more: Any) -> Authenticator:
    return Authenticator(ORIGIN, "shop.example", **more)


def at(tx: Tx, later: timedelta) -> Tx:
    return Tx(tx.session, tx.now + later, tx.vault, tx.actor)


async def noura(tx: Tx, contact: str = "+966512345678") -> User:
    """By phone, without a password."""
    await identity.ask_for_code(tx, contact, texting=TEXTING)
    came = await identity.login_with_code(tx, contact, await code_of(tx, contact))
    assert isinstance(came, Newcomer)
    return (await identity.welcome(tx, came.proof, name="Noura", agrees=True, language="ar")).user


async def add(tx: Tx, user: User, made: Authenticator, browser: str = BROWSER) -> Passkey:
    options = await passkeys.ask_to_make(tx, PARTY, user, BROWSER)
    return await passkeys.add(tx, PARTY, user.id, browser, made.make(options), name="Phone")


async def log_in(tx: Tx, signer: Authenticator, browser: str = BROWSER) -> object:
    options = await passkeys.ask_to_sign(tx, PARTY, BROWSER)
    return await passkeys.log_in(tx, PARTY, browser, signer.sign(options))


async def test_made_listed_used_renamed_removed(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    made = await add(tx, user, phone)
    later = at(tx, timedelta(hours=1))
    came = await log_in(later, phone)

    assert isinstance(came, Session)
    assert came.user == user
    (kept,) = await passkeys.of_user(tx, user.id)
    assert (kept.name, kept.made_at, kept.used_at) == ("Phone", tx.now, later.now)
    await passkeys.rename(tx, user.id, made.id, "هاتفي")
    assert [one.name for one in await passkeys.of_user(tx, user.id)] == ["هاتفي"]
    await passkeys.remove(tx, user.id, made.id, TEXTING)
    assert await passkeys.of_user(tx, user.id) == ()
    assert isinstance(await log_in(tx, phone), WrongPasskey)


async def test_what_the_browser_is_asked_for(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    making = await passkeys.ask_to_make(tx, PARTY, user, BROWSER)
    signing = await passkeys.ask_to_sign(tx, PARTY, BROWSER)

    assert making["attestation"] == "none"
    assert making["authenticatorSelection"]["residentKey"] == "required"
    assert making["authenticatorSelection"]["userVerification"] == signing["userVerification"] == "required"
    assert making["excludeCredentials"][0]["id"] == written(phone.credential)
    assert making["excludeCredentials"][0]["transports"] == ["hybrid", "internal"]
    assert signing["allowCredentials"] == [], "whoever comes is not asked who they are"
    assert (making["rp"]["id"], signing["rpId"]) == ("shop.example", "shop.example")


LIES: dict[str, Callable[[Authenticator], None]] = {
    "another site": lambda one: setattr(one, "origin", "https://shop.example.evil.example"),
    "another port": lambda one: setattr(one, "origin", "https://shop.example:8443"),
    "without https": lambda one: setattr(one, "origin", "http://shop.example"),
    "a part of our site": lambda one: setattr(one, "origin", "https://www.shop.example"),
    "made for another site": lambda one: setattr(one, "rp_id", "evil.example"),
    "in a frame of another site": lambda one: one.client.update(crossOrigin=True),
    "under another site": lambda one: one.client.update(topOrigin="https://evil.example"),
    "nobody verified": lambda one: setattr(one, "flags", PRESENT),
    "nobody present": lambda one: setattr(one, "flags", VERIFIED),
    "another ceremony": lambda one: one.client.update(type="payment.get"),
    "a challenge of its own": lambda one: one.client.update(challenge=written(b"x" * 32)),
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_passkey_is_kept_that_lies(tx: Tx, lie: str) -> None:
    user, liar = await noura(tx), device()
    LIES[lie](liar)
    with pytest.raises(WrongPasskey):
        await add(tx, user, liar)
    assert await passkeys.of_user(tx, user.id) == ()


@pytest.mark.parametrize("lie", LIES)
async def test_no_passkey_opens_that_lies(tx: Tx, lie: str) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    LIES[lie](phone)
    assert isinstance(await log_in(tx, phone), WrongPasskey)


@pytest.mark.parametrize("format", ["packed", "fido-u2f", "android-key", "tpm", "apple", "made-up"])
async def test_certificates_of_devices_are_not_read(tx: Tx, format: str) -> None:
    user = await noura(tx)
    liar = device(format=format, statement={"alg": -7, "sig": b"x", "x5c": [b"not a certificate"]})
    with pytest.raises(WrongPasskey):
        await add(tx, user, liar)


async def test_another_key_under_the_same_name_opens_nothing(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    forged = device(credential=phone.credential, handle=phone.handle, counter=10)
    assert isinstance(await log_in(tx, forged), WrongPasskey)


async def test_an_unknown_passkey_or_one_of_somebody_else_opens_nothing(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    assert isinstance(await log_in(tx, device(handle=user.id.bytes)), WrongPasskey)
    phone.handle = new_uuid().bytes
    assert isinstance(await log_in(tx, phone), WrongPasskey)


async def test_a_challenge_is_good_once_in_its_browser_for_five_minutes(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)

    assert isinstance(await log_in(tx, phone, OTHER_BROWSER), WrongPasskey)
    assert isinstance(await log_in(tx, phone, ""), WrongPasskey)
    options = await passkeys.ask_to_sign(tx, PARTY, BROWSER)
    late = at(tx, timedelta(minutes=rules.CHALLENGE_MINUTES))
    assert isinstance(await passkeys.log_in(late, PARTY, BROWSER, phone.sign(options)), WrongPasskey)
    answer = phone.sign(options)
    assert isinstance(await passkeys.log_in(tx, PARTY, BROWSER, answer), Session)
    assert isinstance(await passkeys.log_in(tx, PARTY, BROWSER, answer), WrongPasskey), "a replay"


async def test_a_wrong_answer_spends_its_challenge(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    options = await passkeys.ask_to_sign(tx, PARTY, BROWSER)
    phone.flags = PRESENT
    assert isinstance(await passkeys.log_in(tx, PARTY, BROWSER, phone.sign(options)), WrongPasskey)
    phone.flags = PRESENT | VERIFIED
    assert isinstance(await passkeys.log_in(tx, PARTY, BROWSER, phone.sign(options)), WrongPasskey)


async def test_a_challenge_to_make_one_is_none_to_come_in_and_for_nobody_else(tx: Tx) -> None:
    user, phone, other = await noura(tx), device(), await noura(tx, "+966512349999")
    await add(tx, user, phone)
    making = await passkeys.ask_to_make(tx, PARTY, user, BROWSER)
    assert isinstance(await passkeys.log_in(tx, PARTY, BROWSER, phone.sign(making)), WrongPasskey)
    making = await passkeys.ask_to_make(tx, PARTY, user, BROWSER)
    with pytest.raises(WrongPasskey):
        await passkeys.add(tx, PARTY, other.id, BROWSER, device().make(making), name="Mine")


async def test_a_counter_that_goes_back_shuts_the_passkey(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    copy = device(credential=phone.credential, key=phone.key, handle=phone.handle)
    assert isinstance(await log_in(tx, phone), Session)
    assert isinstance(await log_in(tx, copy), PasskeyCopied)
    (kept,) = await passkeys.of_user(tx, user.id)
    assert kept.is_copied
    assert isinstance(await log_in(tx, phone), PasskeyCopied), "whose copy it is nobody knows"


async def test_a_passkey_that_does_not_count_is_taken_as_it_is(tx: Tx) -> None:
    user, phone = await noura(tx), device(counts=False)
    await add(tx, user, phone)
    assert isinstance(await log_in(tx, phone), Session)
    assert isinstance(await log_in(tx, phone), Session)


async def test_a_passkey_is_one_persons_and_there_are_only_so_many(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, other, phone = await noura(tx), await noura(tx, "+966512349999"), device()
    await add(tx, user, phone)
    with pytest.raises(PasskeyKnown):
        await add(tx, other, phone)
    monkeypatch.setattr(rules, "MOST_PASSKEYS", 2)
    await add(tx, user, device())
    with pytest.raises(TooManyPasskeys):
        await add(tx, user, device())


async def test_only_their_owner_names_and_removes_them(tx: Tx) -> None:
    user, other = await noura(tx), await noura(tx, "+966512349999")
    made = await add(tx, user, device())
    for passkey in (made.id, PasskeyId(new_uuid())):
        with pytest.raises(NoSuchPasskey):
            await passkeys.rename(tx, other.id, passkey, "Mine")
        with pytest.raises(NoSuchPasskey):
            await passkeys.remove(tx, other.id, passkey, TEXTING)
    with pytest.raises(BadName):
        await passkeys.rename(tx, user.id, made.id, " ")


async def test_the_last_way_in_stays(tx: Tx) -> None:
    """The number's country gets no codes any more: then the passkey is what is left."""
    user, nowhere = await noura(tx), CodeSettings().texting(("FR",))
    first, second = await add(tx, user, device()), await add(tx, user, device())
    await passkeys.remove(tx, user.id, first.id, nowhere)
    with pytest.raises(LastWay):
        await passkeys.remove(tx, user.id, second.id, nowhere)
    await passkeys.remove(tx, user.id, second.id, TEXTING)


async def test_of_two_who_remove_the_last_two_at_once_one_is_refused(database: Database) -> None:
    nowhere = CodeSettings().texting(())
    async with database.write() as tx:
        user = await noura(tx)
        made = [await add(tx, user, device()) for _ in range(2)]

    async def remove(one: Passkey) -> object:
        try:
            async with database.write() as tx:
                await passkeys.remove(tx, user.id, one.id, nowhere)
            return None
        except LastWay as refusal:
            return refusal

    came = await asyncio.gather(*(remove(one) for one in made))
    assert Counter(type(one).__name__ for one in came) == {"NoneType": 1, "LastWay": 1}


async def test_one_answer_brought_twice_at_once_opens_one_session(database: Database) -> None:
    async with database.write() as tx:
        user, phone = await noura(tx), device()
        await add(tx, user, phone)
        answer = phone.sign(await passkeys.ask_to_sign(tx, PARTY, BROWSER))

    async def bring() -> object:
        async with database.write() as tx:
            return await passkeys.log_in(tx, PARTY, BROWSER, answer)

    came = await asyncio.gather(*(bring() for _ in range(5)))
    assert Counter(type(one).__name__ for one in came) == {"Session": 1, "WrongPasskey": 4}


async def test_an_erased_person_leaves_no_passkey_and_no_number(tx: Tx) -> None:
    user, phone = await noura(tx), device()
    await add(tx, user, phone)
    session = await log_in(tx, phone)
    assert isinstance(session, Session)
    await identity.erase(tx, user.id)

    assert await passkeys.of_user(tx, user.id) == ()
    assert await identity.session(tx, session.token) is None
    assert await identity.by_contact(tx, user.contact) is None
    assert "Noura" not in (await identity.the_user(tx, user.id)).name
    assert isinstance(await log_in(tx, phone), WrongPasskey)
    assert (await noura(at(tx, timedelta(hours=2)))).id != user.id, "the number is free again"


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://shop.example", "shop.example"),
        ("https://shop.example:8443", "shop.example"),
        ("http://localhost:8000", "localhost"),
        ("http://silk.localhost", "silk.localhost"),
    ],
)
def test_a_house_with_a_name_takes_passkeys(origin: str, name: str) -> None:
    assert ceremonies.relying_party(origin) == RelyingParty(origin, name)


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:8000",
        "https://[::1]",
        "http://shop.example",
        "https://shop.example/",
        "https://shop.example,https://other.example",
        "https://shop.example https://other.example",
        "https://user@shop.example",
        "https://shop.example:port",
        "shop.example",
        "android:apk-key-hash:x",
        "",
    ],
)
def test_no_address_several_origins_or_an_open_way_do_not(origin: str) -> None:
    with pytest.raises(NoPasskeysHere):
        ceremonies.relying_party(origin)


octets = some.binary(max_size=200).map(written) | some.text(max_size=40)
client = some.fixed_dictionaries(
    {}, optional={"type": some.just("webauthn.create"), "challenge": octets, "origin": some.just(ORIGIN)}
).map(lambda one: written(repr(one).replace("'", '"').encode()))
responses = some.fixed_dictionaries(
    {},
    optional={
        name: client | octets | some.none() | some.integers()
        for name in ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
    },
)
answers = some.fixed_dictionaries(
    {},
    optional={
        "id": octets,
        "rawId": octets | some.none(),
        "type": some.text(max_size=10) | some.just("public-key"),
        "response": responses | some.none() | some.lists(some.integers(), max_size=2),
    },
)


@given(answers)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_browser_brings_is_read_or_refused(answer: dict[str, Any]) -> None:
    for read in (
        lambda: ceremonies.challenge_of(answer),
        lambda: ceremonies.signer(answer),
        lambda: ceremonies.made(PARTY, answer),
        lambda: ceremonies.signed(PARTY, answer, b"not a key"),
    ):
        try:
            read()
        except WrongPasskey:
            continue


@given(some.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_broken_attestations_are_refused(octets: bytes) -> None:
    phone = device()
    options = {"challenge": written(b"c" * 32), "user": {"id": written(b"u" * 16)}}
    answer = phone.make(options)
    answer["response"]["attestationObject"] = written(octets)
    with pytest.raises(WrongPasskey):
        ceremonies.made(PARTY, answer)
