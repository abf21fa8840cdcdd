# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from hmac import compare_digest

from silkcast.ground.ids import SellerId, TokenId, UserId, new_code, new_secret, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import passwords, rules, store
from .errors import (
    AlreadyRegistered,
    CodeOver,
    LockedOut,
    NoSuchToken,
    NoSuchUser,
    TooManyCodes,
    UnknownScope,
    WrongCode,
    WrongLogin,
)
from .events import CodeMade, UserRegistered
from .values import SCOPES, NewToken, Purpose, Session, Token, User

TOKEN_PREFIX = "silk_"  # noqa: S105
SESSION_DAYS = 30
CODE_MINUTES = rules.CODE_MINUTES


async def register(tx: Tx, *, contact: str, password: str, name: str, language: str) -> User:
    """A new person, not confirmed yet; their code is on its way.

    Somebody who registered and never confirmed may begin again; a confirmed contact is refused. Who begins
    again with another password is perhaps another person, so then neither password counts: whoever reads
    the code comes in by it, and sets a new one.
    """
    reached = rules.contact(contact)
    called = rules.name(name)
    rules.check_password(password, about=f"{reached} {called}")
    known = await passwords.hashed(password)
    user = UserId(new_uuid())
    index = _index(tx, reached)
    await _count_code(tx, index)
    added = await store.add_user(
        tx,
        id=user,
        contact_sealed=tx.vault.seal(reached, store.context(user, "contact")),
        contact_index=index,
        name_sealed=tx.vault.seal(called, store.context(user, "name")),
        language=language,
        password_hash=known,
        created_at=tx.now,
    )
    if not added:
        found = await store.by_contact(tx, index)
        assert found is not None, "a contact that conflicts is there"
        if found[0].is_confirmed:
            raise AlreadyRegistered()
        user = found[0].id
        same = await passwords.is_right(found[1], password)
        await store.change_user(
            tx,
            user,
            password_hash=known if same else None,
            name_sealed=tx.vault.seal(called, store.context(user, "name")),
            language=language,
        )
    tx.announce(UserRegistered(user))
    await make_code(tx, user, "confirm")
    return await the_user(tx, user)


async def make_code(tx: Tx, user: UserId, purpose: Purpose) -> None:
    """Make a one-time code and announce that it is to be sent. The one before it is worth nothing."""
    code = new_code()
    sealed = tx.vault.seal(code, f"identity.codes/{user}/{purpose}")
    await store.put_code(
        tx, user, purpose, sealed, rules.CODE_TRIES, tx.now + timedelta(minutes=rules.CODE_MINUTES)
    )
    tx.announce(CodeMade(user, purpose))


async def code_to_send(db: Db, user: UserId, purpose: str) -> str | None:
    """The code, for whoever sends it; nothing once it is used or over."""
    row = await store.code(db, user, purpose)
    if row is None or row.used_at is not None or row.ends_at <= db.now:
        return None
    return db.vault.open(row.code_sealed, f"identity.codes/{user}/{purpose}")


async def ask_for_code(tx: Tx, contact: str) -> None:
    """Send a log-in code to this contact, if somebody has it. The answer is the same either way."""
    index = _index(tx, contact)
    await _count_code(tx, index)
    found = await store.by_contact(tx, index)
    if found is not None:
        await make_code(tx, found[0].id, "login" if found[0].is_confirmed else "confirm")


async def use_code(tx: Tx, user: UserId, purpose: Purpose, code: str) -> WrongCode | None:
    """Spend a try. The refusal is returned, not raised, so that the try is kept with the transaction."""
    row = await store.code(tx, user, purpose, lock=True)
    if row is None or row.used_at is not None or row.ends_at <= tx.now or row.tries_left < 1:
        raise CodeOver()
    right = tx.vault.open(row.code_sealed, f"identity.codes/{user}/{purpose}")
    if not compare_digest(right.encode(), code.strip().encode()):
        await store.note_code(tx, user, purpose, tries_left=row.tries_left - 1)
        return WrongCode(row.tries_left - 1)
    await store.note_code(tx, user, purpose, used_at=tx.now)
    found = await the_user(tx, user)
    await store.note_door(tx, _index(tx, found.contact), failures=0, shut_until=None)
    if not found.is_confirmed:
        await store.change_user(tx, user, confirmed_at=tx.now)
    return None


async def login_with_code(tx: Tx, contact: str, code: str) -> Session | WrongCode:
    """Log in with the code that was sent, whether to confirm or to come in. An unknown contact, a code that
    is over and a wrong one are answered alike, and returned, so that the try is counted."""
    found = await store.by_contact(tx, _index(tx, contact))
    if found is None:
        return WrongCode()
    user = found[0]
    try:
        wrong = await use_code(tx, user.id, "login" if user.is_confirmed else "confirm", code)
    except CodeOver:
        return WrongCode()
    return WrongCode() if wrong is not None else await open_session(tx, user.id)


