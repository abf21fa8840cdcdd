# SPDX-License-Identifier: Apache-2.0
import csv
import io
from collections.abc import Sequence
from typing import get_args

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.shop.price_words import name_of
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.flows import erasing
from silkcast.ground.places import Country
from silkcast.money.ledger import service as ledger
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order, State
from silkcast.trade.payments import service as payments
from silkcast.trade.returns import service as returns
from silkcast.trade.shipping import service as shipping
from silkcast.watch.audit import service as audit
from silkcast.watch.notices import service as notices
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from .declarations import row_of
from .side import MOST_ROWS, PER_PAGE, NotConfirmed, WhyAndWhat, address, desk_page, reason_of, seen_to
from .views import (
    Choice,
    MoveRow,
    NoticeRow,
    OrderPage,
    OrderRow,
    OrdersPage,
    ParcelRow,
    PaymentRow,
    RefundRow,
    ReturnRow,
)
from .words import said

STATES: dict[str, State] = {state: state for state in get_args(State)}


@get("/orders")
async def list_orders(
    house: House,
    visit: Visit,
    operator: User,
    q: str = "",
    status: str = "",
    market: str = "",
    after: str | None = None,
) -> Response[str]:
    """Orders of all shops, the newest first; by number, state, market, or a buyer's whole contact."""
    async with house.database.read() as db:
        found = await orders.orders(
            db,
            state=STATES.get(status),
            market=Country(market) if market else None,
            text=q.strip() or None,
            after=after or None,
            limit=PER_PAGE,
        )
        shops = await sellers.sellers_of(db, list({order.seller for order in found.items}))
        declared = await customs.of_orders(db, [order.id for order in found.items])
    language = visit.language
    rows = [
        OrderRow(
            order,
            said(order.state, language),
            shops[order.seller].name,
            said(declared[order.id].state, language) if order.id in declared else None,
            f"/desk/orders/{order.number}",
        )
        for order in found.items
    ]
    view = OrdersPage(
        rows=rows,
        text=q,
        states=_states(visit, q, status, market),
        markets=_markets(house, visit, q, status, market),
        kept=[(name, value) for name, value in (("status", status), ("market", market)) if value],
        sheet=address("/desk/orders/sheet.csv", q=q, status=status, market=market),
        next=address("/desk/orders", q=q, status=status, market=market, after=found.next)
        if found.next
        else "",
    )
    return await desk_page(house, visit, operator, "orders.html", view)


def _states(visit: Visit, q: str, status: str, market: str) -> Sequence[Choice]:
    _ = catalog(visit.language).gettext
    every = Choice(_("All"), address("/desk/orders", q=q, market=market), not status)
    return [
        every,
        *(
            Choice(
                said(state, visit.language).words,
                address("/desk/orders", q=q, status=state, market=market),
                state == status,
            )
            for state in STATES
        ),
    ]


def _markets(house: House, visit: Visit, q: str, status: str, market: str) -> Sequence[Choice]:
    found = markets.markets(house.database.clock.now().date())
    return [
        Choice(
            one.names.text(visit.language),
            address("/desk/orders", q=q, status=status, market="" if one.code == market else one.code),
            one.code == market,
        )
        for one in found
    ]


@get("/orders/sheet.csv")
async def orders_sheet(
    house: House, operator: User, q: str = "", status: str = "", market: str = ""
) -> Response[str]:
    """The same orders for a spreadsheet: sums and states, nobody's name or street."""
    rows: list[Order] = []
    after: str | None = None
    async with house.database.read() as db:
        while len(rows) < MOST_ROWS:
            found = await orders.orders(
                db,
                state=STATES.get(status),
                market=Country(market) if market else None,
                text=q.strip() or None,
                after=after,
                limit=200,
            )
            rows += found.items
            after = found.next
            if after is None:
                break
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "orders.exported", "orders", "sheet", rows=len(rows))
    return Response(
        _sheet(rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="orders.csv"',
            "cache-control": "private, no-store",
        },
    )


def _sheet(rows: Sequence[Order]) -> str:
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(
        [
            "number",
            "placed_at",
            "state",
            "seller",
            "market",
            "currency",
            "total",
            "due_at_door",
            "units",
            "method",
        ]
    )
    for order in rows:
        sheet.writerow(
            [
                order.number,
                order.placed_at.isoformat(),
                order.state,
                str(order.seller),
                order.market,
                order.currency,
                str(order.total.amount),
                str(order.due_at_door.amount),
                order.units,
                order.payment_method,
            ]
        )
    return out.getvalue()


@get("/orders/{number:str}")
async def one_order(house: House, visit: Visit, operator: User, number: str) -> Response[str]:
    """All there is of one order."""
    async with house.database.read() as db:
        order = await orders.by_number(db, number)
        parcels = (await shipping.parcels(db, [order.id])).get(order.id, ())
        declaration = (await customs.of_orders(db, [order.id])).get(order.id)
        language = visit.language
        view = OrderPage(
            order=order,
            said=said(order.state, language),
            shop=await sellers.seller(db, order.seller),
            moves=[MoveRow(said(move.new, language), move.why, move.at) for move in order.history],
            payments=[
                PaymentRow(one, said(one.status, language), order.number, can_ask=False)
                for one in await payments.payments(db, order.id)
            ],
            refunds=[
                RefundRow(one, said(one.status, language), order.number)
                for one in await payments.refunds(db, order.id)
            ],
            parcels=[ParcelRow(one, said(one.state, language), one.weight) for one in parcels],
            returns=[
                ReturnRow(one, said(one.state, language))
                for one in (await returns.of_orders(db, [order.id])).get(order.id, ())
            ],
            declaration=row_of(declaration, language) if declaration else None,
            messages=await customs.messages(db, order.id),
            parts=[name_of(line, visit) for line in order.price_lines],
            transfers=(await ledger.transfers(db, reference=order.id)).items,
            notices=[
                NoticeRow(one, said(one.state, language), "")
                for one in await notices.notices(db, about=order.id)
            ],
            log=await audit.entries(db, object_id=str(order.id), limit=20),
            erase=f"/desk/orders/{order.number}/erase"
            if orders.has_ended(order) and order.erased_at is None
            else "",
        )
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "order.seen", "order", order.id, number=order.number)
    return await desk_page(house, visit, operator, "order.html", view)


@post("/orders/{number:str}/erase")
async def erase_buyer(
    house: House,
    operator: User,
    number: str,
    data: URLEncodedBody[WhyAndWhat],
) -> Response[None]:
    """The buyer's data of an ended order, for good: for a reason, and with the number written once more."""
    reason = reason_of(data)
    async with house.database.write(actor_of(operator)) as tx:
        order = await orders.by_number(tx, number)
        if "".join(data.what.split()).upper() != order.number:
            raise NotConfirmed()
        if order.erased_at is None:
            await erasing.erase_buyer(tx, order.id)
            await audit.record(tx, "order.buyer_erased", "order", order.id, number=number, reason=reason)
    return seen_to(f"/desk/orders/{order.number}")
