# SPDX-License-Identifier: Apache-2.0
"""A lane's whole life, drawn by hypothesis and lived on a real database, against a plain model of it: what is
taken, free and sold always adds up with the stock, and everybody stands where the model says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import StockShort
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import HoldId, OrderId, new_uuid
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import ClaimOver, DealClosed
from silkcast.stage.deals.values import Want
from tests.conftest import NOON, VAULT, clone, run_sql
from tests.stage.deals.build import Stall, claim, running, tick, want

IN_STOCK, LIMIT, BUYERS = 10, 3, 6
PAY = timedelta(minutes=5)
ORDERS_OPEN = text("""
    SELECT coalesce(sum(units), 0) FROM deals.claims AS claim JOIN orders.claimed AS placed
        ON placed.id = claim.order_id
    WHERE claim.lane = :lane AND placed.state = 'open' AND claim.state = 'open'
""")
WHICH = st.integers(0, 7)
STEPS = st.one_of(
    st.tuples(st.just("claim"), st.integers(0, BUYERS - 1), st.integers(1, 3)),
    st.tuples(st.just("claim"), st.integers(0, BUYERS - 1), st.integers(1, 3)),
    st.tuples(st.sampled_from(("again", "give_up", "take_up", "take_up", "fall_back", "paid")), WHICH),
    st.tuples(st.sampled_from(("top_up", "shop_sells")), st.integers(1, 4)),
    st.tuples(st.just("wait"), st.sampled_from((30, 150, 301))),
    st.tuples(st.sampled_from(("lapse", "end"))),
)

Steps = list[tuple[str, *tuple[int, ...]]]
BOUGHT_MEANWHILE: Steps = [
    ("claim", 0, 1), ("claim", 1, 1), ("take_up", 0), ("wait", 301), ("lapse",),
    ("shop_sells", 4), ("shop_sells", 4), ("shop_sells", 2), ("fall_back", 0), ("take_up", 0),
]  # fmt: skip
TWO_FREE_AT_ONCE: Steps = [
    ("claim", 0, 2), ("claim", 1, 3), ("claim", 2, 1), ("claim", 3, 2), ("claim", 4, 1),
    ("give_up", 0), ("wait", 150), ("wait", 150), ("wait", 301),
]  # fmt: skip


@dataclass
class Asked:
    """A claim of the model."""

    want: Want
    outcome: str
    state: str
    until: datetime | None = None
    hold: HoldId | None = None
    order: OrderId | None = None
    has_lapsed: bool = False
    hold_until: datetime | None = None


@dataclass
class Life:
    """The model: lists and sums."""

    made: Stall
    units: int
    now: datetime
    ends: datetime
    free: int = 0
    """In the shop, for anybody."""
    bought: int = 0
    """Held for others in the shop."""
    is_running: bool = True
    is_closed: bool = False
    claims: list[Asked] = field(default_factory=list)

    def sum(self, *states: str) -> int:
        return sum(one.want.units for one in self.claims if one.state in states)

    @property
    def taken(self) -> int:
        return self.sum("open", "whole", "paid")

    def claim(self, asked: Want) -> str:
        mine = sum(
            one.want.units
            for one in self.claims
            if one.want.buyer == asked.buyer and one.state in ("open", "whole", "paid", "waiting")
        )
        if mine + asked.units > LIMIT:
            self.claims.append(Asked(asked, "over_limit", "refused"))
        elif asked.units <= self.units - self.taken:
            self.claims.append(Asked(asked, "granted", "open", self.now + PAY))
        else:
            self.claims.append(Asked(asked, "waiting", "waiting"))
        return self.claims[-1].outcome

    def offer(self) -> None:
        for one in self.claims:
            if one.state == "waiting" and not self.is_closed and one.want.units <= self.units - self.taken:
                one.state, one.until = "open", self.now + PAY

    def by_the_clock(self) -> None:
        if self.now >= self.ends:
            self.is_running = False
        for one in self.claims:
            if one.state == "open" and one.until and one.until <= self.now:
                one.state = "expired"
        self.offer()
        if self.is_running or self.is_closed or self.sum("open", "whole"):
            return
        self.is_closed = True
        self.free += self.units - self.sum("paid")
        for one in self.claims:
            if one.state == "waiting":
                one.state = "passed_over"


class World:
    """The model and the database, step by step."""

    def __init__(self, database: Database, clock: SetClock, life: Life) -> None:
        self.database, self.clock, self.life = database, clock, life

    def chosen(self, which: int, *states: str) -> tuple[int, Asked] | None:
        fitting = [(n, one) for n, one in enumerate(self.life.claims, 1) if one.state in states]
        return fitting[which % len(fitting)] if fitting else None

    async def step(self, verb: str, *values: int) -> None:
        await getattr(self, verb)(*values)
        await self.by_the_clock(2 if verb == "wait" else 1)

    async def by_the_clock(self, times: int = 2) -> None:
        """Twice where a deal may end: it is settled with the next tick."""
        for _ in range(times):
            await tick(self.database)
        self.life.by_the_clock()

    async def claim(self, buyer: int, units: int) -> None:
        asked = want(self.life.made.deal, buyer=UUID(int=buyer + 1), units=units)
        expected = self.life.claim(asked) if self.life.is_running else "not_running"
        (answer,) = await claim(self.database, [asked])
        assert answer.outcome == expected

    async def again(self, which: int) -> None:
        found = self.chosen(which, "open", "whole", "paid", "waiting", "expired", "called_off", "passed_over")
        if found:
            (answer,) = await claim(self.database, [found[1].want])
            assert (answer.outcome, answer.number) == (found[1].outcome, found[0])

    async def give_up(self, which: int) -> None:
        if not (found := self.chosen(which, "open", "waiting", "called_off")):
            return
        number, one = found
        async with self.database.write() as tx:
            await deals.give_up(tx, await deals.claim(tx, self.life.made.lane.id, number))
        one.state = "called_off"
        self.life.offer()

    async def take_up(self, which: int) -> None:
        if not (found := self.chosen(which, "open", "waiting", "whole", "expired")):
            return
        number, one = found
        until = self.life.now + PAY
        async with self.database.write() as tx:
            kept = await deals.claim(tx, self.life.made.lane.id, number)
            if one.state != "open":
                with pytest.raises(ClaimOver):
                    await deals.take_up(tx, kept, [], until=until)
                return
            one.hold = await deals.take_up(tx, kept, [], until=until)
        one.state, one.order, one.hold_until = "whole", kept.order, until

    async def fall_back(self, which: int) -> None:
        if not (found := self.chosen(which, "whole", "expired")):
            return
        one = found[1]
        if one.order is None or one.hold is None:
            return
        async with self.database.write() as tx:
            await deals.fall_back(tx, one.order, one.hold, "expired")
        if one.state == "expired":
            return
        one.state = "expired"
        if one.has_lapsed and self.life.free < one.want.units:
            self.life.units -= one.want.units  # the shop sold them meanwhile
            return
        if one.has_lapsed:
            self.life.free -= one.want.units
        self.life.offer()

    async def paid(self, which: int) -> None:
        found = self.chosen(which, "whole")
        if not found or found[1].has_lapsed or found[1].hold is None or found[1].order is None:
            return
        async with self.database.write() as tx:
            await stock.take(tx, found[1].hold)
            await deals.paid(tx, found[1].order)
        found[1].state = "paid"

    async def top_up(self, units: int) -> None:
        made = self.life.made
        try:
            async with self.database.write() as tx:
                await deals.top_up(tx, made.deal.id, made.shop.id, made.lane.id, units)
        except DealClosed:
            assert not self.life.is_running
        except StockShort:
            assert self.life.is_running
            assert self.life.free < units
        else:
            self.life.units, self.life.free = self.life.units + units, self.life.free - units
            self.life.offer()

    async def shop_sells(self, units: int) -> None:
        if units <= self.life.free:
            async with self.database.write() as tx:
                wanted = {self.life.made.lane.variant: units}
                await stock.hold(tx, wanted, until=tx.now + timedelta(days=9), reference=new_uuid())
            self.life.free, self.life.bought = self.life.free - units, self.life.bought + units

    async def wait(self, seconds: int) -> None:
        self.clock.at += timedelta(seconds=seconds)
        self.life.now = self.clock.at

    async def lapse(self) -> None:
        """What was taken up and not paid in time: its units are free before the order hears of it."""
        async with self.database.write() as tx:
            await stock.expire(tx)
        for one in self.life.claims:
            if (
                one.state == "whole"
                and not one.has_lapsed
                and one.hold_until
                and one.hold_until <= self.life.now
            ):
                one.has_lapsed = True
                self.life.free += one.want.units

    async def end(self) -> None:
        async with self.database.write() as tx:
            await deals.end(tx, self.life.made.deal.id, "by_hand")
        self.life.is_running = False

    async def compare(self) -> None:
        life, id = self.life, self.life.made.lane.id
        async with self.database.read() as db:
            rows = await deals.claims(db, id)
            lane = (await deals.the_deal(db, life.made.deal.id)).lanes[0]
            level = (await stock.levels(db, [lane.variant]))[lane.variant]
            assert lane.hold is not None
            kept = await stock.hold_by_id(db, lane.hold)
            orders_open = (await db.session.execute(ORDERS_OPEN, {"lane": id})).scalar_one()
        assert [(row.number, row.outcome, row.state) for row in rows] == [
            (n, one.outcome, one.state) for n, one in enumerate(life.claims, 1)
        ]
        assert (lane.units, lane.taken, lane.claims) == (life.units, life.taken, len(life.claims))
        assert lane.waiting == sum(one.state == "waiting" for one in life.claims)
        assert orders_open == life.sum("open")
        assert (level.on_hand, level.free) == (IN_STOCK - life.sum("paid"), life.free)
        in_lane = 0 if kept.state == "released" else kept.want.get(lane.variant, 0)
        assert in_lane == (0 if life.is_closed else life.units - life.sum("whole", "paid"))
        lapsed = sum(one.want.units for one in life.claims if one.state == "whole" and one.has_lapsed)
        assert level.held == in_lane + life.sum("whole") - lapsed + life.bought


@contextmanager
def own_database(postgres: Postgres, runner: asyncio.Runner) -> Iterator[tuple[Database, SetClock]]:
    name = runner.run(clone(postgres))
    clock = SetClock(NOON)
    database = Database(postgres.url(name), VAULT, clock=clock, pool_size=3, hide_parameters=False)
    try:
        yield database, clock
    finally:
        runner.run(database.close())
        runner.run(run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


def test_whatever_happens_in_a_lane_adds_up(postgres: Postgres) -> None:
    with asyncio.Runner() as runner, own_database(postgres, runner) as (database, clock):

        async def live(units: int, steps: Steps) -> None:
            made = await running(database, clock, units, in_stock=IN_STOCK, limit=LIMIT)
            assert made.deal.ends_at is not None
            life = Life(made, units, clock.at, made.deal.ends_at, free=IN_STOCK - units)
            world = World(database, clock, life)
            for step in steps:
                await world.step(*step)
                await world.compare()
            await world.end()  # whatever is still open comes to its end, and all is free or sold
            for which in range(len(life.claims)):
                await world.fall_back(which)
            for _ in range(len(life.claims) + 1):
                await world.wait(301)
                await world.by_the_clock()
            await world.compare()

        @example(1, BOUGHT_MEANWHILE)
        @example(2, TWO_FREE_AT_ONCE)
        @given(st.integers(1, 6), st.lists(STEPS, min_size=5, max_size=30))
        @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        def lives(units: int, steps: Steps) -> None:
            runner.run(live(units, steps))

        lives()
