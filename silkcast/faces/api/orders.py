# SPDX-License-Identifier: Apache-2.0
"""Orders and what becomes of them: parcels, declarations, returns, and the money."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter

from silkcast.faces.house import House
from silkcast.flows.dispatch import dispatch
from silkcast.ground.ids import DeclarationId, OrderId, ParcelId, ReturnId
from silkcast.ground.places import Country
from silkcast.ground.refusals import NotFound
from silkcast.money.ledger import service as ledger
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import State
from silkcast.trade.returns import service as returns
from silkcast.trade.shipping import service as shipping

from .access import Caller, needs
from .goods import After, Limit
from .shapes.money import Amount
from .shapes.orders import (
    Balance,
    BalanceList,
    Declaration,
    DeclarationList,
    Order,
    OrderList,
    Return,
    ReturnAnswer,
    ReturnList,
    Transfer,
    TransferList,
)

MarketCode = Annotated[str | None, QueryParameter(description="Two letters: FR, SA.", max_length=2)]
PRIVATE = {"cache-control": "private, no-store"}


@get("/orders", tags=["Orders"], operation_id="listOrders", **needs("orders:read"))
async def list_orders(
    house: House,
    caller: Caller,
    status: Annotated[
        State | None, QueryParameter(name="state", description="One state of an order.")
    ] = None,
    market: MarketCode = None,
    q: Annotated[str | None, QueryParameter(description="The beginning of a number.", max_length=200)] = None,
    after: After = None,
    limit: Limit = 50,
) -> OrderList:
    """The shop's orders."""
    async with house.database.read() as db:
        found = await orders.orders(
            db,
            seller=caller.seller,
            state=status,
            market=Country(market) if market else None,
            text=q or None,
            after=after,
            limit=limit,
        )
        parcels = await shipping.parcels(db, [one.id for one in found.items])
    return OrderList([Order.of(one, parcels.get(one.id, ())) for one in found.items], found.next)


@get("/orders/{order:uuid}", tags=["Orders"], operation_id="getOrder", **needs("orders:read"))
async def get_order(house: House, caller: Caller, order: UUID) -> Order:
    """One order with its parcels."""
    return await _order(house, caller, OrderId(order))


async def _order(house: House, caller: Caller, order: OrderId) -> Order:
    async with house.database.read() as db:
        found = await orders.order(db, order, seller=caller.seller)
        parcels = await shipping.parcels(db, [found.id])
    return Order.of(found, parcels.get(found.id, ()))


@post(
    "/orders/{order:uuid}/dispatch",
    tags=["Orders"],
    operation_id="dispatchOrder",
    status_code=200,
    **needs("orders:write"),
)
async def dispatch_order(house: House, caller: Caller, order: UUID) -> Order:
    """Book the parcel, keep its label, declare it to customs. Again: nothing more happens."""
    await dispatch(house.scene, OrderId(order), seller=caller.seller)
    return await _order(house, caller, OrderId(order))


@get(
    "/parcels/{parcel:uuid}/label",
    tags=["Orders"],
    operation_id="getLabel",
    media_type="application/pdf",
    **needs("orders:read"),
)
async def get_label(house: House, caller: Caller, parcel: UUID) -> Response[bytes]:
    """The parcel's label: a PDF of one page, 100 by 150 mm."""
    async with house.database.read() as db:
        found = await shipping.parcel(db, ParcelId(parcel), seller=caller.seller)
    if found.label is None:
        raise NotFound()
    content = await house.scene.files.get(shipping.label_name(found.label))
    return Response(content, media_type="application/pdf", headers=PRIVATE)


