# SPDX-License-Identifier: Apache-2.0
"""Facts: what is so now in a room: units left, the pin, the state of the show.

Reactions run side by side, in several processes, so the one that comes last need not be about what happened
last. So they only say *that* something changed; the room's owner then reads how it is, one reading after
another, and tells that. What is told is never older than what was told before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ShowId, VariantId
from silkcast.plumbing.db import Database, Db
from silkcast.plumbing.wire import Hub
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import NoSuchShow

from .presence import topic


def deal_body(deal: Deal, now: datetime) -> dict[str, Any]:
    """A deal as the room hears of it: numbers and moments, no words and no prices."""
    return {
        "deal": str(deal.id),
        "phase": deal.phase(now),
        "starts_at": deal.starts_at.isoformat() if deal.starts_at else None,
        "ends_at": deal.ends_at.isoformat() if deal.ends_at else None,
        "why": deal.ended_why,
        "lanes": [
            {
                "variant": str(lane.variant),
                "product": str(lane.product),
                "units": lane.units,
                "left": lane.left,
                "waiting": lane.waiting,
            }
            for lane in deal.lanes
        ],
    }


log = structlog.get_logger()

STOCK, PIN, STATE, DEAL = "stock.changed", "pin.changed", "state.changed", "deal.changed"
KINDS = (STOCK, PIN, STATE, DEAL)
AGAIN_SECONDS = 0.5
Changed = Mapping[tuple[UUID, str], dict[str, str]]
"""(show, what changed): for stock, which variants and of which product."""


class Facts:
    """Made once beside the hub, in every process: any may become a room's owner."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._changed: dict[tuple[UUID, str], dict[str, str]] = {}
        self._reading: asyncio.Task[None] | None = None
        for kind in KINDS:
            hub.when_told(kind, self._note)

    def _note(self, name: str, kind: str, body: Mapping[str, Any]) -> None:
        known = self._changed.setdefault((UUID(name.partition(":")[2]), kind), {})
        if "variant" in body:
            known[body["variant"]] = body["product"]
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_on())

    async def _read_on(self) -> None:
        """Until nothing changed any more. What comes while we read is read again."""
        while self._changed:
            changed, self._changed = self._changed, {}
            try:
                await self._read_and_tell(changed)
            except Exception:
                # whatever it is, what changed has still to be told
                log.exception("facts.not_read")
                for key, variants in changed.items():
                    self._changed[key] = {**variants, **self._changed.get(key, {})}
                await asyncio.sleep(AGAIN_SECONDS)
                continue
        self._reading = None

    async def _read_and_tell(self, changed: Changed) -> None:
        async with self._database.read() as db:
            told = [
                (name, kind, body, cause)
                for (show, cause), variants in changed.items()
                for name, kind, body in await self._now(db, ShowId(show), cause, variants)
            ]
        for name, kind, body, cause in told:
            # a room that was lost meanwhile has an owner who reads for itself
            is_ours = self._hub.owns(name)
            self._hub.publish(name, kind if is_ours else cause, body)

    async def _now(
        self, db: Db, show: ShowId, kind: str, variants: Mapping[str, str]
    ) -> list[tuple[str, str, dict[str, Any]]]:
        name = topic(show)
        if kind == STOCK:
            levels = await stock.levels(db, [VariantId(UUID(id)) for id in variants])
            return [
                (name, "stock", {"variant": str(id), "product": variants[str(id)], "left": level.free})
                for id, level in levels.items()
            ]
        if kind == PIN:
            pin = await rooms.pinned(db, show)
            if pin is None:
                return [(name, "unpin", {})]
            return [(name, "pin", {"product": str(pin.product), "at": pin.pinned_at.isoformat()})]
        if kind == DEAL:
            latest = await deals.latest(db, show)
            return [(name, "deal", deal_body(latest, db.now))] if latest else []
        try:
            found = await rooms.the_show(db, show)
        except NoSuchShow:
            return []
        body = {
            "state": found.state,
            "has_picture": found.has_picture,
            "has_replay": found.replay is not None,
        }
        return [(name, "state", body)]
