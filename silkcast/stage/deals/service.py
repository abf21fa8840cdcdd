# SPDX-License-Identifier: Apache-2.0
"""The door of deals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import StockShort
from silkcast.ground.ids import DealId, HoldId, OrderId, SellerId, ShowId, TermsId, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import NewClaimed
from silkcast.who.closings import service as closings
from silkcast.who.teams import service as teams

from . import rules
from .errors import AnotherDealRuns, ClaimOver, DealClosed, NoSuchClaim, NoSuchDeal, OverLimit
from .events import ClaimOffered, ClaimsExpired, DealEnded, DealLaunched
from .functions import COUNTING
from .known import Known
from .store import batches
from .store import claims as claim_store
from .store import deals as store
from .store import handing as handing_store
from .values import Answer, Claim, ClaimState, Deal, EndedWhy, LaneId, Moved, NewDeal, Want

SPARE = timedelta(days=1)
"""How much longer than needed a lane's units are held: they are let go by hand when the lane closes."""
PORTION = 500
"""How many claims of a lane are closed at once: while that is done, nobody else's are taken there."""
_LANES = UUID("5f0b1c7e-9a55-4c8e-8f2e-2b1f6f1d7c10")


async def plan(tx: Tx, seller: SellerId, new: NewDeal) -> Deal:
    """Set up a deal; nothing is held before it is launched."""
    rules.check(new)
    variants = [lane.variant for lane in new.lanes]
    usual = await pricing.prices_everywhere(tx, variants)
    floors = await pricing.floors_everywhere(tx, variants)
    discounts = await teams.deal_discounts(tx)
    for lane in new.lanes:
        before = {market: price.amount for market, price in usual[lane.variant].items()}
        rules.check_prices(lane.prices, before)
        rules.check_discounts(lane.prices, before, discounts)
        if not new.may_go_below:
            rules.check_floors(lane.prices, floors[lane.variant])
    return await the_deal(tx, await store.add(tx, new, seller))


async def the_deal(db: Db, deal: DealId, *, seller: SellerId | None = None) -> Deal:
    """The deal, or `NoSuchDeal`; with `seller`, another seller's is no such deal."""
    found = await store.by_id(db, deal)
    if found is None or (seller is not None and found.seller != seller):
        raise NoSuchDeal
    return found


async def launched(db: Db, show: ShowId) -> Deal | None:
    """The deal that counts down or runs in a room now."""
    return await store.launched(db, show)


async def latest(db: Db, show: ShowId) -> Deal | None:
    """The deal that was launched last in a room, over or not."""
    found = [deal for deal in await store.of_show(db, show) if deal.starts_at is not None]
    return max(found, key=lambda deal: deal.starts_at or db.now, default=None)


async def deals_of(db: Db, show: ShowId) -> tuple[Deal, ...]:
    """Every deal of a show, the newest first."""
    return tuple(await store.of_show(db, show))


async def due(db: Db) -> tuple[list[Deal], list[Deal]]:
    """Planned deals whose moment has come, and launched ones whose time is over."""
    return await store.due(db)


async def launch(tx: Tx, deal: DealId, seller: SellerId) -> Deal:
    """Take the units out of stock and start the countdown. Again: nothing more happens."""
    now = await the_deal(tx, deal, seller=seller)
    if now.state == "launched":
        return now
    if await store.launched(tx, now.show) is not None:
        raise AnotherDealRuns
    starts = tx.now + now.countdown
    ends = starts + now.length
    if not await store.move(tx, deal, ["planned"], "launched", starts_at=starts, ends_at=ends):
        raise DealClosed(now.state)
    for lane in sorted(now.lanes, key=lambda lane: lane.variant):
        held = await stock.hold(
            tx,
            {lane.variant: lane.units},
            until=ends + now.pay_within + SPARE,
            reference=uuid5(_LANES, f"{lane.id}"),
        )
        await claim_store.change_lane(tx, lane.id, hold=held.id)
        await claim_store.add_move(tx, lane.id, "launched", after=0, units=lane.units)
    tx.announce(DealLaunched(deal, now.show, starts, ends))
    return await the_deal(tx, deal)


