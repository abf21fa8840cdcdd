# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId, OrderLineId, ParcelId, ReturnId, SellerId, VariantId, new_uuid
from silkcast.ground.money import Money, total
from silkcast.ground.price import PriceLine
from silkcast.plumbing.db import Database, Tx
from silkcast.trade.returns import jobs, rules, service
from silkcast.trade.returns.errors import (
    MoreThanBought,
    NoReturn,
    NoSuchLine,
    NotDelivered,
    NothingToReturn,
    TooLate,
    WrongState,
)
from silkcast.trade.returns.values import Bought, OrderFacts, Part
from silkcast.who.markets.values import Fact, ReturnRule

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = frozenset({"goods", "freight", "tax", "duty", "fee"})
FRANCE = ReturnRule(14, "law", "Directive 2011/83/EU", "buyer", ALL, 3, Fact("verified"))
SINGAPORE = replace(FRANCE, basis="shop", days=7, gives_back=frozenset({"goods", "tax"}))


def eur(minor: int) -> Money:
    return Money.from_minor(minor, "EUR")


def facts(**changes: object) -> OrderFacts:
    lines = (
        Bought(OrderLineId(new_uuid()), VariantId(new_uuid()), 3, eur(2999)),
        Bought(OrderLineId(new_uuid()), VariantId(new_uuid()), 1, eur(1500)),
    )
    made = OrderFacts(
        order=OrderId(new_uuid()),
        seller=SellerId(new_uuid()),
        number="7K2M9XQ4TB",
        market="FR",
        lines=lines,
        price_lines=(
            PriceLine("goods", eur(4499), "goods.line"),
            PriceLine("freight", eur(320), "freight"),
            PriceLine("duty", eur(600), "duty.kind"),
            PriceLine("tax", eur(1084), "tax.rate"),
            PriceLine("tax", eur(250), "tax.door", collected_at="door"),
        ),
        delivered_at=NOON - timedelta(days=2),
        timezone="Europe/Paris",
    )
    return replace(made, **changes)


AMOUNTS = st.integers(0, 1_000_000)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), AMOUNTS), min_size=1, max_size=5),
    st.fixed_dictionaries(dict.fromkeys(("freight", "duty", "excise", "tax", "fee", "insurance"), AMOUNTS)),
    st.sets(st.sampled_from(["freight", "duty", "tax", "fee"])),
    st.data(),
)
def test_returns_in_any_split_sum_to_the_whole(
    bought: list[tuple[int, int]], others: dict[str, int], given_back: set[str], data: st.DataObject
) -> None:
    order = facts(
        lines=tuple(
            Bought(OrderLineId(new_uuid()), VariantId(new_uuid()), units, eur(minor))
            for units, minor in bought
        ),
        price_lines=tuple(PriceLine(kind, eur(minor), kind) for kind, minor in others.items()),  # type: ignore[arg-type]
    )
    basis = rules.basis(order, given_back | {"goods"})
    left = {line.line: line.units for line in order.lines}
    before: dict[OrderLineId, int] = {}
    paid = []
    while any(left.values()):
        some = {line: data.draw(st.integers(0, units)) for line, units in left.items() if units}
        some = {line: units for line, units in some.items() if units} or {
            next(line for line, units in left.items() if units): 1
        }
        parts = rules.parts(order, some, before)
        amounts = rules.worth(basis, before, parts)
        assert all(one.amount.minor > 0 for one in amounts)
        paid += [one.amount for one in amounts]
        for line, units in some.items():
            before[line] = before.get(line, 0) + units
            left[line] -= units
    assert total(paid, "EUR") == rules.whole(basis)
    assert rules.is_last(basis, before, ())


def test_what_goes_back_is_the_markets_rule() -> None:
    order = facts()
    everything = {line.line: line.units for line in order.lines}
    in_france = {one.kind: one.amount.minor for one in service.worth(order, everything, FRANCE, out={})}
    assert in_france == {"goods": 4499, "freight": 320, "duty": 600, "tax": 1084}
    in_singapore = {one.kind: one.amount.minor for one in service.worth(order, everything, SINGAPORE, out={})}
    assert in_singapore == {"goods": 4499, "tax": 1084}
    one_unit = service.worth(order, {order.lines[1].line: 1}, FRANCE, out={})
    assert {one.kind: one.amount.minor for one in one_unit} == {"goods": 1500, "duty": 200, "tax": 361}


