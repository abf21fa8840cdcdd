# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import cast

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import BanId, LineId, ModeratorId, SellerId, ShowId, UserId
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.models import BanRow, MarketWordRow, ModeratorRow, SpeakingRow, WordRow
from silkcast.stage.chat.values import Ban, Moderator, Right, Speakers, Speaking

_FRESH = {"populate_existing": True}


async def speaking(db: Db, show: ShowId) -> tuple[Speaking, LineId | None]:
    """What the show's chat allows, and its pinned line."""
    return (await db.once("chat.speaking", [show], partial(_speaking, db)))[show]


async def _speaking(db: Db, shows: Sequence[ShowId]) -> dict[ShowId, tuple[Speaking, LineId | None]]:
    found: dict[ShowId, tuple[Speaking, LineId | None]] = {}
    for show in shows:
        row = await db.session.get(SpeakingRow, show, populate_existing=True)
        if row is None:
            found[show] = Speaking(), None
            continue
        says = Speaking(row.slow_seconds, row.has_links, cast(Speakers, row.who))
        found[show] = says, LineId(row.pinned) if row.pinned else None
    return found


async def put_speaking(tx: Tx, show: ShowId, wanted: Speaking) -> None:
    columns = {"slow_seconds": wanted.slow_seconds, "has_links": wanted.has_links, "who": wanted.who}
    await tx.session.execute(
        insert(SpeakingRow)
        .values(show_id=show, **columns)
        .on_conflict_do_update(index_elements=["show_id"], set_=columns)
    )


async def pin(tx: Tx, show: ShowId, line: LineId) -> None:
    await tx.session.execute(
        insert(SpeakingRow)
        .values(show_id=show, pinned=line)
        .on_conflict_do_update(index_elements=["show_id"], set_={"pinned": line})
    )


async def unpin(tx: Tx, show: ShowId, lines: Sequence[LineId] | None = None) -> bool:
    """Take the pinned line down, with `lines` only if it is one of them. Whether there was one."""
    statement = update(SpeakingRow).where(SpeakingRow.show_id == show, SpeakingRow.pinned.is_not(None))
    if lines is not None:
        statement = statement.where(SpeakingRow.pinned.in_(lines))
    done = statement.values(pinned=None).returning(SpeakingRow.show_id)
    done = done.execution_options(synchronize_session=False)
    return (await tx.session.execute(done)).first() is not None


def _ban(row: BanRow) -> Ban:
    return Ban(
        id=BanId(row.id),
        seller=SellerId(row.seller_id),
        show=ShowId(row.show_id) if row.show_id else None,
        name=row.name,
        until=row.until,
        reason=row.reason,
        by=row.by,
        made_at=row.made_at,
    )


async def add_ban(tx: Tx, ban: Ban, author: bytes) -> None:
    await tx.session.execute(
        insert(BanRow).values(
            id=ban.id,
            seller_id=ban.seller,
            show_id=ban.show,
            author=author,
            name=ban.name,
            until=ban.until,
            reason=ban.reason,
            by=ban.by,
            made_at=ban.made_at,
        )
    )


async def bans(db: Db, seller: SellerId, show: ShowId, *, limit: int = 100) -> tuple[Ban, ...]:
    """What is in force in this show, the newest first."""
    rows = await db.session.scalars(
        select(BanRow)
        .where(
            BanRow.seller_id == seller,
            BanRow.lifted_at.is_(None),
            or_(BanRow.show_id.is_(None), BanRow.show_id == show),
            or_(BanRow.until.is_(None), BanRow.until > db.now),
        )
        .order_by(BanRow.made_at.desc(), BanRow.id)
        .limit(limit)
        .execution_options(**_FRESH)
    )
    return tuple(_ban(row) for row in rows)


async def lift(tx: Tx, seller: SellerId, ban: BanId, *, show: ShowId | None) -> bool:
    """Whether it was in force. With `show` only a ban of that show."""
    statement = update(BanRow).where(BanRow.id == ban, BanRow.seller_id == seller, BanRow.lifted_at.is_(None))
    if show is not None:
        statement = statement.where(BanRow.show_id == show)
    done = statement.values(lifted_at=tx.now).returning(BanRow.id)
    done = done.execution_options(synchronize_session=False)
    return (await tx.session.execute(done)).first() is not None


def _moderator(row: ModeratorRow) -> Moderator:
    return Moderator(
        id=ModeratorId(row.id),
        seller=SellerId(row.seller_id),
        show=ShowId(row.show_id) if row.show_id else None,
        user=UserId(row.user_id) if row.user_id else None,
        name=row.name,
        rights=frozenset(cast("list[Right]", row.rights)),
        named_at=row.named_at,
    )


