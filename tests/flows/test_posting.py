# SPDX-License-Identifier: Apache-2.0
"""Letters wait for the morning of whoever reads them, except those that are waited for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from silkcast.flows.posting import want_posted
from silkcast.plumbing.db import SYSTEM, Tx
from silkcast.trade.orders.events import OrderDelivered, OrderExpired
from silkcast.watch.notices.events import NoticeQueued
from silkcast.watch.notices.reactions import reactions
from silkcast.watch.notices.settings import NoticeSettings
from tests.conftest import VAULT
from tests.flows.build import World

NIGHT = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
"""Half past eleven in Paris: quiet until eight, which is seven by this clock."""
NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)
MORNING = datetime(2026, 12, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "at", "not_before"),
    [
        (OrderDelivered, NIGHT, MORNING),
        (OrderDelivered, NOON, None),
        (OrderExpired, NIGHT, None),
    ],
)
async def test_a_letter_at_night_waits_for_the_morning(
    world: World, event: type, at: datetime, not_before: datetime | None
) -> None:
    placed = (await world.buy("FR")).order
    told = next(one for one in reactions(NoticeSettings("https://shop.example")) if one.event is event)
    async with world.database.write() as real:
        tx = Tx(real.session, at, VAULT, SYSTEM)
        await told.run(tx, event(placed.id, placed.seller, placed.market, None, placed.total, 2, "card"))
        (queued,) = [one for one in tx.announced if isinstance(one, NoticeQueued)]
        await want_posted(tx, queued)
        (job,) = tx.enqueued
    assert (queued.not_before, job.at) == (not_before, not_before)
