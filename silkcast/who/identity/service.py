# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from silkcast.ground.ids import SellerId, TokenId, UserId, new_secret, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import codes, passwords, rules, store
from .errors import (
    AlreadyRegistered,
    CodeOver,
    LockedOut,
    NoSuchToken,
    NoSuchUser,
    ProofOver,
    TermsNotAgreed,
    UnknownScope,
    WrongCode,
    WrongLogin,
)
from .events import UserRegistered
from .values import SCOPES, CodeToSend, Newcomer, NewToken, Purpose, Session, Texting, Token, User

TOKEN_PREFIX = "silk_"  # noqa: S105
SESSION_DAYS = 30
CODE_MINUTES = rules.CODE_MINUTES


async def register(
    tx: Tx,
    *,
    contact: str,
    password: str,
    name: str,
    language: str,
    country: str | None = None,
    texting: Texting | None = None,
) -> User:
    """A new person, not confirmed yet; their code is on its way.

    Somebody who registered and never confirmed may begin again; a confirmed contact is refused. Who begins
    again with another password is perhaps another person, so then neither password counts: whoever reads
    the code comes in by it, and sets a new one.
    """
    reached = rules.contact(contact, country)
    called = rules.name(name)
    rules.check_password(password, about=f"{reached} {called}")
    known = await passwords.hashed(password)
    await codes.make(tx, reached, "confirm", language=language, texting=texting)
    index = _index(tx, reached)
    user = await _add(tx, reached, called, language, password_hash=known)
    if user is None:
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
    return await the_user(tx, user)


async def _add(tx: Tx, reached: str, called: str, language: str, **columns: Any) -> UserId | None:
    """A new person; nothing where the contact is somebody's."""
    user = UserId(new_uuid())
    added = await store.add_user(
        tx,
        id=user,
        contact_sealed=tx.vault.seal(reached, store.context(user, "contact")),
        contact_index=_index(tx, reached),
        name_sealed=tx.vault.seal(called, store.context(user, "name")),
        language=language,
        created_at=tx.now,
        **columns,
    )
    return user if added else None


async def code_to_send(db: Db, sending: UUID) -> CodeToSend | None:
    """The code, for whoever sends it; nothing once it is used or over."""
    return await codes.sent(db, sending)


async def ask_for_code(
    tx: Tx,
    contact: str,
    *,
    purpose: Purpose = "login",
    language: str = "en",
    country: str | None = None,
    texting: Texting | None = None,
) -> str:
    """Send a code to this contact, known or not; the contact as it is written here."""
    reached = rules.contact(contact, country)
    await codes.make(tx, reached, purpose, language=language, texting=texting)
    return reached


async def code_wait(db: Db, contact: str) -> int:
    """Seconds until this contact may be sent another code."""
    return await codes.wait_seconds(db, rules.contact(contact))


async def login_with_code(
    tx: Tx, contact: str, code: str, *, purpose: Purpose = "login"
) -> Session | Newcomer | WrongCode:
    """Come in with the code that was sent, or prove to be who opens an account with this contact.

    A code that is over and a wrong one are answered alike, and returned, so that the try is counted. Who is
    not confirmed is a newcomer, whoever registered them with whatever password, unless that is confirmed.
    """
    reached = rules.contact(contact)
    try:
        wrong = await codes.spend(tx, reached, purpose, code)
    except CodeOver:
        wrong = WrongCode()
    if wrong is not None:
        return WrongCode()
    index = _index(tx, reached)
    await store.note_door(tx, index, failures=0, shut_until=None)
    found = await store.by_contact(tx, index)
    if found is None or (purpose == "login" and not found[0].is_confirmed):
        return Newcomer(await codes.prove(tx, reached, purpose))
    user = found[0]
    if not user.is_confirmed:
        await store.change_user(tx, user.id, confirmed_at=tx.now)
    return await open_session(tx, user.id)


