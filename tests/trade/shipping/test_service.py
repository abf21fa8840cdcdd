# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silkcast.ground.ids import OrderId, ParcelId, SellerId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.quantity import Size, Weight
from silkcast.plumbing.db import Tx
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import BookedOtherwise, NoParcel, ParcelGone
from silkcast.trade.shipping.values import NewParcel, Parcel, Promise, TrackEvent

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
COD = Money.of("199.00", "SAR")
JOURNEY = [
    TrackEvent(f"e{number}", step, START + timedelta(days=number))  # type: ignore[arg-type]
    for number, step in enumerate(
        ["accepted", "picked_up", "departed", "arrived", "import_cleared", "out_for_delivery", "delivered"]
    )
]


def new(**changes: object) -> NewParcel:
    made = NewParcel(
        order=OrderId(new_uuid()),
        seller=SellerId(new_uuid()),
        order_number="7K2M9XQ4TB",
        market="FR",
        carrier="sandbox",
        service="post_tracked",
        weight=Weight(420),
        size=Size(300, 200, 40),
        promise=Promise(date(2026, 11, 27), date(2026, 11, 30)),
        timezone="Europe/Paris",
    )
    return replace(made, **changes)


async def booked(tx: Tx, tracking: str = "LX123456785CN", **changes: object) -> Parcel:
    parcel = await shipping.plan(tx, new(**changes))
    return await shipping.note_booked(tx, parcel.id, tracking=tracking, waybill_no=tracking, label=None)


def names(tx: Tx) -> list[str]:
    return [event.name.split(".")[1] for event in tx.announced]


async def test_a_parcel_from_plan_to_door(tx: Tx) -> None:
    parcel = await booked(tx)
    assert parcel.state == "booked"
    for event in JOURNEY:
        parcel = await shipping.note_track(tx, "LX123456785CN", [event])
    assert parcel.state == "delivered"
    assert parcel.delivered_at == START + timedelta(days=6)
    assert parcel.promise_kept is True
    assert names(tx).count("parcel_delivered") == 1
    assert names(tx).count("parcel_moved") == 5


async def test_planning_and_booking_twice_is_once(tx: Tx) -> None:
    wanted = new()
    first = await shipping.plan(tx, wanted)
    assert (await shipping.plan(tx, wanted)).id == first.id
    for _ in range(2):
        await shipping.note_booked(tx, first.id, tracking="LX1", waybill_no="W1", label=None)
    with pytest.raises(BookedOtherwise):
        await shipping.note_booked(tx, first.id, tracking="LX2", waybill_no="W2", label=None)
    assert names(tx) == ["parcel_booked"]


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.permutations(range(7)), min_size=1, max_size=2))
async def test_track_in_any_order_and_twice_comes_to_the_same(tx: Tx, orders: list[list[int]]) -> None:
    tracking = f"LX{new_uuid().hex}"
    before = names(tx).count("parcel_delivered")
    parcel = await booked(tx, tracking)
    for order in orders:
        for index in order:
            parcel = await shipping.note_track(tx, tracking, [JOURNEY[index]])
    assert (parcel.state, parcel.delivered_at) == ("delivered", JOURNEY[-1].at)
    assert len(parcel.events) == 7
    assert names(tx).count("parcel_delivered") == before + 1


async def test_cash_at_the_door_is_told_once(tx: Tx) -> None:
    await booked(tx, cod=COD, market="SA", timezone="Asia/Riyadh")
    paid = TrackEvent("c", "cod_collected", START + timedelta(days=6), amount=COD)
    for _ in range(2):
        parcel = await shipping.note_track(tx, "LX123456785CN", [*JOURNEY, paid])
    assert parcel.cod_collected == COD
    assert names(tx).count("cash_collected") == 1


async def test_a_promise_broken_is_told_and_reported(tx: Tx) -> None:
    late = replace(JOURNEY[-1], at=datetime(2026, 12, 2, 9, tzinfo=UTC))
    await booked(tx)
    parcel = await shipping.note_track(tx, "LX123456785CN", [late])
    assert parcel.promise_kept is False
    await booked(tx, "LX2")
    await shipping.note_track(tx, "LX2", JOURNEY)
    await booked(tx, "LX3", promise=Promise(date(2026, 11, 1), date(2026, 11, 2)))
    (report,) = await shipping.promise_report(tx, since=tx.now - timedelta(days=1))
    assert (report.market, report.delivered, report.kept, report.late, report.overdue) == ("FR", 2, 1, 1, 1)
    assert report.average_days_late == 2


async def test_a_lost_parcel_is_told_and_may_still_turn_up(tx: Tx) -> None:
    await booked(tx)
    lost = await shipping.note_track(tx, "LX123456785CN", [TrackEvent("x", "lost", START)])
    assert lost.state == "lost"
    assert "parcel_lost" in names(tx)
    assert (await shipping.note_track(tx, "LX123456785CN", JOURNEY)).state == "delivered"


async def test_only_what_the_carrier_does_not_have_can_be_cancelled(tx: Tx) -> None:
    parcel = await booked(tx)
    await shipping.note_track(tx, "LX123456785CN", JOURNEY[:2])
    with pytest.raises(ParcelGone):
        await shipping.note_cancelled(tx, parcel.id)
    other = await booked(tx, "LX2")
    for _ in range(2):
        assert (await shipping.note_cancelled(tx, other.id)).state == "cancelled"
    assert (await shipping.note_track(tx, "LX2", JOURNEY)).state == "cancelled"
    assert (await shipping.plan(tx, new(order=other.order))).id != other.id


async def test_what_is_not_there_or_not_yours_is_not_found(tx: Tx) -> None:
    parcel = await booked(tx)
    assert (await shipping.parcel(tx, parcel.id, seller=parcel.seller)).id == parcel.id
    with pytest.raises(NoParcel):
        await shipping.parcel(tx, parcel.id, seller=SellerId(new_uuid()))
    with pytest.raises(NoParcel):
        await shipping.parcel(tx, ParcelId(new_uuid()))
    with pytest.raises(NoParcel):
        await shipping.note_track(tx, "nobody's", JOURNEY)


async def test_lists(tx: Tx) -> None:
    parcels = [await booked(tx, f"LX{number}") for number in range(3)]
    first = await shipping.list_parcels(tx, limit=2)
    rest = await shipping.list_parcels(tx, limit=2, after=first.next)
    assert [one.id for one in (*first.items, *rest.items)] == [one.id for one in reversed(parcels)]
    assert rest.next is None
    assert len(await shipping.under_way(tx, "sandbox")) == 3
    assert (await shipping.by_tracking(tx, "LX1")).id == parcels[1].id
    assert list(await shipping.parcels(tx, [parcels[0].order])) == [parcels[0].order]