@pytest.mark.parametrize(
    ("zone", "day", "asked", "open_"),
    [
        (
            "Europe/Paris",
            datetime(2026, 11, 8, 23, 30, tzinfo=UTC),
            datetime(2026, 11, 23, 22, 59, tzinfo=UTC),
            True,
        ),
        (
            "Europe/Paris",
            datetime(2026, 11, 8, 23, 30, tzinfo=UTC),
            datetime(2026, 11, 23, 23, 0, tzinfo=UTC),
            False,
        ),
        (
            "America/New_York",
            datetime(2026, 11, 8, 3, 0, tzinfo=UTC),
            datetime(2026, 11, 22, 4, 59, tzinfo=UTC),
            True,
        ),
        (
            "America/New_York",
            datetime(2026, 11, 8, 3, 0, tzinfo=UTC),
            datetime(2026, 11, 22, 5, 0, tzinfo=UTC),
            False,
        ),
    ],
)
def test_days_are_counted_on_the_buyers_calendar(
    zone: str, day: datetime, asked: datetime, open_: bool
) -> None:
    if open_:
        rules.check_time(day, 14, zone, asked)
        return
    with pytest.raises(TooLate):
        rules.check_time(day, 14, zone, asked)


def test_the_day_summer_time_ends_is_a_whole_day() -> None:
    until = rules.open_until(datetime(2026, 10, 18, 10, tzinfo=UTC), 7, "Europe/Paris")
    assert until.date() == date(2026, 10, 26)
    assert until.astimezone(UTC).hour == 23


async def test_a_return_from_question_to_money(tx: Tx) -> None:
    order = facts()
    asked = await service.ask(
        tx, order, {order.lines[0].line: 2}, reason="does_not_fit", words=" small ", rule=FRANCE
    )
    assert (asked.state, asked.words, asked.answer_by) == ("asked", "small", tx.now + timedelta(days=3))
    accepted = await service.answer(tx, asked.id, accept=True, note="gladly")
    assert (accepted.state, accepted.answered_by) == ("accepted", "seller")
    parcel = ParcelId(new_uuid())
    await service.note_label(tx, asked.id, parcel=parcel, tracking="LX1FR")
    assert (await service.of_parcel(tx, parcel)) is not None
    for step in (
        service.note_sent_back,
        service.note_received,
        service.note_sent_back,
        service.note_received,
    ):
        await step(tx, asked.id)
    for _ in range(2):
        refunded = await service.note_refunded(tx, asked.id)
    assert refunded.state == "refunded"
    assert refunded.total == total((one.amount for one in refunded.money), "EUR")
    names = [event.name for event in tx.announced]
    assert names == [
        f"returns.{word}.v1" for word in ("asked", "accepted", "sent_back", "received", "refunded")
    ]


async def test_money_is_exact_whatever_is_declined_on_the_way(tx: Tx) -> None:
    order = facts()
    first, second = order.lines
    one = await service.ask(tx, order, {first.line: 1}, reason="changed_mind", rule=FRANCE)
    two = await service.ask(tx, order, {first.line: 2}, reason="changed_mind", rule=FRANCE)
    await service.answer(tx, one.id, accept=False)
    three = await service.ask(tx, order, {first.line: 1, second.line: 1}, reason="changed_mind", rule=FRANCE)
    paid = []
    for asked in (three, two):
        await service.answer(tx, asked.id, accept=True)
        paid.append((await service.note_received(tx, asked.id)).total)
    assert total(paid, "EUR") == eur(4499 + 320 + 600 + 1084)
    received = [event for event in tx.announced if event.name == "returns.received.v1"]
    assert [event.last for event in received] == [False, True]  # type: ignore[attr-defined]