async def add_moderator(
    tx: Tx, moderator: Moderator, secret_index: bytes, named_by: str, opens_until: datetime
) -> None:
    await tx.session.execute(
        insert(ModeratorRow).values(
            id=moderator.id,
            seller_id=moderator.seller,
            show_id=moderator.show,
            name=moderator.name,
            rights=sorted(moderator.rights),
            secret_index=secret_index,
            named_by=named_by,
            named_at=moderator.named_at,
            opens_until=opens_until,
        )
    )


async def open_invitation(db: Db, secret_index: bytes) -> Moderator | None:
    """Of a link that nobody has used and that is not over."""
    row = (
        await db.session.scalars(
            select(ModeratorRow).where(
                ModeratorRow.secret_index == secret_index,
                ModeratorRow.user_id.is_(None),
                ModeratorRow.opens_until > db.now,
            )
        )
    ).first()
    return _moderator(row) if row else None


async def accept(tx: Tx, secret_index: bytes, user: UserId) -> Moderator | None:
    """Use the link, once."""
    statement = (
        update(ModeratorRow)
        .where(
            ModeratorRow.secret_index == secret_index,
            ModeratorRow.user_id.is_(None),
            ModeratorRow.opens_until > tx.now,
        )
        .values(user_id=user)
        .returning(ModeratorRow)
        .execution_options(synchronize_session=False, **_FRESH)
    )
    row = (await tx.session.scalars(statement)).first()
    return _moderator(row) if row else None


async def dismiss(tx: Tx, seller: SellerId, moderator: ModeratorId) -> bool:
    statement = delete(ModeratorRow).where(ModeratorRow.id == moderator, ModeratorRow.seller_id == seller)
    done = statement.returning(ModeratorRow.id).execution_options(synchronize_session=False)
    return (await tx.session.execute(done)).first() is not None


async def moderators(db: Db, seller: SellerId, show: ShowId | None = None) -> tuple[Moderator, ...]:
    """Of the shop; with `show`, those who keep order in it."""
    asked = select(ModeratorRow).where(ModeratorRow.seller_id == seller)
    if show is not None:
        asked = asked.where(or_(ModeratorRow.show_id.is_(None), ModeratorRow.show_id == show))
    rows = await db.session.scalars(asked.order_by(ModeratorRow.named_at).execution_options(**_FRESH))
    return tuple(_moderator(row) for row in rows)


async def moderating(db: Db, user: UserId) -> tuple[Moderator, ...]:
    """Where this person keeps order."""
    rows = await db.session.scalars(
        select(ModeratorRow)
        .where(ModeratorRow.user_id == user)
        .order_by(ModeratorRow.named_at)
        .execution_options(**_FRESH)
    )
    return tuple(_moderator(row) for row in rows)


async def words(db: Db, seller: SellerId) -> tuple[str, ...]:
    asked = select(WordRow.word).where(WordRow.seller_id == seller).order_by(WordRow.word)
    return tuple(await db.session.scalars(asked))


async def add_word(tx: Tx, seller: SellerId, word: str) -> None:
    await tx.session.execute(
        insert(WordRow).values(seller_id=seller, word=word, added_at=tx.now).on_conflict_do_nothing()
    )


async def remove_word(tx: Tx, seller: SellerId, word: str) -> None:
    await tx.session.execute(
        delete(WordRow)
        .where(WordRow.seller_id == seller, WordRow.word == word)
        .execution_options(synchronize_session=False)
    )


async def market_words(db: Db, market: str) -> tuple[str, ...]:
    asked = select(MarketWordRow.word).where(MarketWordRow.market == market).order_by(MarketWordRow.word)
    return tuple(await db.session.scalars(asked))


async def add_market_word(tx: Tx, market: str, word: str) -> None:
    made = insert(MarketWordRow).values(market=market, word=word, added_at=tx.now)
    await tx.session.execute(made.on_conflict_do_nothing())


async def remove_market_word(tx: Tx, market: str, word: str) -> None:
    await tx.session.execute(
        delete(MarketWordRow)
        .where(MarketWordRow.market == market, MarketWordRow.word == word)
        .execution_options(synchronize_session=False)
    )


async def rename(tx: Tx, author: bytes, name: str) -> None:
    """The name under which somebody was banned."""
    theirs = update(BanRow).where(BanRow.author == author)
    await tx.session.execute(theirs.values(name=name).execution_options(synchronize_session=False))