async def end(tx: Tx, deal: DealId, why: EndedWhy, *, seller: SellerId | None = None) -> Deal:
    """No more claims are taken. What is granted keeps its time to be paid. Again: nothing more happens."""
    now = await the_deal(tx, deal, seller=seller)
    await batches.lock_lanes(tx, [lane.id for lane in now.lanes])
    if now.state == "planned":
        await store.move(tx, deal, ["planned"], "called_off", ended_at=tx.now, ended_why=why)
    elif now.state == "launched" and await store.move(
        tx, deal, ["launched"], "ended", ended_at=tx.now, ended_why=why
    ):
        for lane in (await the_deal(tx, deal)).lanes:
            await claim_store.add_move(tx, lane.id, f"ended:{why}", after=lane.claims)
        tx.announce(DealEnded(deal, now.show, why))
    return await the_deal(tx, deal)


async def top_up(tx: Tx, deal: DealId, seller: SellerId, lane: LaneId, units: int) -> Deal:
    """More units of a running deal's variant, out of stock; those in line come first."""
    now = await the_deal(tx, deal, seller=seller)
    if all(one.id != lane for one in now.lanes):
        raise DealClosed(now.state)
    locked = (await batches.lock_lanes(tx, [lane]))[lane]  # before the stock, as everybody does
    now = await the_deal(tx, deal)
    chosen = next(one for one in now.lanes if one.id == lane)
    if now.state != "launched" or chosen.hold is None:
        raise DealClosed(now.state)
    if not await stock.join(tx, chosen.hold, {chosen.variant: units}):
        levels = await stock.levels(tx, [chosen.variant])
        raise StockShort(chosen.variant, wanted=units, left=levels[chosen.variant].free)
    locked.units += units
    await claim_store.change_lane(tx, lane, units=locked.units)
    await claim_store.add_move(tx, lane, "topped_up", after=locked.claims, units=units)
    await _offer(tx, locked)
    return await the_deal(tx, deal)


async def claim_many(tx: Tx, wants: Sequence[Want], known: Known | None = None) -> list[Answer]:
    """Answer a batch of claims, one after the other, in their order, whatever their lanes are like. What it
    leaves behind is `known` then."""
    closed = await closings.closed_among(tx, {want.market for want in wants})
    lanes = await batches.lock_lanes(tx, list({want.lane for want in wants}))
    before = await batches.find(tx, wants)
    counters = {lane.id: lane.counters for lane in lanes.values()}
    decided = rules.decide(wants, lanes, before.claims, before.units, closed)
    for deal in {lane.deal.id: lane.deal for lane in lanes.values()}.values():
        new = [(want, answer) for want, answer in decided.new if lanes[want.lane].deal is deal]
        touched = [lanes[lane] for lane in sorted({want.lane for want, _ in new})]
        if new:
            await batches.write(tx, new, touched, [counters[lane.id] for lane in touched], deal.until)
        if any(lane.is_open and lane.taken >= lane.units for lane in touched):
            await _end_if_sold_out(tx, deal.id)
    if known is not None:
        known.keep(lanes)
    return decided.answers


async def _end_if_sold_out(tx: Tx, deal: DealId) -> None:
    """A deal with a line stays open while what is granted may come back; another is over when all is gone."""
    now = await the_deal(tx, deal)
    if not now.has_waitlist and all(lane.left <= 0 for lane in now.lanes):
        await end(tx, deal, "sold_out")


async def claim(db: Db, lane: LaneId, number: int, *, buyer: UUID | None = None) -> Claim:
    """A claim; with `buyer`, another's is no such claim."""
    found = await claim_store.claim(db, lane, number)
    if found is None or (buyer is not None and found.buyer != buyer):
        raise NoSuchClaim
    return found


async def claims_of(db: Db, deal: Deal, buyer: UUID) -> tuple[Claim, ...]:
    """What a buyer has or waits for in a deal, by their own claim or handed over to them."""
    lanes = [lane.id for lane in deal.lanes]
    found = await claim_store.claims_of(db, deal.id, buyer)
    if handed := await handing_store.taken_by(db, lanes, buyer):
        taken = (await named(db, handed)).values()
        found += [claim for claim in taken if claim.state in COUNTING]
    return tuple(found)


async def named(db: Db, names: Collection[tuple[LaneId, int]]) -> Mapping[tuple[LaneId, int], Claim]:
    """Claims by lane and number, as they stand."""
    return await claim_store.named(db, names) if names else {}


async def left_in(db: Db, lanes: Collection[LaneId]) -> Mapping[LaneId, int]:
    """What is left in lanes now."""
    return await claim_store.left_in(db, lanes)


async def deal_of(db: Db, lane: LaneId) -> Deal:
    """The deal a lane is of."""
    return await store.deal_of_lane(db, lane)


