# SPDX-License-Identifier: Apache-2.0
"""Money: what is owed to the shop, and every transfer that made it so."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get

from silkcast.faces.spreadsheet import as_csv
from silkcast.ground.ids import OrderId
from silkcast.ground.money import Money
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.values import Transfer
from silkcast.plumbing.db import Db
from silkcast.trade.orders import service as orders

from .desk import Desk, NoSuchThing, uuid_in
from .views import MoneyView


@get("/payouts", name="studio.payouts")
async def show(desk: Desk, after: str = "") -> Response[str]:
    async with desk.read() as db:
        found = await ledger.transfers(db, owner=desk.shop.id, after=after or None, limit=25)
        view = MoneyView(
            owed=list((await ledger.payouts_owed(db, desk.shop.id)).values()),
            balances=await ledger.balances(db, owner=desk.shop.id),
            transfers=await told(db, desk, found.items),
            next=found.next or "",
        )
    return await desk.page("payouts", view)


@get("/payouts.csv", name="studio.payouts.csv")
async def export(desk: Desk) -> Response[bytes]:
    async with desk.read() as db:
        found = await ledger.transfers(db, owner=desk.shop.id, limit=200)
        rows = await told(db, desk, found.items)
    lines = [
        (one.at.isoformat(), one.kind, number, amount.currency, amount.amount)
        for one, amounts, number in rows
        for amount in amounts
    ]
    return as_csv("payouts", ("at", "kind", "order", "currency", "amount"), lines)


async def told(
    db: Db, desk: Desk, transfers: Sequence[Transfer]
) -> list[tuple[Transfer, Sequence[Money], str]]:
    """Each transfer as the shop sees it: a credit to what is owed is a plus."""
    known = await orders.orders_by_id(db, [id for one in transfers if (id := order_in(one.reference))])
    numbers = {str(order.id): order.number for order in known.values()}
    mine = str(desk.shop.id)
    return [
        (
            one,
            [-entry.amount for entry in one.entries if entry.account.owner == mine],
            numbers.get(one.reference, ""),
        )
        for one in transfers
    ]


def order_in(reference: str) -> OrderId | None:
    try:
        return OrderId(uuid_in(reference))
    except NoSuchThing:
        return None


HANDLERS = (show, export)