async def test_what_cannot_be_asked_is_refused(tx: Tx) -> None:
    order = facts()
    line = order.lines[0].line
    cases: list[tuple[OrderFacts, dict[OrderLineId, int], type[Exception]]] = [
        (replace(order, delivered_at=None), {line: 1}, NotDelivered),
        (replace(order, delivered_at=NOON - timedelta(days=16)), {line: 1}, TooLate),
        (order, {line: 4}, MoreThanBought),
        (order, {}, NothingToReturn),
        (order, {line: 0}, NothingToReturn),
        (order, {OrderLineId(new_uuid()): 1}, NoSuchLine),
    ]
    for given_facts, wanted, refusal in cases:
        with pytest.raises(refusal):
            await service.ask(tx, given_facts, wanted, reason="changed_mind", rule=FRANCE)
    await service.ask(tx, order, {line: 2}, reason="changed_mind", rule=FRANCE)
    with pytest.raises(MoreThanBought) as refused:
        await service.ask(tx, order, {line: 2}, reason="changed_mind", rule=FRANCE)
    assert (refused.value.wanted, refused.value.left) == (2, 1)


async def test_a_state_cannot_be_jumped_over(tx: Tx) -> None:
    order = facts()
    asked = await service.ask(tx, order, {order.lines[0].line: 1}, reason="damaged", rule=FRANCE)
    for step in (service.note_sent_back, service.note_received, service.note_refunded):
        with pytest.raises(WrongState):
            await step(tx, asked.id)
    await service.answer(tx, asked.id, accept=False, note="worn")
    with pytest.raises(WrongState):
        await service.answer(tx, asked.id, accept=True)
    assert await service.out(tx, order.order) == {}


async def test_worn_goods_are_not_sold_again(tx: Tx) -> None:
    order = facts()
    asked = await service.ask(tx, order, {order.lines[0].line: 1}, reason="damaged", rule=FRANCE)
    await service.answer(tx, asked.id, accept=True)
    await service.note_received(tx, asked.id, "worn")
    assert tx.announced[-1].restock is False  # type: ignore[attr-defined]


async def test_the_clock_accepts_and_closes(database: Database, clock: SetClock) -> None:
    order = facts()
    async with database.write() as tx:
        asked = await service.ask(tx, order, {order.lines[0].line: 1}, reason="changed_mind", rule=FRANCE)
    clock.advance(timedelta(days=3) - timedelta(seconds=1))
    await jobs.accept_overdue(database)
    async with database.read() as db:
        assert (await service.returning(db, asked.id)).state == "asked"
    clock.advance(timedelta(seconds=1))
    for _ in range(2):
        await jobs.accept_overdue(database)
    async with database.read() as db:
        accepted = await service.returning(db, asked.id)
    assert (accepted.state, accepted.answered_by) == ("accepted", "clock")
    clock.advance(timedelta(days=14))
    await jobs.close_unsent(database)
    async with database.read() as db:
        assert (await service.returning(db, asked.id)).state == "closed"
        assert await service.out(db, order.order) == {}


async def test_two_questions_for_the_last_unit_at_once(database: Database) -> None:
    order = facts()

    async def ask() -> bool:
        async with database.write() as tx:
            try:
                await service.ask(tx, order, {order.lines[1].line: 1}, reason="changed_mind", rule=FRANCE)
            except MoreThanBought:
                return False
            return True

    assert sorted(await asyncio.gather(*(ask() for _ in range(4)))) == [False, False, False, True]


async def test_lists_and_other_sellers(tx: Tx) -> None:
    orders = [facts() for _ in range(3)]
    made = [
        await service.ask(tx, order, {order.lines[0].line: 1}, reason="late", rule=FRANCE) for order in orders
    ]
    first = await service.returns(tx, limit=2)
    rest = await service.returns(tx, limit=2, after=first.next)
    assert [one.id for one in (*first.items, *rest.items)] == [one.id for one in reversed(made)]
    assert len((await service.returns(tx, seller=orders[0].seller, state="asked", text="7k")).items) == 1
    assert set(await service.of_orders(tx, [orders[0].order])) == {orders[0].order}
    for asked, seller in ((made[0].id, SellerId(new_uuid())), (ReturnId(new_uuid()), None)):
        with pytest.raises(NoReturn):
            await service.returning(tx, asked, seller=seller)


def test_parts_keep_the_order_of_the_lines() -> None:
    order = facts()
    a, b = order.lines
    assert rules.parts(order, {b.line: 1, a.line: 2}, {}) == (
        Part(a.line, a.variant, 2),
        Part(b.line, b.variant, 1),
    )
