# SPDX-License-Identifier: Apache-2.0
"""Orders: those to pack first, each with what stays with the seller; sending; papers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Redirect

from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.views import Line
from silkcast.faces.spreadsheet import as_csv
from silkcast.flows.wanted import DISPATCH, DispatchWanted
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import OrderId, ParcelId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Db
from silkcast.plumbing.db.paging import Page
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order, State
from silkcast.trade.payments import service as payments
from silkcast.trade.returns import service as returns
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import NoParcel
from silkcast.trade.shipping.values import Parcel
from silkcast.who.markets import service as markets

from . import forms
from .desk import AT_CUSTOMS, TO_PACK, Desk, see, uuid_in
from .keeping import keep
from .pictures import first_image
from .views import OrderRow, OrdersView, OrderView

TABS: Mapping[str, tuple[State, ...]] = {
    "pack": TO_PACK,
    "customs": TO_PACK,
    "released": ("declared",),
    "way": ("shipped",),
    "delivered": ("delivered",),
    "waiting": ("held", "awaiting_payment"),
    "ended": ("cancelled", "expired", "refunded"),
    "all": (),
}
TRANSIT = 7
"""Days a parcel usually needs: what is promised for a day is to leave this much before."""


@get("/orders", name="studio.orders")
async def show(
    desk: Desk, tab: str = "pack", market: str = "", q: str = "", after: str = "", sent: int = 0
) -> Response[str]:
    async with desk.read() as db:
        view = await orders_view(db, desk, tab if tab in TABS else "pack", market, q, after, sent)
    return await desk.page("orders", view)


@get("/orders.csv", name="studio.orders.csv")
async def export(desk: Desk, tab: str = "all", market: str = "", q: str = "") -> Response[bytes]:
    async with desk.read() as db:
        found = await page_of(db, desk, tab if tab in TABS else "all", market, q, "", 200)
        rows = await order_rows(db, desk, found.items)
    return as_csv("orders", HEAD, [csv_line(row) for row in rows])


HEAD = (
    "order", "placed", "state", "market", "buyer", "items", "units", "currency", "buyer paid", "at the door",
    "you keep", "payment", "customs", "tracking", "promised from", "promised to",
)  # fmt: skip


def csv_line(row: OrderRow) -> tuple[object, ...]:
    order = row.order
    return (
        order.number, order.placed_at.isoformat(), order.state, order.market, order.buyer.name,
        "; ".join(line.name.text("en") for line in order.lines), order.units, order.currency,
        order.total.amount, order.due_at_door.amount, row.kept.kept.amount, order.payment_method,
        row.declaration.state if row.declaration else "", row.parcel.tracking if row.parcel else "",
        order.delivery.promise_from, order.delivery.promise_to,
    )  # fmt: skip


@post("/orders/send")
async def send_many(request: Request[Any, Any, Any], desk: Desk) -> Redirect:
    """Pack and send what was ticked: each order in a job of its own."""
    wanted = forms.chosen(await forms.form_of(request), "order")[:200]
    async with desk.write() as tx:
        for id in wanted:
            found = await orders.order(tx, OrderId(uuid_in(id)), seller=desk.shop.id)
            if found.state in TO_PACK:
                tx.enqueue(DISPATCH, DispatchWanted(found.id), key=f"dispatch/{found.id}")
    return see(f"/studio/orders?sent={len(wanted)}")


@get("/orders/{id:str}", name="studio.order")
async def order(desk: Desk, id: str) -> Response[str]:
    async with desk.read() as db:
        view = await order_view(db, desk, OrderId(uuid_in(id)), "")
    return await desk.page("order", view)


@post("/orders/{id:str}/send")
async def send(desk: Desk, id: str) -> Redirect:
    async with desk.write() as tx:
        found = await orders.order(tx, OrderId(uuid_in(id)), seller=desk.shop.id)
        if found.state in TO_PACK:
            tx.enqueue(DISPATCH, DispatchWanted(found.id), key=f"dispatch/{found.id}")
    return see(f"/studio/orders/{id}?sent=1")


@post("/orders/{id:str}/cancel")
async def cancel(desk: Desk, id: str) -> Response[Any]:
    try:
        async with desk.write() as tx:
            found = await orders.order(tx, OrderId(uuid_in(id)), seller=desk.shop.id)
            await orders.move(tx, found.id, "cancelled", "cancelled by the shop")
    except Refusal as refusal:
        if refusal.code == "orders.no_such_order":
            raise
        async with desk.read() as db:
            said = words_of(refusal, desk.visit.language)
            view = await order_view(db, desk, OrderId(uuid_in(id)), said)
        return await desk.page("order", view, status=409)
    return see(f"/studio/orders/{id}")


@get("/parcels/{id:str}/label.pdf", name="studio.label")
async def label(desk: Desk, id: str) -> Response[bytes]:
    async with desk.read() as db:
        parcel = await shipping.parcel(db, ParcelId(uuid_in(id)), seller=desk.shop.id)
    if parcel.label is None:
        raise NoParcel()
    paper = await desk.scene.files.get(shipping.label_name(parcel.label))
    return as_paper(paper, f"{parcel.order_number}-label.pdf", "application/pdf")


@get("/orders/{id:str}/messages/{name:str}", name="studio.message")
async def message(desk: Desk, id: str, name: str) -> Response[bytes]:
    """One message to customs as it was sent: `303-1.xml` is the order message of the first attempt."""
    async with desk.read() as db:
        found = await orders.order(db, OrderId(uuid_in(id)), seller=desk.shop.id)
        sent = await customs.messages(db, found.id)
    for one in sent:
        if name == f"{one.kind}-{one.attempt}.xml":
            return as_paper(one.xml.encode(), f"{found.number}-{name}", "application/xml")
    raise NoParcel()


def as_paper(content: bytes, name: str, media_type: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": f'inline; filename="{name}"', "cache-control": "private, no-store"},
    )


async def orders_view(db: Db, desk: Desk, tab: str, market: str, q: str, after: str, sent: int) -> OrdersView:
    found = await page_of(db, desk, tab, market, q, after, 25)
    counts = await tab_counts(db, desk)
    kept = {"tab": tab, "market": market, "q": q}
    return OrdersView(
        rows=await order_rows(db, desk, found.items),
        tab=tab,
        tabs=[(one, f"/studio/orders?tab={one}", counts[one]) for one in TABS],
        market=market,
        markets=sorted(one.code for one in markets.markets(desk.visit.today)),
        text=q,
        next=found.next or "",
        query=urlencode({name: value for name, value in kept.items() if value}),
        sent=sent,
    )


async def tab_counts(db: Db, desk: Desk) -> dict[str, int]:
    by_state = await orders.count_by_state(db, desk.shop.id)
    lists = await customs.count_by_state(db, seller=desk.shop.id)
    counts = {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}
    counts["customs"] = sum(lists.get(state, 0) for state in AT_CUSTOMS)
    counts["pack"] = max(0, counts["pack"] - counts["customs"])
    counts["all"] = sum(by_state.values())
    return counts


async def page_of(db: Db, desk: Desk, tab: str, market: str, q: str, after: str, limit: int) -> Page[Order]:
    """Those to pack by their promise, the others by when they were placed."""
    there = Country(market) if market else None
    states: Collection[State] = TABS[tab]
    if tab in ("pack", "customs", "released", "way"):
        found = await orders.by_promise(
            db, desk.shop.id, states, market=there, text=q or None, after=after or None, limit=limit
        )
        if tab in ("pack", "customs"):
            lists = await customs.of_orders(db, [one.id for one in found.items])
            kept = tuple(one for one in found.items if (one.id in lists) == (tab == "customs"))
            return Page(kept, found.next)
        return found
    return await orders.orders(
        db,
        seller=desk.shop.id,
        states=states or None,
        market=there,
        text=q or None,
        after=after or None,
        limit=limit,
    )


async def order_rows(db: Db, desk: Desk, found: Sequence[Order]) -> list[OrderRow]:
    ids = [one.id for one in found]
    lists = await customs.of_orders(db, ids)
    parcels = await shipping.parcels(db, ids)
    paid = await payments.payments_of(db, ids)
    return [
        OrderRow(
            one,
            await keep(db, one, desk.shop, paid.get(one.id, ())),
            lists.get(one.id),
            out_parcel(parcels.get(one.id, ())),
            ship_by(one),
        )
        for one in found
    ]


def out_parcel(parcels: Sequence[Parcel]) -> Parcel | None:
    return next((one for one in parcels if one.direction == "out" and one.state != "cancelled"), None)


def ship_by(order: Order) -> date:
    """By when it has to leave, so that the promise can be kept."""
    latest = order.delivery.promise_to - timedelta(days=TRANSIT)
    return max(latest, order.placed_at.date() + timedelta(days=1))


async def order_view(db: Db, desk: Desk, id: OrderId, problem: str) -> OrderView:
    found = await orders.order(db, id, seller=desk.shop.id)
    parcels = (await shipping.parcels(db, [id])).get(id, ())
    paid = await payments.payments(db, id)
    declaration = (await customs.of_orders(db, [id])).get(id)
    products = await catalog.products(db, [line.product for line in found.lines])
    images: dict[UUID, Any] = {
        line.id: first_image(products[line.product], desk.visit.language)
        if line.product in products
        else None
        for line in found.lines
    }
    return OrderView(
        order=found,
        lines=price_lines(found),
        kept=await keep(db, found, desk.shop, paid),
        parcels=parcels,
        declaration=declaration,
        messages=[(one.kind, one.sent_at, one.attempt) for one in await customs.messages(db, id)],
        payments=paid,
        returns=(await returns.of_orders(db, [id])).get(id, ()),
        images=images,
        can_send=found.state in TO_PACK and declaration is None,
        is_waiting=found.state in TO_PACK and out_parcel(parcels) is not None and declaration is None,
        buyer_language=found.language,
        problem=problem,
    )


def price_lines(order: Order) -> list[Line]:
    """The lines by kind, in the order the buyer saw them; the template says each kind's name."""
    sums: dict[str, Money] = {}
    for line in order.price_lines:
        name = line.kind if line.collected_at == "checkout" else f"{line.kind}_at_door"
        sums[name] = sums[name] + line.amount if name in sums else line.amount
    return [Line(name, amount) for name, amount in sums.items()]


HANDLERS = (show, export, send_many, order, send, cancel, label, message)