async def login(tx: Tx, contact: str, password: str) -> Session | WrongLogin | LockedOut:
    """Log in with the password. A wrong try is returned, not raised, so that it is counted; an unknown
    contact takes as long, and its door shuts as well."""
    index = _index(tx, contact)
    door = await store.door(tx, index)
    if door.shut_until is not None and door.shut_until > tx.now:
        return LockedOut(max(1, int((door.shut_until - tx.now).total_seconds())))
    found = await store.by_contact(tx, index)
    is_right = await passwords.is_right(found[1] if found else None, password)
    if found is None or not is_right or not found[0].is_confirmed:
        failures = door.failures + 1
        shut = rules.shut_for(failures)
        await store.note_door(tx, index, failures=failures, shut_until=tx.now + shut if shut else None)
        return WrongLogin()
    await store.note_door(tx, index, failures=0, shut_until=None)
    return await open_session(tx, found[0].id)


async def open_session(tx: Tx, user: UserId) -> Session:
    token = new_secret()
    await store.add_session(tx, _hash(token), user, tx.now + timedelta(days=SESSION_DAYS))
    return Session(token, await the_user(tx, user))


async def session(db: Db, token: str) -> User | None:
    """Who this browser is, if it is logged in."""
    return await store.session_user(db, _hash(token))


async def renew(tx: Tx, token: str) -> bool:
    """Whoever comes back stays logged in: the session ends later. At most one write a day; whether it was."""
    ends_at = tx.now + timedelta(days=SESSION_DAYS)
    return await store.renew_session(tx, _hash(token), ends_at, if_before=ends_at - timedelta(days=1))


async def logout(tx: Tx, token: str) -> None:
    await store.end_sessions(tx, token_hash=_hash(token))


async def set_password(tx: Tx, user: UserId, password: str) -> None:
    """A new password ends every session of the person."""
    found = await the_user(tx, user)
    rules.check_password(password, about=f"{found.contact} {found.name}")
    await store.change_user(tx, user, password_hash=await passwords.hashed(password))
    await store.note_door(tx, _index(tx, found.contact), failures=0, shut_until=None)
    await store.end_sessions(tx, user=user)


async def make_operator(tx: Tx, user: UserId) -> None:
    await the_user(tx, user)
    await store.change_user(tx, user, is_operator=True)


async def the_user(db: Db, user: UserId) -> User:
    found = await store.user(db, user)
    if found is None:
        raise NoSuchUser()
    return found


async def by_contact(db: Db, contact: str) -> User | None:
    """For the operator and the command line; never to answer a stranger."""
    found = await store.by_contact(db, _index(db, contact))
    return found[0] if found else None


async def users(db: Db, ids: Sequence[UserId]) -> Mapping[UserId, User]:
    return await store.users(db, ids)


async def make_token(
    tx: Tx, user: UserId, seller: SellerId, *, name: str, scopes: Iterable[str], days: int = 365
) -> NewToken:
    """A token for a program of this seller. Its secret is seen now and never again."""
    wanted = frozenset(scopes)
    for scope in sorted(wanted - SCOPES):
        raise UnknownScope(scope)
    secret = TOKEN_PREFIX + new_secret()
    ends_at = tx.now + timedelta(days=max(1, min(days, 3650)))
    made = Token(TokenId(new_uuid()), user, seller, rules.name(name), wanted, tx.now, ends_at, None, None)
    await store.add_token(tx, made, _hash(secret))
    return NewToken(made.id, secret)


async def token(db: Db, secret: str) -> Token | None:
    """The token of this secret, unless it is over, revoked or never was."""
    return await store.token(db, _hash(secret)) if secret.startswith(TOKEN_PREFIX) else None


async def note_token_used(tx: Tx, id: TokenId) -> None:
    await store.note_token_used(tx, id, no_more_than_every=timedelta(minutes=1))


async def tokens(db: Db, seller: SellerId) -> tuple[Token, ...]:
    return await store.tokens(db, seller)


async def revoke_token(tx: Tx, seller: SellerId, id: TokenId) -> None:
    if not await store.revoke_token(tx, seller, id):
        raise NoSuchToken()


def _index(db: Db, contact: str) -> bytes:
    return db.vault.blind(rules.contact(contact), "identity.contact")


async def _count_code(tx: Tx, index: bytes) -> None:
    """A few codes an hour to one contact: each brings new tries, and a letter to somebody."""
    door = await store.door(tx, index)
    ends = door.codes_since + rules.CODES_WINDOW
    if ends <= tx.now:
        await store.note_door(tx, index, codes=1, codes_since=tx.now)
    elif door.codes < rules.MOST_CODES:
        await store.note_door(tx, index, codes=door.codes + 1)
    else:
        raise TooManyCodes(max(1, int((ends - tx.now).total_seconds())))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
