# SPDX-License-Identifier: Apache-2.0
"""Every flow of the house is broken in every way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from silkcast.flows import checkout, dispatch
from silkcast.ground.ids import OrderId, new_uuid
from silkcast.main import FLOWS
from silkcast.trade.customs import service as customs
from silkcast.trade.shipping import service as shipping
from tests.flows.breaking import Case, break_in_every_way
from tests.flows.build import World

BROKEN_HERE = {"checkout.pay", "dispatch"}


def order_of(key: str) -> OrderId:
    return OrderId(UUID(key.partition("/")[0]))


def test_no_flow_is_left_out() -> None:
    assert {flow.name for flow in FLOWS} == BROKEN_HERE


async def test_paying(world: World) -> None:
    """The goods are free again, whatever refuses; the order is closed, and says so."""

    async def begin() -> tuple[str, Mapping[str, Any]]:
        async with world.database.write() as tx:
            wish = world.wish(want={"cup": 1})
            placed = await checkout.reserve(tx, world.scene, wish, key=str(new_uuid()))
        held.append(placed.order.id)
        return f"{placed.order.id}/1", {
            "order": str(placed.order.id),
            "method": "card",
            "number": 1,
            "secret": world.database.vault.seal(placed.secret, "flows.pay"),
        }

    async def state(key: str) -> Any:
        order = await world.order(order_of(key))
        found = await world.payments(order.id)
        is_open = order.state == "awaiting_payment" and [one.status for one in found] == ["requires_action"]
        nothing_open = all(one.status in ("created", "cancelled", "failed") for one in found)
        return "open" if is_open else "nothing to pay" if nothing_open else (order.state, found)

    held: list[OrderId] = []
    await break_in_every_way(Case(checkout.PAY, begin, state, world.quiet, world.clock), world.scene)
    orders = [await world.order(order) for order in held]
    still_held = sum(order.units for order in orders if order.state in ("held", "awaiting_payment"))
    on_hand, free = await world.free()
    assert on_hand - free == still_held, "what was refused holds nothing"
    assert await world.books() == {}


@pytest.mark.timeout(400)  # two dozen orders, each with real programs, on a machine that may be busy
async def test_sending(world: World) -> None:
    """A parcel that is not sent leaves nothing with the carrier, and the order as it was paid."""

    async def begin() -> tuple[str, Mapping[str, Any]]:
        order = await world.bought("SA", want={"cup": 1}, method="cod")
        return f"{order.id}/0", {"order": str(order.id)}

    async def state(key: str) -> Any:
        order = await world.order(order_of(key))
        async with world.database.read() as db:
            parcels = (await shipping.parcels(db, [order.id])).get(order.id, ())
            live = [one.state for one in parcels if one.state != "cancelled"]
            sent = [one.kind for one in await customs.messages(db, order.id) if one.sent_at] if live else []
        return order.state, live, sent

    case = Case(dispatch.FLOW, begin, state, world.quiet, world.clock)
    await break_in_every_way(case, world.scene)
    await world.nothing_failed()
