# SPDX-License-Identifier: Apache-2.0
"""Claimed orders: a row each, in bulk, and the terms that many of them share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select

from silkcast.ground.ids import OrderId, TermsId, UserId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx, array_of
from silkcast.trade.orders.models import ClaimedRow, TermsRow
from silkcast.trade.orders.values import Claimed, ClaimedState, NewClaimed, NewOrder

_PLACE = "SELECT orders.place_claimed($1::text::uuid[], $2::text::uuid[], $3::text::uuid[], $4, $5)"
_END = """
    UPDATE orders.claimed SET state = $2 WHERE id = ANY($1::text::uuid[]) AND state = 'open' RETURNING id
"""


async def add_terms(tx: Tx, new: NewOrder) -> TermsId:
    terms = TermsId(new_uuid())
    body = msgspec.to_builtins(new, str_keys=True)
    statement = insert(TermsRow).values(id=terms, seller=new.seller, body=body, made_at=tx.now)
    await tx.session.execute(statement)
    return terms


async def terms(db: Db, ids: Sequence[TermsId]) -> Mapping[TermsId, NewOrder]:
    found = await db.session.execute(select(TermsRow.id, TermsRow.body).where(TermsRow.id.in_(ids)))
    return {TermsId(row.id): msgspec.convert(row.body, NewOrder, strict=False) for row in found}


async def markets_of(db: Db, ids: Collection[TermsId]) -> Mapping[TermsId, Country]:
    asked = select(TermsRow.id, TermsRow.body["market"].astext).where(TermsRow.id.in_(ids))
    return {TermsId(id): Country(market) for id, market in await db.session.execute(asked)}


async def add_many(tx: Tx, new: Sequence[NewClaimed], until: datetime) -> None:
    ids, terms = array_of([one.id for one in new]), array_of([one.terms for one in new])
    await tx.fetch(_PLACE, ids, terms, array_of([one.user for one in new]), until, tx.now)


async def claimed(db: Db, ids: Sequence[OrderId]) -> Mapping[OrderId, Claimed]:
    found = await db.session.execute(
        select(
            ClaimedRow.id,
            ClaimedRow.terms,
            ClaimedRow.buyer_user,
            ClaimedRow.until,
            ClaimedRow.state,
            ClaimedRow.placed_at,
        ).where(ClaimedRow.id.in_(ids))
    )
    return {OrderId(row.id): _claimed(*row) for row in found}


def _claimed(
    id: UUID, terms: UUID, user: UUID | None, until: datetime, state: str, placed_at: datetime
) -> Claimed:
    whose = UserId(user) if user else None
    return Claimed(OrderId(id), TermsId(terms), whose, until, cast(ClaimedState, state), placed_at)


def _of_market(market: Country) -> Any:
    return (
        TermsRow.id == ClaimedRow.terms,
        ClaimedRow.state == "open",
        TermsRow.body["market"].astext == market,
    )


async def open_in(db: Db, market: Country, limit: int) -> list[OrderId]:
    asked = select(ClaimedRow.id).where(*_of_market(market)).order_by(ClaimedRow.id).limit(limit)
    return [OrderId(id) for id in await db.session.scalars(asked)]


async def count_open_in(db: Db, market: Country) -> int:
    asked = select(func.count()).select_from(ClaimedRow).where(*_of_market(market))
    return int((await db.session.execute(asked)).scalar_one())


async def end(tx: Tx, ids: Sequence[OrderId], state: ClaimedState) -> set[OrderId]:
    """Those of them that were open until now."""
    return {OrderId(id) for (id,) in await tx.fetch(_END, array_of(ids), state)}
