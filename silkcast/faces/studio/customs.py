# SPDX-License-Identifier: Apache-2.0
"""Customs: the lists as six numbers, those that need a person, and the messages side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from defusedxml.ElementTree import fromstring
from litestar import Response, get, post

from silkcast.faces.refusal_words import words_of
from silkcast.faces.spreadsheet import as_csv
from silkcast.flows import dispatch
from silkcast.ground.ids import DeclarationId
from silkcast.ground.refusals import Conflict, Invalid
from silkcast.plumbing.db import Db
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.values import Declaration, Message
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order

from .desk import Desk, see, uuid_in
from .views import Compared, CustomsView, ListRow

WHICH: Mapping[str, str | None] = {
    "refused": "refused",
    "failed": "failed",
    "sent": "sent",
    "stored": "stored",
    "released": "released",
    "all": None,
}
FACTS: Mapping[str, Mapping[str, str]] = {
    "order_no": {"303": "orderNo", "403": "orderNo", "505": "orderNo", "603": "orderNo"},
    "goods": {"303": "goodsValue", "403": "charge", "603": "totalPrice"},
    "freight": {"303": "freight", "505": "freight", "603": "freight"},
    "currency": {"303": "currency", "403": "currency", "505": "currency", "603": "currency"},
    "weight": {"505": "weight", "603": "grossWeight"},
    "waybill": {"505": "logisticsNo", "603": "logisticsNo"},
    "hs_code": {"603": "gcode"},
    "pieces": {"303": "qty", "603": "qty"},
    "country": {"505": "consigneeCountry", "603": "country"},
}
"""Which element of each message says the same fact."""


@get("/customs", name="studio.customs")
async def show(desk: Desk, which: str = "", q: str = "", after: str = "", list: str = "") -> Response[str]:
    async with desk.read() as db:
        view = await customs_view(db, desk, which, q, after, list, "")
    return await desk.page("customs", view)


@get("/customs.csv", name="studio.customs.csv")
async def export(desk: Desk) -> Response[bytes]:
    async with desk.read() as db:
        found = await customs.declarations(db, seller=desk.shop.id, limit=200)
    lines = [
        (one.order_no, one.cop_no, one.inventory_no, one.state, one.attempt, reason_of(one))
        for one in found.items
    ]
    return as_csv("customs", ("order", "list", "inventory number", "state", "attempt", "reason"), lines)


@post("/customs/{id:str}/again")
async def again(desk: Desk, id: str) -> Response[Any]:
    """Correct from what the product, the parcel and the shop say now, and send again."""
    declaration = DeclarationId(uuid_in(id))
    try:
        await dispatch.declare_again(desk.scene, declaration, seller=desk.shop.id)
    except (Invalid, Conflict) as refusal:
        said = words_of(refusal, desk.visit.language)
        async with desk.read() as db:
            view = await customs_view(db, desk, "", "", "", id, said)
        return await desk.page("customs", view, status=409)
    return see(f"/studio/customs?which=all&list={id}")


async def customs_view(
    db: Db, desk: Desk, which: str, q: str, after: str, chosen: str, problem: str
) -> CustomsView:
    counts = await customs.count_by_state(db, seller=desk.shop.id)
    tab = which if which in WHICH else ("refused" if counts.get("refused") else "all")
    found = await customs.declarations(
        db, seller=desk.shop.id, state=WHICH[tab], text=q or None, after=after or None, limit=25
    )
    by_id = await orders.orders_by_id(db, [one.order for one in found.items])
    one = await chosen_of(db, desk, chosen, found.items)
    messages = await customs.messages(db, one.order) if one else ()
    mine = [message for message in messages if one and message.attempt == one.attempt]
    return CustomsView(
        figures=figures(counts),
        rows=[row_of(item, by_id.get(item.order)) for item in found.items],
        which=tab,
        text=q,
        next=found.next or "",
        chosen=one,
        order=await orders.order(db, one.order, seller=desk.shop.id) if one else None,
        compared=compared(mine, one) if one else (),
        documents=[
            (message.kind, f"{message.kind}-{message.attempt}.xml", message.attempt) for message in messages
        ],
        problem=problem,
    )


async def chosen_of(db: Db, desk: Desk, id: str, there: Sequence[Declaration]) -> Declaration | None:
    if id:
        return await customs.declaration(db, DeclarationId(uuid_in(id)), seller=desk.shop.id)
    return next((one for one in there if one.state in ("refused", "failed")), None)


def figures(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Made, sent, stored, looked at, released, refused: each list stands in one of the last four."""
    released = counts.get("released", 0) + counts.get("closed", 0)
    refused = counts.get("refused", 0) + counts.get("failed", 0)
    looked = counts.get("reviewing", 0) + counts.get("inspecting", 0)
    return [
        ("made", sum(counts.values())),
        ("waiting", counts.get("drafted", 0)),
        ("sent", counts.get("sent", 0) + looked),
        ("stored", counts.get("stored", 0)),
        ("released", released),
        ("refused", refused),
    ]


def row_of(one: Declaration, order: Order | None) -> ListRow:
    declared = order.total if order else None
    return ListRow(one, order.market if order else "", reason_of(one), declared)


def reason_of(one: Declaration) -> str:
    return "; ".join(reason.info for reason in one.reasons)


def compared(messages: Sequence[Message], one: Declaration) -> list[Compared]:
    """The same facts as each message has them; odd is what customs named, or what differs."""
    read = {message.kind: elements(message.xml) for message in messages}
    blamed = " ".join(reason.info for reason in one.reasons).lower()
    rows = []
    for name, places in FACTS.items():
        cells = [read.get(kind, {}).get(places.get(kind, ""), "") for kind in ("303", "403", "505", "603")]
        if not any(cells):
            continue
        said = {cell for cell in cells if cell}
        named = any(field.lower() in blamed for field in places.values())
        rows.append(Compared(name, cells, named or (len(said) > 1 and name not in ("goods", "freight"))))
    return rows


def elements(xml: str) -> dict[str, str]:
    """The first value of each element: our own message, read back."""
    found: dict[str, str] = {}
    for element in fromstring(xml).iter():
        if element.text and element.text.strip():
            found.setdefault(element.tag.rsplit("}", 1)[-1], element.text.strip())
    return found


HANDLERS = (show, export, again)
