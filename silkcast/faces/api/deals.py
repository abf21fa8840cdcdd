# SPDX-License-Identifier: Apache-2.0
"""Flash deals and coupons: planned, launched, ended; and who came when."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import JSONBody, QueryParameter

from silkcast.faces.house import House
from silkcast.faces.live.coupons import tell
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import CouponId, DealId, ShowId, VariantId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import cursor, read_cursor
from silkcast.stage.deals import coupons
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import BadDeal
from silkcast.stage.deals.values import LaneId
from silkcast.stage.rooms import service as rooms

from .access import Caller, needs
from .answering import Key, once
from .goods import After, Limit
from .shapes.deals import (
    Claim,
    ClaimList,
    Coupon,
    CouponList,
    Deal,
    DealList,
    MoreUnits,
    NewCoupon,
    NewDeal,
)

WRITE = needs("deals:write")
Asked = Request[Any, Any, Any]


@get("/shows/{show:uuid}/deals", tags=["Deals"], operation_id="listDeals", **WRITE)
async def list_deals(house: House, caller: Caller, show: UUID) -> DealList:
    """The deals of a show, the newest first."""
    async with house.database.read() as db:
        found = await rooms.the_show(db, ShowId(show), seller=caller.seller)
        return DealList([Deal.of(one, db.now) for one in await deals.deals_of(db, found.id)])


@post("/shows/{show:uuid}/deals", tags=["Deals"], operation_id="planDeal", **WRITE)
async def plan_deal(
    request: Asked, house: House, caller: Caller, show: UUID, data: JSONBody[NewDeal], idempotency_key: Key
) -> Response[Deal]:
    """Set up a deal. It runs once it is launched, by hand or at its time."""

    async def make(tx: Tx) -> Deal:
        found = await rooms.the_show(tx, ShowId(show), seller=caller.seller)
        await check_own(tx, caller, data)
        return Deal.of(await deals.plan(tx, caller.seller, data.own(found.id)), tx.now)

    return await once(house, caller, request, idempotency_key, Deal, make)


async def check_own(db: Db, caller: Caller, data: NewDeal) -> None:
    """A shop deals in its own goods: others are refused as none."""
    known = await catalog.variants(db, [VariantId(lane.variant) for lane in data.lanes])
    for lane in data.lanes:
        of = known.get(VariantId(lane.variant))
        if of is None or of.product.seller != caller.seller or of.product.id != lane.product:
            raise BadDeal("lanes")


@get("/deals/{deal:uuid}", tags=["Deals"], operation_id="getDeal", **WRITE)
async def get_deal(house: House, caller: Caller, deal: UUID) -> Deal:
    """One deal, with what is left of each variant now."""
    async with house.database.read() as db:
        return Deal.of(await deals.the_deal(db, DealId(deal), seller=caller.seller), db.now)


@post("/deals/{deal:uuid}/launch", tags=["Deals"], operation_id="launchDeal", status_code=200, **WRITE)
async def launch_deal(house: House, caller: Caller, deal: UUID) -> Deal:
    """Take the units out of stock and start the countdown. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        return Deal.of(await deals.launch(tx, DealId(deal), caller.seller), tx.now)


@post("/deals/{deal:uuid}/end", tags=["Deals"], operation_id="endDeal", status_code=200, **WRITE)
async def end_deal(house: House, caller: Caller, deal: UUID) -> Deal:
    """Take no more claims; who was granted a unit keeps the time to pay. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        return Deal.of(await deals.end(tx, DealId(deal), "by_hand", seller=caller.seller), tx.now)


@post("/deals/{deal:uuid}/units", tags=["Deals"], operation_id="topUpDeal", **WRITE)
async def top_up_deal(
    request: Asked, house: House, caller: Caller, deal: UUID, data: JSONBody[MoreUnits], idempotency_key: Key
) -> Response[Deal]:
    """Add units to a lane of a launched deal, out of stock."""

    async def make(tx: Tx) -> Deal:
        if not 0 < data.units <= 1_000_000:
            raise BadDeal("units")
        lane = LaneId(data.lane)
        return Deal.of(await deals.top_up(tx, DealId(deal), caller.seller, lane, data.units), tx.now)

    return await once(house, caller, request, idempotency_key, Deal, make)


@get("/deals/{deal:uuid}/claims", tags=["Deals"], operation_id="listClaims", **WRITE)
async def list_claims(
    house: House,
    caller: Caller,
    deal: UUID,
    lane: Annotated[int, QueryParameter(description="The lane's id.", ge=1, le=2**53)],
    after: After = None,
    limit: Limit = 50,
) -> ClaimList:
    """The claims of a lane in the order in which they came, without gaps, with what each was told."""
    (mark,) = read_cursor(after, int) if after else (0,)
    async with house.database.read() as db:
        found = await deals.the_deal(db, DealId(deal), seller=caller.seller)
        if lane not in {one.id for one in found.lanes}:
            raise NotFound
        claims = await deals.claims(db, LaneId(lane), after=mark, limit=limit + 1)
    shown = claims[:limit]
    further = cursor(shown[-1].number) if len(claims) > limit else None
    return ClaimList([Claim.of(one) for one in shown], further)


@get("/shows/{show:uuid}/coupons", tags=["Deals"], operation_id="listCoupons", **WRITE)
async def list_coupons(house: House, caller: Caller, show: UUID) -> CouponList:
    """The coupons of a show, the newest first."""
    async with house.database.read() as db:
        found = await rooms.the_show(db, ShowId(show), seller=caller.seller)
        return CouponList([Coupon.of(one) for one in await coupons.of_show(db, found.id)])


@post("/shows/{show:uuid}/coupons", tags=["Deals"], operation_id="makeCoupon", **WRITE)
async def make_coupon(
    request: Asked, house: House, caller: Caller, show: UUID, data: JSONBody[NewCoupon], idempotency_key: Key
) -> Response[Coupon]:
    """Make a coupon. It is claimed in the room of the show, while the show is live."""

    async def make(tx: Tx) -> Coupon:
        found = await rooms.the_show(tx, ShowId(show), seller=caller.seller)
        return Coupon.of(await coupons.make(tx, caller.seller, found.id, data.own()))

    made = await once(house, caller, request, idempotency_key, Coupon, make)
    async with house.database.read() as db:
        tell(house.hub, await coupons.the_coupon(db, CouponId(made.content.id)))
    return made


@post(
    "/coupons/{coupon:uuid}/withdraw",
    tags=["Deals"],
    operation_id="withdrawCoupon",
    status_code=200,
    **WRITE,
)
async def withdraw_coupon(house: House, caller: Caller, coupon: UUID) -> Coupon:
    """Nobody claims it any more; who has it keeps it. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        found = await coupons.withdraw(tx, CouponId(coupon), caller.seller)
    tell(house.hub, found)
    return Coupon.of(found)


HANDLERS = [
    list_deals,
    plan_deal,
    get_deal,
    launch_deal,
    end_deal,
    top_up_deal,
    list_claims,
    list_coupons,
    make_coupon,
    withdraw_coupon,
]