async def place_of(db: Db, claim: Claim) -> int:
    """The place in line now, from 1; 0 for a claim that does not wait."""
    return await claim_store.place(db, claim) if claim.state == "waiting" else 0


async def take_up(tx: Tx, claim: Claim, persons: Sequence[bytes], *, until: datetime) -> HoldId:
    """The buyer makes their order of it: its units leave the lane's hold for one of their own.

    `persons` are digests of who pays and where to reach them: one person has no more than the limit under
    several names. Late by a second is not too late, while nobody else was offered the unit.
    """
    deal = await deal_of(tx, claim.lane)
    lane = next(lane for lane in deal.lanes if lane.id == claim.lane)
    if claim.order is None or lane.hold is None:
        raise ClaimOver
    await batches.lock_lanes(tx, [lane.id])
    if await claim_store.units_of(tx, lane.id, persons, but=claim.number) + claim.units > deal.limit:
        raise OverLimit(deal.limit)
    if not await claim_store.move_claim(tx, claim, ["open"], "whole"):
        raise ClaimOver
    await claim_store.add_persons(tx, claim, persons)
    part = await stock.part(tx, lane.hold, {lane.variant: claim.units}, until=until, reference=claim.order)
    return part.id


async def give_up(tx: Tx, claim: Claim) -> None:
    """The buyer gives back a unit, or their place in line. Again: nothing more happens."""
    lane = (await batches.lock_lanes(tx, [claim.lane]))[claim.lane]
    if await claim_store.move_claim(tx, claim, ["waiting"], "called_off"):
        await claim_store.change_lane(tx, lane.id, waiting=max(0, lane.waiting - 1))
        await claim_store.add_move(tx, lane.id, "left_line", after=lane.claims, number=claim.number)
    elif await claim_store.move_claim(tx, claim, ["open"], "called_off"):
        if claim.order is not None:
            await orders.call_off_claimed(tx, [claim.order])
        await _freed(tx, lane, [claim], "called_off")


async def give_up_order(tx: Tx, order: OrderId) -> bool:
    """The claim of an order that nobody has made whole is given up for its buyer; whether there was one."""
    claim = await claim_store.open_claim_of(tx, order)
    if claim is not None:
        await give_up(tx, claim)
    return claim is not None


async def expire(tx: Tx, lane_id: LaneId) -> int:
    """Close the first `PORTION` that nobody paid in time, and offer them to the next in line; how many."""
    lane = (await batches.lock_lanes(tx, [lane_id]))[lane_id]
    expired = await claim_store.expire(tx, lane_id, PORTION)
    if expired:
        await orders.expire_claimed(tx, [claim.order for claim in expired if claim.order is not None])
        tx.announce(ClaimsExpired(lane.deal.id, lane.deal.show, tuple(claim.name for claim in expired)))
        await _freed(tx, lane, expired, "expired")
    return len(expired)


async def fall_back(tx: Tx, order: OrderId, hold: HoldId, to: ClaimState) -> None:
    """An order that was claimed will not be paid: its units come back into the lane, for the next in line."""
    claim = await claim_store.claim_of_order(tx, order)
    if claim is None:
        return
    deal = await deal_of(tx, claim.lane)
    lane = next(one for one in deal.lanes if one.id == claim.lane)
    locked = (await batches.lock_lanes(tx, [claim.lane]))[claim.lane]
    if not await claim_store.move_claim(tx, claim, ["whole"], to):
        return
    await stock.release(tx, hold)
    if lane.hold is None or locked.is_closed:
        return
    if not await stock.join(tx, lane.hold, {lane.variant: claim.units}):
        # The order's hold had run out, and the shop sold the units before they could come back.
        locked.units -= claim.units
        await claim_store.change_lane(tx, lane.id, units=locked.units, taken=locked.taken - claim.units)
        await claim_store.add_move(
            tx, lane.id, "withdrawn", after=locked.claims, number=claim.number, units=claim.units
        )
        return
    await _freed(tx, locked, [claim], to)


async def paid(tx: Tx, order: OrderId) -> None:
    """The order of a claim is sold."""
    claim = await claim_store.claim_of_order(tx, order)
    if claim is not None:
        await claim_store.move_claim(tx, claim, ["whole"], "paid")


async def _freed(tx: Tx, lane: rules.LaneNow, claims: Sequence[Claim], why: str) -> None:
    units = sum(claim.units for claim in claims)
    lane.taken -= units
    await claim_store.change_lane(tx, lane.id, taken=lane.taken)
    await claim_store.add_moves(tx, lane.id, why, claims, after=lane.claims)
    await _offer(tx, lane)


