# SPDX-License-Identifier: Apache-2.0
"""Store: the tables of identity. Those of passkeys and their challenges are in `keys.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import SellerId, TokenId, UserId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.who.identity.models import (
    ChallengeRow,
    CodeRow,
    DoorRow,
    ManagerRow,
    OneTapRow,
    PasskeyRow,
    SessionRow,
    TextsRow,
    TokenRow,
    UserRow,
)
from silkcast.who.identity.values import Manager, Purpose, Token, User

_FRESH: dict[str, Any] = {"populate_existing": True}


def _user(db: Db, row: UserRow) -> User:
    return User(
        id=UserId(row.id),
        contact=db.vault.open(row.contact_sealed, context(row.id, "contact")),
        name=db.vault.open(row.name_sealed, context(row.id, "name")),
        language=row.language,
        is_confirmed=row.confirmed_at is not None,
        is_operator=row.is_operator,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
    )


def _token(row: TokenRow) -> Token:
    return Token(
        id=TokenId(row.id),
        user=UserId(row.user_id),
        seller=SellerId(row.seller_id),
        name=row.name,
        scopes=frozenset(row.scopes),
        made_at=row.made_at,
        ends_at=row.ends_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def context(user: object, column: str) -> str:
    return f"identity.users.{column}/{user}"


async def add_user(tx: Tx, **columns: Any) -> bool:
    """Whether the contact was free."""
    statement = (
        insert(UserRow)
        .values(**columns)
        .on_conflict_do_nothing(index_elements=["contact_index"])
        .returning(UserRow.id)
    )
    return (await tx.session.execute(statement)).first() is not None


async def user(db: Db, id: UserId) -> User | None:
    row = await db.session.get(UserRow, id, execution_options=_FRESH)
    return _user(db, row) if row else None


async def users(db: Db, ids: Sequence[UserId]) -> dict[UserId, User]:
    rows = await db.session.scalars(select(UserRow).where(UserRow.id.in_(ids)))
    return {UserId(row.id): _user(db, row) for row in rows}


async def by_contact(db: Db, contact_index: bytes) -> tuple[User, str | None] | None:
    """(user, password hash) of a contact."""
    statement = select(UserRow).where(UserRow.contact_index == contact_index)
    row = (await db.session.scalars(statement.execution_options(**_FRESH))).first()
    return (_user(db, row), row.password_hash) if row else None


async def door(tx: Tx, contact_index: bytes) -> DoorRow:
    """The door of a contact, and nobody else at it until this transaction ends."""
    made = insert(DoorRow).values(contact_index=contact_index, codes_since=tx.now, touched_at=tx.now)
    await tx.session.execute(made.on_conflict_do_nothing())
    statement = select(DoorRow).where(DoorRow.contact_index == contact_index).with_for_update()
    return (await tx.session.scalars(statement.execution_options(**_FRESH))).one()


async def door_seen(db: Db, contact_index: bytes) -> DoorRow | None:
    return await db.session.get(DoorRow, contact_index, execution_options=_FRESH)


async def note_door(tx: Tx, contact_index: bytes, **columns: Any) -> None:
    await tx.session.execute(
        update(DoorRow)
        .where(DoorRow.contact_index == contact_index)
        .values(**columns, touched_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def change_user(tx: Tx, id: UserId, **columns: Any) -> None:
    await tx.session.execute(
        update(UserRow).where(UserRow.id == id).values(**columns).execution_options(synchronize_session=False)
    )


async def put_code(tx: Tx, contact_index: bytes, purpose: Purpose, **columns: Any) -> None:
    await tx.session.execute(
        insert(CodeRow)
        .values(contact_index=contact_index, purpose=purpose, **columns)
        .on_conflict_do_update(index_elements=["contact_index", "purpose"], set_=columns)
    )


async def code(db: Db, contact_index: bytes, purpose: str, *, lock: bool = False) -> CodeRow | None:
    statement = select(CodeRow).where(CodeRow.contact_index == contact_index, CodeRow.purpose == purpose)
    if lock:
        statement = statement.with_for_update()
    return (await db.session.scalars(statement.execution_options(**_FRESH))).first()


async def code_sending(db: Db, sending: UUID) -> CodeRow | None:
    statement = select(CodeRow).where(CodeRow.sending == sending)
    return (await db.session.scalars(statement.execution_options(**_FRESH))).first()


async def note_code(tx: Tx, contact_index: bytes, purpose: str, **columns: Any) -> None:
    await tx.session.execute(
        update(CodeRow)
        .where(CodeRow.contact_index == contact_index, CodeRow.purpose == purpose)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )


async def take_proof(tx: Tx, proof_hash: bytes) -> tuple[UUID, str] | None:
    """(sending, sealed contact) of a proof that still counts. It is gone with that."""
    statement = (
        update(CodeRow)
        .where(CodeRow.proof_hash == proof_hash, CodeRow.ends_at > tx.now)
        .values(proof_hash=None)
        .returning(CodeRow.sending, CodeRow.contact_sealed)
        .execution_options(synchronize_session=False)
    )
    row = (await tx.session.execute(statement)).first()
    return (row[0], row[1]) if row else None


async def count_text(tx: Tx, day: date, beginning: str, at_most: int) -> bool:
    """One more text, unless there were so many already."""
    made = insert(TextsRow).values(day=day, beginning=beginning, sent=1)
    statement = made.on_conflict_do_update(
        index_elements=["day", "beginning"],
        set_={"sent": TextsRow.sent + 1},
        where=TextsRow.sent < at_most,
    ).returning(TextsRow.day)
    return (await tx.session.execute(statement)).first() is not None


async def add_session(tx: Tx, token_hash: bytes, user: UserId, ends_at: datetime) -> None:
    tx.session.add(SessionRow(token_hash=token_hash, user_id=user, made_at=tx.now, ends_at=ends_at))
    await tx.session.flush()


async def session_user(db: Db, token_hash: bytes) -> User | None:
    statement = (
        select(UserRow)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(SessionRow.token_hash == token_hash, SessionRow.ends_at > db.now)
    )
    row = (await db.session.scalars(statement)).first()
    return _user(db, row) if row else None


async def renew_session(tx: Tx, token_hash: bytes, ends_at: datetime, if_before: datetime) -> bool:
    statement = (
        update(SessionRow)
        .where(
            SessionRow.token_hash == token_hash,
            SessionRow.ends_at > tx.now,
            SessionRow.ends_at < if_before,
        )
        .values(ends_at=ends_at)
        .returning(SessionRow.token_hash)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(statement)).first() is not None


async def end_sessions(tx: Tx, *, token_hash: bytes | None = None, user: UserId | None = None) -> None:
    statement = delete(SessionRow)
    if token_hash is not None:
        statement = statement.where(SessionRow.token_hash == token_hash)
    if user is not None:
        statement = statement.where(SessionRow.user_id == user)
    await tx.session.execute(statement.execution_options(synchronize_session=False))


async def forget_old(tx: Tx, before: datetime) -> None:
    await tx.session.execute(delete(SessionRow).where(SessionRow.ends_at < before))
    await tx.session.execute(delete(CodeRow).where(CodeRow.ends_at < before))
    await tx.session.execute(delete(DoorRow).where(DoorRow.touched_at < before))
    await tx.session.execute(delete(ChallengeRow).where(ChallengeRow.ends_at < before))
    await tx.session.execute(delete(TextsRow).where(TextsRow.day < before.date()))


async def add_token(tx: Tx, token: Token, secret_hash: bytes) -> None:
    tx.session.add(
        TokenRow(
            id=token.id,
            secret_hash=secret_hash,
            user_id=token.user,
            seller_id=token.seller,
            name=token.name,
            scopes=sorted(token.scopes),
            made_at=token.made_at,
            ends_at=token.ends_at,
        )
    )
    await tx.session.flush()


async def token(db: Db, secret_hash: bytes) -> Token | None:
    statement = select(TokenRow).where(
        TokenRow.secret_hash == secret_hash, TokenRow.revoked_at.is_(None), TokenRow.ends_at > db.now
    )
    row = (await db.session.scalars(statement)).first()
    return _token(row) if row else None


async def tokens(db: Db, seller: SellerId) -> tuple[Token, ...]:
    statement = select(TokenRow).where(TokenRow.seller_id == seller).order_by(TokenRow.made_at.desc())
    return tuple(_token(row) for row in await db.session.scalars(statement.execution_options(**_FRESH)))


async def note_token_used(tx: Tx, id: TokenId, *, no_more_than_every: timedelta) -> None:
    await tx.session.execute(
        update(TokenRow)
        .where(
            TokenRow.id == id,
            TokenRow.used_at.is_(None) | (TokenRow.used_at < tx.now - no_more_than_every),
        )
        .values(used_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def revoke_token(tx: Tx, seller: SellerId, id: TokenId) -> bool:
    statement = (
        update(TokenRow)
        .where(TokenRow.id == id, TokenRow.seller_id == seller)
        .values(revoked_at=tx.now)
        .returning(TokenRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(statement)).first() is not None


async def put_one_tap(tx: Tx, user: UserId, market: str, **values: Any) -> None:
    made = insert(OneTapRow).values(user_id=user, market=market, **values)
    await tx.session.execute(made.on_conflict_do_update(index_elements=["user_id", "market"], set_=values))


async def drop_one_tap(tx: Tx, user: UserId, market: str) -> None:
    await tx.session.execute(delete(OneTapRow).where(OneTapRow.user_id == user, OneTapRow.market == market))


async def one_taps(db: Db, user: UserId, market: str | None) -> Sequence[OneTapRow]:
    asked = select(OneTapRow).where(OneTapRow.user_id == user).order_by(OneTapRow.market)
    if market is not None:
        asked = asked.where(OneTapRow.market == market)
    return (await db.session.scalars(asked.execution_options(**_FRESH))).all()


async def add_manager(tx: Tx, manager: Manager) -> None:
    tx.session.add(
        ManagerRow(
            id=new_uuid(),
            user_id=manager.user,
            market=manager.market,
            rights=sorted(manager.rights),
            why=manager.why,
            granted_at=manager.granted_at,
            granted_by=manager.granted_by,
            ended_why="",
        )
    )
    await tx.session.flush()


async def lock_user(tx: Tx, id: UserId) -> None:
    """Nobody else changes how this person comes in until this transaction ends."""
    await tx.session.execute(select(UserRow.id).where(UserRow.id == id).with_for_update())


async def forget(tx: Tx, user: UserId, contact_index: bytes) -> None:
    """Every way in of a person, and what was kept for them to come back."""
    for row in (PasskeyRow, SessionRow, OneTapRow, ChallengeRow):
        await tx.session.execute(delete(row).where(row.user_id == user))
    for kept in (CodeRow, DoorRow):
        await tx.session.execute(delete(kept).where(kept.contact_index == contact_index))
    await tx.session.execute(
        update(TokenRow)
        .where(TokenRow.user_id == user, TokenRow.revoked_at.is_(None))
        .values(revoked_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    await tx.session.execute(
        update(ManagerRow)
        .where(ManagerRow.user_id == user, ManagerRow.ended_at.is_(None))
        .values(ended_at=tx.now, ended_by=tx.actor.id, ended_why="account closed")
        .execution_options(synchronize_session=False)
    )


async def end_manager(tx: Tx, user: UserId, market: str, why: str) -> bool:
    """Whether they were one."""
    statement = (
        update(ManagerRow)
        .where(ManagerRow.user_id == user, ManagerRow.market == market, ManagerRow.ended_at.is_(None))
        .values(ended_at=tx.now, ended_by=tx.actor.id, ended_why=why)
        .returning(ManagerRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(statement)).first() is not None


async def managers(db: Db, *, market: str | None = None, user: UserId | None = None) -> list[Manager]:
    asked = select(ManagerRow).where(ManagerRow.ended_at.is_(None))
    if market is not None:
        asked = asked.where(ManagerRow.market == market)
    if user is not None:
        asked = asked.where(ManagerRow.user_id == user)
    rows = await db.session.scalars(
        asked.order_by(ManagerRow.market, ManagerRow.granted_at).execution_options(**_FRESH)
    )
    return [
        Manager(
            UserId(row.user_id),
            Country(row.market),
            frozenset(row.rights),
            row.why,
            row.granted_at,
            UserId(row.granted_by) if row.granted_by else None,
        )
        for row in rows
    ]