async def welcome(tx: Tx, proof: str, *, name: str, agrees: bool, language: str) -> Session:
    """An account for who proved a contact and agrees to the terms, and in."""
    called = rules.name(name)
    if not agrees:
        raise TermsNotAgreed()
    reached = await codes.take_proof(tx, proof)
    if reached is None:
        raise ProofOver()
    user = await _add(tx, reached, called, language, confirmed_at=tx.now, agreed_at=tx.now)
    if user is None:
        found = await store.by_contact(tx, _index(tx, reached))
        assert found is not None, "a contact that conflicts is there"
        user = found[0].id
        if not found[0].is_confirmed:
            await store.end_sessions(tx, user=user)
            await store.change_user(
                tx,
                user,
                password_hash=None,
                name_sealed=tx.vault.seal(called, store.context(user, "name")),
                language=language,
                confirmed_at=tx.now,
                agreed_at=tx.now,
            )
    tx.announce(UserRegistered(user))
    return await open_session(tx, user)


async def login(
    tx: Tx, contact: str, password: str, *, country: str | None = None
) -> Session | WrongLogin | LockedOut:
    """Log in with the password. A wrong try is returned, not raised, so that it is counted; an unknown
    contact takes as long, and its door shuts as well."""
    index = codes.index_of(tx, rules.contact(contact, country))
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
    await store.add_session(tx, codes.hashed(token), user, tx.now + timedelta(days=SESSION_DAYS))
    return Session(token, await the_user(tx, user))


async def session(db: Db, token: str) -> User | None:
    """Who this browser is, if it is logged in."""
    return await store.session_user(db, codes.hashed(token))


async def renew(tx: Tx, token: str) -> bool:
    """Whoever comes back stays logged in: the session ends later. At most one write a day; whether it was."""
    ends_at = tx.now + timedelta(days=SESSION_DAYS)
    return await store.renew_session(tx, codes.hashed(token), ends_at, if_before=ends_at - timedelta(days=1))


async def logout(tx: Tx, token: str) -> None:
    await store.end_sessions(tx, token_hash=codes.hashed(token))


async def set_password(tx: Tx, user: UserId, password: str) -> None:
    """A new password ends every session of the person."""
    found = await the_user(tx, user)
    rules.check_password(password, about=f"{found.contact} {found.name}")
    await store.change_user(tx, user, password_hash=await passwords.hashed(password))
    await store.note_door(tx, _index(tx, found.contact), failures=0, shut_until=None)
    await store.end_sessions(tx, user=user)


async def confirm(tx: Tx, user: UserId) -> None:
    """Take a contact as somebody's without a code: for whoever sets the house up."""
    await store.change_user(tx, user, confirmed_at=tx.now)


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


async def erase(tx: Tx, user: UserId) -> None:
    """Forget a person for good: contact, name, password, passkeys, addresses, and every session. The account
    stays as an empty row, since orders and shops name it."""
    found = await the_user(tx, user)
    await store.forget(tx, user, _index(tx, found.contact))
    nobody = f"{user}@erased.invalid"
    await store.change_user(
        tx,
        user,
        contact_sealed=tx.vault.seal(nobody, store.context(user, "contact")),
        contact_index=codes.index_of(tx, nobody),
        name_sealed=tx.vault.seal("–", store.context(user, "name")),
        password_hash=None,
        is_operator=False,
        confirmed_at=None,
        erased_at=tx.now,
    )


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
    await store.add_token(tx, made, codes.hashed(secret))
    return NewToken(made.id, secret)


async def token(db: Db, secret: str) -> Token | None:
    """The token of this secret, unless it is over, revoked or never was."""
    return await store.token(db, codes.hashed(secret)) if secret.startswith(TOKEN_PREFIX) else None


async def note_token_used(tx: Tx, id: TokenId) -> None:
    await store.note_token_used(tx, id, no_more_than_every=timedelta(minutes=1))


async def tokens(db: Db, seller: SellerId) -> tuple[Token, ...]:
    return await store.tokens(db, seller)


async def revoke_token(tx: Tx, seller: SellerId, id: TokenId) -> None:
    if not await store.revoke_token(tx, seller, id):
        raise NoSuchToken()


def _index(db: Db, contact: str) -> bytes:
    return codes.index_of(db, rules.contact(contact))