@get("/declarations", tags=["Declarations"], operation_id="listDeclarations", **needs("customs:read"))
async def list_declarations(
    house: House,
    caller: Caller,
    status: Annotated[
        Literal[
            "drafted", "sent", "stored", "reviewing", "inspecting", "refused", "failed", "released", "closed"
        ]
        | None,
        QueryParameter(name="state", description="One state of a declaration."),
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> DeclarationList:
    """The shop's export declarations."""
    async with house.database.read() as db:
        found = await customs.declarations(db, seller=caller.seller, state=status, after=after, limit=limit)
    return DeclarationList([Declaration.of(one) for one in found.items], found.next)


@get(
    "/declarations/{declaration:uuid}",
    tags=["Declarations"],
    operation_id="getDeclaration",
    **needs("customs:read"),
)
async def get_declaration(house: House, caller: Caller, declaration: UUID) -> Declaration:
    """One declaration, with what customs said."""
    async with house.database.read() as db:
        return Declaration.of(await customs.declaration(db, DeclarationId(declaration), seller=caller.seller))


@get(
    "/declarations/{declaration:uuid}/messages/{kind:str}",
    tags=["Declarations"],
    operation_id="getMessage",
    media_type="application/xml",
    **needs("customs:read"),
)
async def get_message(house: House, caller: Caller, declaration: UUID, kind: str) -> Response[str]:
    """One of the four messages, 303, 403, 505 or 603, as XML: that of the newest attempt."""
    async with house.database.read() as db:
        found = await customs.declaration(db, DeclarationId(declaration), seller=caller.seller)
        told = [one for one in await customs.messages(db, found.order) if one.kind == kind]
    if not told:
        raise NotFound()
    newest = max(told, key=lambda one: one.attempt)
    return Response(newest.xml, media_type="application/xml", headers=PRIVATE)


@get("/returns", tags=["Returns"], operation_id="listReturns", **needs("orders:read"))
async def list_returns(
    house: House,
    caller: Caller,
    status: Annotated[
        Literal["asked", "accepted", "declined", "sent_back", "received", "refunded", "closed"] | None,
        QueryParameter(name="state", description="One state of a return."),
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> ReturnList:
    """The returns of the shop's orders."""
    async with house.database.read() as db:
        found = await returns.returns(db, seller=caller.seller, state=status, after=after, limit=limit)
    return ReturnList([Return.of(one) for one in found.items], found.next)


@post(
    "/returns/{returning:uuid}/answer",
    tags=["Returns"],
    operation_id="answerReturn",
    status_code=200,
    **needs("orders:write"),
)
async def answer_return(
    house: House, caller: Caller, returning: UUID, data: JSONBody[ReturnAnswer]
) -> Return:
    """Accept a return, or decline it with a note. The same answer again: nothing more happens."""
    id = ReturnId(returning)
    async with house.database.write(caller.actor) as tx:
        await returns.returning(tx, id, seller=caller.seller)
        return Return.of(await returns.answer(tx, id, accept=data.answer == "accept", note=data.note))


@get("/ledger/balances", tags=["Ledger"], operation_id="listBalances", **needs("ledger:read"))
async def list_balances(house: House, caller: Caller) -> BalanceList:
    """What is owed to the shop, by currency."""
    async with house.database.read() as db:
        owed = await ledger.payouts_owed(db, caller.seller)
    return BalanceList([Balance(Amount.of(money)) for money in owed.values()])


@get("/orders/{order:uuid}/transfers", tags=["Ledger"], operation_id="listTransfers", **needs("ledger:read"))
async def list_transfers(
    house: House, caller: Caller, order: UUID, after: After = None, limit: Limit = 50
) -> TransferList:
    """How the money of an order moved."""
    async with house.database.read() as db:
        found = await orders.order(db, OrderId(order), seller=caller.seller)
        moved = await ledger.transfers(db, reference=found.id, after=after, limit=limit)
    return TransferList([Transfer.of(one) for one in moved.items], moved.next)


HANDLERS: list[Any] = [
    list_orders,
    get_order,
    dispatch_order,
    get_label,
    list_declarations,
    get_declaration,
    get_message,
    list_returns,
    answer_return,
    list_balances,
    list_transfers,
]
