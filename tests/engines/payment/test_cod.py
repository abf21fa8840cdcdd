# SPDX-License-Identifier: Apache-2.0
"""Cash on delivery: people report, and their reports settle payments like any provider's news."""

from __future__ import annotations

from uuid import UUID

import pytest

from silkcast.engines.payment.cod import ENGINE, Cod, CodSettings, collected, not_collected, paid_out
from silkcast.ground.ids import OrderId
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Tx
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.errors import TooMuchBack
from silkcast.trade.payments.port import BadSignature, EngineRefused, RefundOrder
from silkcast.trade.payments.values import Payment

AMOUNT = Money.of("244.95", "SAR")
FEE = Money.of("12.00", "SAR")
provider = Cod(CodSettings())


async def begun(tx: Tx) -> Payment:
    payment = await payments.start(tx, OrderId(UUID(int=1)), AMOUNT, "cod", "cod", key="cod-1")
    return await payments.note_begun(tx, payment.id, await provider.begin(payment.charge))


def test_it_is_offered_wherever_markets_take_cash_or_only_where_the_operator_does() -> None:
    (method,) = provider.methods(Country("SA"), Currency("SAR"))
    here = Cod(CodSettings(markets=("SA",)))

    assert (method.code, method.at_door, provider.by_hand) == ("cod", True, True)
    assert here.methods(Country("SA"), Currency("SAR")) == (method,)
    assert here.methods(Country("FR"), Currency("EUR")) == ()


async def test_the_carriers_report_settles_it_once_with_its_fee(tx: Tx) -> None:
    payment = await begun(tx)
    assert payment.status == "pending"
    report = collected(payment, fee=FEE, at=tx.now)

    assert await payments.note_event(tx, "cod", report) == "applied"
    assert await payments.note_event(tx, "cod", report) == "stale"

    after = await payments.payment(tx, payment.id)
    assert (after.status, after.paid, after.fee) == ("succeeded", AMOUNT, FEE)


async def test_a_parcel_refused_at_the_door_is_not_paid(tx: Tx) -> None:
    payment = await begun(tx)

    await payments.note_event(tx, "cod", not_collected(payment, reason="refused_at_door", at=tx.now))

    after = await payments.payment(tx, payment.id)
    assert (after.status, after.reason, after.paid.minor) == ("cancelled", "refused_at_door", 0)


async def test_a_refund_is_pending_until_the_desk_has_paid_it_out_and_never_too_much(tx: Tx) -> None:
    payment = await begun(tx)
    await payments.note_event(tx, "cod", collected(payment, fee=FEE, at=tx.now))
    refund = await payments.refund_start(tx, payment.id, AMOUNT, key="r1", why="return")
    order = RefundOrder(refund.id, payment.id, payment.provider_id, AMOUNT, "r1")

    first, again = await provider.refund(order), await provider.refund(order)
    pending = await payments.note_refunded(tx, refund.id, first)
    await payments.note_event(tx, "cod", paid_out(refund, at=tx.now))

    assert (first, pending.status) == (again, "pending")
    assert (await payments.payment(tx, payment.id)).refunded == AMOUNT
    with pytest.raises(TooMuchBack):
        await payments.refund_start(tx, payment.id, Money.of("0.01", "SAR"), key="r2", why="return")


async def test_the_same_charge_begins_the_same_and_waits_as_far_as_anybody_knows(tx: Tx) -> None:
    payment = await begun(tx)

    assert (await provider.begin(payment.charge)).provider_id == payment.provider_id
    known = await provider.look(payment.provider_id)
    assert (known.status, known.amount) == ("pending", AMOUNT)
    with pytest.raises(EngineRefused):
        await provider.look("cod-1")
    with pytest.raises(EngineRefused):
        await provider.look_refund("cod-1")
    with pytest.raises(EngineRefused):
        await provider.capture(payment.provider_id, AMOUNT, key="c")
    with pytest.raises(BadSignature):
        provider.read_webhook({}, b"{}")


async def test_what_is_called_off_is_not_collected_but_cash_that_came_stays(tx: Tx) -> None:
    payment = await begun(tx)
    called_off = await provider.void(payment.provider_id, key="v")

    after = await payments.note_known(tx, payment.id, called_off)
    assert after.status == "cancelled"

    await payments.note_event(tx, "cod", collected(payment, fee=FEE, at=tx.now))
    after = await payments.note_known(tx, payment.id, called_off)
    assert (after.status, after.paid) == ("succeeded", AMOUNT)


def test_it_describes_itself() -> None:
    assert ENGINE.make(ENGINE.settings()).name == "cod"
