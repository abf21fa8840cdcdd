# SPDX-License-Identifier: Apache-2.0
"""Passkeys: a key that a person's device keeps, and signs with once it has made sure who holds it.

A *challenge* is asked of one browser, for minutes and once. A passkey answers for one origin only, the one
this house has; what signs for another is refused. The last way to log in is never taken away. The door of
passkeys; what comes from browsers is read in `ceremonies.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from silkcast.ground.ids import PasskeyId, UserId, new_salt, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import ceremonies, codes, rules, store
from .errors import LastWay, NoSuchPasskey, PasskeyCopied, PasskeyKnown, TooManyPasskeys, WrongPasskey
from .service import open_session, the_user
from .store import keys
from .values import Passkey, RelyingParty, Session, Texting, User

log = structlog.get_logger()


async def ask_to_make(tx: Tx, party: RelyingParty, user: User, browser: str) -> Mapping[str, Any]:
    """What the browser makes a new passkey from. One that it has already is not made twice."""
    challenge = await _challenge(tx, browser, user.id)
    known = [(row.credential, tuple(row.transports)) for row in await keys.credentials(tx, user.id)]
    return ceremonies.making(party, user, challenge, known)


async def ask_to_sign(tx: Tx, party: RelyingParty, browser: str) -> Mapping[str, Any]:
    """What the browser has signed by whichever passkey the person chooses."""
    return ceremonies.signing(party, await _challenge(tx, browser, None))


async def add(
    tx: Tx, party: RelyingParty, user: UserId, browser: str, answer: Mapping[str, Any], *, name: str
) -> Passkey:
    """Keep what the browser made."""
    called = rules.name(name)
    await _take(tx, answer, browser, user)
    made = ceremonies.made(party, answer)
    await store.lock_user(tx, user)
    if len(await keys.passkeys(tx, user)) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeys(rules.MOST_PASSKEYS)
    kept = Passkey(PasskeyId(new_uuid()), user, called, tx.now, None, is_copied=False)
    is_new = await keys.add_passkey(
        tx,
        id=kept.id,
        user_id=user,
        credential=made.credential,
        public_key=made.public_key,
        counter=made.counter,
        transports=list(made.transports),
        name=called,
        made_at=tx.now,
    )
    if not is_new:
        raise PasskeyKnown()
    return kept


async def log_in(
    tx: Tx, party: RelyingParty, browser: str, answer: Mapping[str, Any]
) -> Session | WrongPasskey | PasskeyCopied:
    """Come in with a passkey. A refusal is returned, not raised: its challenge is spent, and a counter that
    went back is remembered."""
    try:
        await _take(tx, answer, browser, None)
        credential, handle = ceremonies.signer(answer)
        row = await keys.passkey_row(tx, credential)
        if row is None or handle not in (None, row.user_id.bytes):
            return WrongPasskey()
        counter = ceremonies.signed(party, answer, row.public_key)
    except WrongPasskey as wrong:
        return wrong
    id, user = PasskeyId(row.id), UserId(row.user_id)
    if row.copied_at is not None:
        return PasskeyCopied()
    if not ceremonies.goes_on(row.counter, counter):
        await keys.change_passkey(tx, id, user, copied_at=tx.now)
        log.warning("identity.passkey_copied", passkey=id, user=user)
        return PasskeyCopied()
    await keys.change_passkey(tx, id, user, counter=counter, used_at=tx.now)
    return await open_session(tx, user)


async def of_user(db: Db, user: UserId) -> tuple[Passkey, ...]:
    """The oldest first."""
    return await keys.passkeys(db, user)


async def rename(tx: Tx, user: UserId, id: PasskeyId, name: str) -> None:
    if not await keys.change_passkey(tx, id, user, name=rules.name(name)):
        raise NoSuchPasskey()


async def remove(tx: Tx, user: UserId, id: PasskeyId, texting: Texting) -> None:
    """Take a passkey away, unless there would be no way left to come in."""
    await store.lock_user(tx, user)
    others = [one for one in await keys.passkeys(tx, user) if one.id != id and not one.is_copied]
    if not others and not _comes_in_otherwise(await the_user(tx, user), texting):
        raise LastWay()
    if not await keys.drop_passkey(tx, id, user):
        raise NoSuchPasskey()


def _comes_in_otherwise(user: User, texting: Texting) -> bool:
    """By password, or by a code that still reaches them."""
    if user.has_password:
        return True
    if "@" in user.contact:
        return user.is_confirmed
    block = rules.block(user.contact)
    return user.is_confirmed and block is not None and block.country in texting.countries


async def _challenge(tx: Tx, browser: str, user: UserId | None) -> bytes:
    challenge = new_salt(32)
    ends_at = tx.now + timedelta(minutes=rules.CHALLENGE_MINUTES)
    await keys.add_challenge(tx, challenge, codes.hashed(browser), user, ends_at)
    return challenge


async def _take(tx: Tx, answer: Mapping[str, Any], browser: str, user: UserId | None) -> None:
    """The challenge of this answer, which nobody answers again, whether the answer is right or not."""
    challenge = ceremonies.challenge_of(answer)
    if not browser or not await keys.take_challenge(tx, challenge, codes.hashed(browser), user):
        raise WrongPasskey()