async def _offer(tx: Tx, lane: rules.LaneNow) -> None:
    """What is free goes to the next in line, each with their own time to pay. The lane is locked."""
    while (free := lane.units - lane.taken) > 0 and lane.waiting and not lane.is_closed:
        fitting = await claim_store.waiting(tx, lane.id, most=free, limit=free)
        if not fitting:
            break
        may = await _without_closed(tx, lane, fitting)
        await _offer_to(tx, lane, rules.next_in_line(may, free))
    await claim_store.change_lane(tx, lane.id, taken=lane.taken, waiting=lane.waiting)


async def _without_closed(tx: Tx, lane: rules.LaneNow, claims: Sequence[Claim]) -> Sequence[Claim]:
    """Those whose market takes orders. The others leave the line: what they wait for would be a new order."""
    found = await orders.markets_of(tx, {_known(claim.terms) for claim in claims})
    closed = await closings.closed_among(tx, set(found.values()), waits=False)
    if not closed:
        return claims
    may = []
    for claim in claims:
        if found.get(_known(claim.terms)) not in closed:
            may.append(claim)
        elif await claim_store.move_claim(tx, claim, ["waiting"], "passed_over"):
            lane.waiting -= 1
            await claim_store.add_move(
                tx, lane.id, "market_closed", after=lane.claims, number=claim.number, units=claim.units
            )
    return may


async def _offer_to(tx: Tx, lane: rules.LaneNow, claims: Sequence[Claim]) -> None:
    if not claims:
        return
    until = lane.deal.until
    new = [NewClaimed(OrderId(new_uuid()), _known(claim.terms), claim.user) for claim in claims]
    placed = {claim.number: order.id for claim, order in zip(claims, new, strict=True)}
    moved = await claim_store.offer(tx, lane.id, placed, until)
    assert moved == len(claims), "the lane is locked, so nobody else moves its claims"
    await orders.place_many(tx, new, until=until)
    lane.taken += sum(claim.units for claim in claims)
    lane.waiting -= len(claims)
    await claim_store.add_moves(tx, lane.id, "offered", claims, after=lane.claims)
    for claim in claims:
        tx.announce(ClaimOffered(lane.deal.id, lane.deal.show, claim.name, claim.user, until))


def _known(terms: TermsId | None) -> TermsId:
    assert terms is not None, "every claim is made on terms"
    return terms


async def overdue_lanes(db: Db, *, limit: int = 100) -> list[LaneId]:
    """Lanes in which somebody's time to pay is over."""
    return await claim_store.overdue_lanes(db, limit)


async def unsettled(db: Db) -> list[Deal]:
    """Deals that are over, with units that can find their place now: nobody may pay for them any more."""
    return await store.unsettled(db)


async def settle(tx: Tx, deal: Deal) -> bool:
    """Close the lanes of a deal that is over: nobody is open any more, so the line ends and what was not sold
    is free again. Whether all are closed."""
    lanes = await batches.lock_lanes(tx, [lane.id for lane in deal.lanes])
    unfinished = await claim_store.unfinished(tx, list(lanes))  # after the lock: a unit may have been offered
    is_all = True
    for lane in deal.lanes:
        locked = lanes[lane.id]
        if locked.is_closed:
            continue
        if lane.id in unfinished:
            is_all = False
            continue
        await claim_store.pass_over(tx, [lane.id])
        if lane.hold is not None:
            await stock.release(tx, lane.hold)
        await claim_store.change_lane(tx, lane.id, closed_at=tx.now, waiting=0)
        await claim_store.add_move(
            tx, lane.id, "closed", after=locked.claims, units=locked.units - locked.taken
        )
    return is_all


async def numbers(db: Db, deal: Deal) -> Mapping[LaneId, Mapping[ClaimState, int]]:
    """Units by what became of them, lane by lane."""
    return await claim_store.count_by_state(db, [lane.id for lane in deal.lanes])


async def claims(db: Db, lane: LaneId, *, after: int = 0, limit: int = 500) -> list[Claim]:
    """Claims of a lane in their order, from the one after `after`."""
    return await claim_store.claims(db, lane, after, limit)


async def moves(db: Db, lane: LaneId) -> list[tuple[int, Moved]]:
    """What else happened in a lane, each with the number of the last claim before it."""
    return await claim_store.moves(db, lane)
