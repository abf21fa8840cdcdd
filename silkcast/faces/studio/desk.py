# SPDX-License-Identifier: Apache-2.0
"""Desk: what every page of the studio starts from: who sells, which shop, and how many things wait."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.core import get_global
from litestar import Request, Response
from litestar.response import Redirect

from silkcast.faces.asking import actor_of, house_of, page, shop_of, user_of, visit_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.flows.scene import Scene
from silkcast.ground.ids import FileId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Db, Tx
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import State
from silkcast.trade.returns import service as returns
from silkcast.who.identity.values import User
from silkcast.who.sellers.values import Seller

from .pictures import address_of
from .views import Side

AT_CUSTOMS = ("drafted", "sent", "stored", "reviewing", "inspecting", "refused", "failed")
TO_PACK: tuple[State, ...] = ("paid", "cod_accepted")


class NoSuchThing(NotFound):
    """The address names no thing at all."""


@dataclass(frozen=True, slots=True)
class Desk:
    house: House
    user: User
    shop: Seller
    visit: Visit

    @property
    def scene(self) -> Scene:
        return self.house.scene

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.visit.timezone)

    @property
    def today(self) -> date:
        return self.house.database.clock.now().astimezone(self.zone).date()

    def read(self) -> AbstractAsyncContextManager[Db]:
        return self.house.database.read(actor_of(self.user))

    def write(self) -> AbstractAsyncContextManager[Tx]:
        return self.house.database.write(actor_of(self.user))

    async def page(self, template: str, view: object, *, status: int = 200, **more: Any) -> Response[str]:
        async with self.read() as db:
            side = await side_of(db, self.shop, self.user, self.visit.language)
        return page(f"studio/{template}.html", view, self.visit, status=status, side=side, **more)

    def part(self, template: str, view: object) -> Response[str]:
        """A piece of a page, for scripts that refresh it."""
        return page(f"studio/{template}.html", view, self.visit)


async def desk_of(request: Request[Any, Any, Any]) -> Desk:
    """The desk of the shop that is asked for: `NotKnown` sends to the log-in, no shop to opening one."""
    shop = await shop_of(request)
    user = await user_of(request)
    assert user is not None, "a shop has an owner who is logged in"
    visit = await visit_of(request)
    return Desk(house_of(request), user, shop, replace(visit, timezone=zone_of(shop.country)))


def zone_of(country: str) -> str:
    """The seller's own zone: the first of their country."""
    zones = get_global("territory_zones").get(country, ["UTC"])
    return str(zones[0])


async def side_of(db: Db, shop: Seller, user: User, language: str) -> Side:
    by_state = await orders.count_by_state(db, shop.id)
    lists = await customs.count_by_state(db, seller=shop.id)
    asked = await returns.count_by_state(db, shop.id)
    return Side(
        shop_name=shop.name.text(language),
        owner_name=user.name,
        avatar=address_of(shop.avatar, 160) if shop.avatar else None,
        orders=max(0, sum(by_state.get(state, 0) for state in TO_PACK) - _open(lists)),
        customs=lists.get("refused", 0) + lists.get("failed", 0),
        returns=asked.get("asked", 0),
    )


def _open(lists: Any) -> int:
    return sum(lists.get(state, 0) for state in AT_CUSTOMS)


def uuid_in(text: str) -> UUID:
    """The id in an address; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchThing() from None


def file_in(text: str) -> FileId | None:
    return FileId(uuid_in(text)) if text else None


def see(path: str) -> Redirect:
    """After a change, the page that shows it: reloading asks nothing twice."""
    return Redirect(path, status_code=303)
