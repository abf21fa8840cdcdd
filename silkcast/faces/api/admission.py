# SPDX-License-Identifier: Apache-2.0
"""Where a product may be sold, and appeals. A paper goes with an appeal in the studio."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import JSONBody

from silkcast.faces.house import House
from silkcast.flows import admitting
from silkcast.goods.admission import service as admission
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import ProductId
from silkcast.plumbing.db import Tx

from .access import Caller, needs
from .answering import Key, once
from .goods import After, Limit
from .shapes.admission import Appeal, AppealList, NewAppeal, Standing, StandingList


@get(
    "/products/{product:uuid}/admission",
    tags=["Products"],
    operation_id="getAdmission",
    **needs("catalog:read"),
)
async def get_admission(house: House, caller: Caller, product: UUID) -> StandingList:
    """How a product stands in each open market, and what was found for or against it."""
    async with house.database.read() as db:
        found = await catalog.product(db, ProductId(product), seller=caller.seller)
        verdicts = await admitting.by_market(db, found)
    return StandingList([Standing.of(verdicts[market]) for market in sorted(verdicts)])


@post(
    "/products/{product:uuid}/appeals",
    tags=["Products"],
    operation_id="createAppeal",
    **needs("catalog:write"),
)
async def create_appeal(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    product: UUID,
    data: JSONBody[NewAppeal],
    idempotency_key: Key,
) -> Response[Appeal]:
    """Ask a person to let the product into a market."""

    async def make(tx: Tx) -> Appeal:
        return Appeal.of(
            await admitting.appeal(tx, caller.seller, ProductId(product), data.market, data.words)
        )

    return await once(house, caller, request, idempotency_key, Appeal, make)


@get("/appeals", tags=["Products"], operation_id="listAppeals", **needs("catalog:read"))
async def list_appeals(house: House, caller: Caller, after: After = None, limit: Limit = 50) -> AppealList:
    """The shop's appeals, the newest first."""
    async with house.database.read() as db:
        found = await admission.appeals(db, seller=caller.seller, after=after, limit=limit)
    return AppealList([Appeal.of(one) for one in found.items], found.next)


HANDLERS = (get_admission, create_appeal, list_appeals)
