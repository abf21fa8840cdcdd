# SPDX-License-Identifier: Apache-2.0
"""What deals decides without asking anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from silkcast.goods.pricing.values import Floor
from silkcast.ground.ids import DealId, ShowId
from silkcast.ground.money import Money
from silkcast.ground.places import Country

from .errors import BadDeal, BelowFloor, DiscountTooHigh
from .values import MOST_UNITS_AT_ONCE, Answer, Claim, LaneId, NewDeal, Want

LEAST_COUNTDOWN = timedelta(seconds=10)
MOST_COUNTDOWN = timedelta(seconds=300)
LEAST_LENGTH = timedelta(minutes=1)
MOST_LENGTH = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class DealNow:
    """A deal while it is locked."""

    id: DealId
    show: ShowId
    limit: int
    has_waitlist: bool
    is_open: bool
    """Between its start and its end by the clock."""
    sold_out_early: bool
    """Ended before its time, since all was gone."""
    until: datetime
    """When what is granted now runs out."""
    seen: DealSeen | None = None
    """What it was read from."""


@dataclass(frozen=True, slots=True)
class DealSeen:
    """A deal as it is written down: since its launch only its end is not known."""

    id: DealId
    show: ShowId
    limit: int
    has_waitlist: bool
    pay_seconds: int
    is_launched: bool
    is_sold_out: bool
    """Ended since all was gone."""
    starts_at: datetime | None
    ends_at: datetime | None

    def at(self, now: datetime) -> DealNow:
        """What it is at a moment by the clock."""
        within = (
            self.starts_at is not None and self.ends_at is not None and self.starts_at <= now < self.ends_at
        )
        return DealNow(
            self.id,
            self.show,
            self.limit,
            self.has_waitlist,
            self.is_launched and within,
            self.is_sold_out and within,
            now + timedelta(seconds=self.pay_seconds),
            self,
        )


Counters = Sequence[tuple[int, int, int, int]]
"""Units, taken, waiting and claims of lanes before a batch changed them."""


@dataclass(slots=True)
class LaneNow:
    """A lane while it is locked; `decide` changes it along."""

    id: LaneId
    deal: DealNow
    units: int
    taken: int
    waiting: int
    """How many are in line now."""
    claims: int
    is_closed: bool
    """Its units have all found their place."""

    @property
    def is_open(self) -> bool:
        return self.deal.is_open and not self.is_closed

    @property
    def counters(self) -> tuple[int, int, int, int]:
        return self.units, self.taken, self.waiting, self.claims

    def set_back(self, counters: tuple[int, int, int, int]) -> None:
        """As if nothing had been decided."""
        self.units, self.taken, self.waiting, self.claims = counters


Mine = tuple[LaneId, bytes]
"""A buyer in a lane. By the octets of their UUID, which are looked up in a third of its time."""
New = Sequence[tuple[Want, Answer]]
"""Claims that are to be written, with their answers."""


@dataclass(slots=True)
class Decided:
    """What came of a batch: an answer for each want, in their order, and the claims that are new."""

    answers: list[Answer] = field(default_factory=list)
    new: list[tuple[Want, Answer]] = field(default_factory=list)


def decide(
    wants: Sequence[Want],
    lanes: Mapping[LaneId, LaneNow],
    known: Mapping[UUID, Claim],
    counted: MutableMapping[Mine, int],
    closed: Collection[str] = (),
) -> Decided:
    """Answer wants one after the other, as if each came alone: `lanes` and `counted` change along.

    `known` are claims made before under the same keys; `counted` how many units each buyer has or waits for;
    `closed` the markets that take no orders now.
    Who asks for more than is left waits or goes without, and does not keep those behind from what is left.
    """
    decided = Decided()
    within: dict[bytes, tuple[Want, Answer]] = {}
    for want in wants:
        before = known.get(want.key) if known else None  # a key takes longer to look for than to make
        lane = lanes.get(want.lane)
        if before is not None:
            left = lane.units - lane.taken if lane is not None else 0
            decided.answers.append(told_before(want, before, left))
            continue
        key = want.key.bytes
        if key[6:10] != want.buyer.bytes[12:]:
            raise ValueError("the key of a claim says whose it is")
        twin = within.get(key)
        if twin is not None:
            decided.answers.append(_told_within(want, *twin))
            continue
        if closed and want.market in closed:
            decided.answers.append(Answer("closed", want.lane))
            continue
        if lane is None or not (lane.is_open or lane.deal.sold_out_early):
            decided.answers.append(Answer("not_running", want.lane))
            continue
        answer = _decide(want, lane, counted)
        within[key] = both = (want, answer)
        decided.answers.append(answer)
        decided.new.append(both)
    return decided


def _decide(want: Want, lane: LaneNow, counted: MutableMapping[Mine, int]) -> Answer:
    lane.claims = number = lane.claims + 1
    key = (lane.id, want.buyer.bytes)
    mine = counted.get(key, 0)
    left = lane.units - lane.taken
    if mine + want.units > lane.deal.limit:
        return Answer("over_limit", lane.id, number, left=left)
    if lane.is_open and want.units <= left:
        lane.taken += want.units
        counted[key] = mine + want.units
        return Answer(
            "granted", lane.id, number, left=left - want.units, until=lane.deal.until, order=want.order
        )
    if lane.is_open and lane.deal.has_waitlist:
        lane.waiting += 1
        counted[key] = mine + want.units
        return Answer("waiting", lane.id, number, place=lane.waiting, left=left)
    return Answer("sold_out", lane.id, number, left=left)


def told_before(want: Want, before: Claim, left: int) -> Answer:
    """The same answer again with what is left now, or that the key was used for something else."""
    if (before.lane, before.units, before.buyer) != (want.lane, want.units, want.buyer):
        return Answer("key_reused", want.lane)
    return Answer(
        before.outcome,
        before.lane,
        before.number,
        place=before.place,
        left=left,
        until=before.until if before.outcome == "granted" else None,
        order=before.order if before.outcome == "granted" else None,
        is_again=True,
    )


def _told_within(want: Want, first: Want, answer: Answer) -> Answer:
    """The same key twice in one batch."""
    if (first.lane, first.units, first.buyer) != (want.lane, want.units, want.buyer):
        return Answer("key_reused", want.lane)
    return answer


def next_in_line(waiting: Iterable[Claim], free: int) -> list[Claim]:
    """Who is offered what became free: first come first, whoever wants no more than there is."""
    offered = []
    for claim in waiting:
        if claim.units <= free:
            offered.append(claim)
            free -= claim.units
        if not free:
            break
    return offered


def check(new: NewDeal) -> None:
    """Refuse a deal that cannot be so."""
    if not new.lanes:
        raise BadDeal("lanes")
    if len({lane.variant for lane in new.lanes}) != len(new.lanes):
        raise BadDeal("lanes")
    if any(isinstance(lane.units, bool) or not 0 < lane.units <= 1_000_000 for lane in new.lanes):
        raise BadDeal("units")
    if any(not lane.prices for lane in new.lanes):
        raise BadDeal("prices")
    if any(amount.minor <= 0 for lane in new.lanes for amount in lane.prices.values()):
        raise BadDeal("prices")
    if not 0 < new.limit <= MOST_UNITS_AT_ONCE:
        raise BadDeal("limit")
    if not LEAST_COUNTDOWN <= new.countdown <= MOST_COUNTDOWN:
        raise BadDeal("countdown")
    if not LEAST_LENGTH <= new.length <= MOST_LENGTH:
        raise BadDeal("length")
    if not timedelta(minutes=1) <= new.pay_within <= timedelta(minutes=30):
        raise BadDeal("pay_within")


def check_prices(prices: Mapping[Country, Money], usual: Mapping[Country, Money]) -> None:
    """A deal is a deal: under the seller's own price of that market, in the same currency."""
    for market, amount in prices.items():
        before = usual.get(market)
        if before is None or before.currency != amount.currency or amount >= before:
            raise BadDeal("prices")


def check_floors(prices: Mapping[Country, Money], floors: Mapping[Country, Floor]) -> None:
    """A deal that nobody meant is one under the seller's own floor."""
    for market, amount in prices.items():
        floor = floors.get(market)
        if floor is not None and floor.is_over(amount):
            raise BelowFloor(floor.variant, market, floor.amount)


def check_discounts(
    prices: Mapping[Country, Money], usual: Mapping[Country, Money], most: Mapping[Country, int]
) -> None:
    """A market's team may say by how many percent a deal lowers a price there at most."""
    for market, amount in prices.items():
        percent = most.get(market)
        if percent is not None and amount.minor * 100 < usual[market].minor * (100 - percent):
            raise DiscountTooHigh(market, percent)
