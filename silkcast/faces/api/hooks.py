# SPDX-License-Identifier: Apache-2.0
"""Hooks: news for sellers' own programs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.params import JSONBody

from silkcast.faces.house import House
from silkcast.ground.ids import HookId
from silkcast.plumbing.db import Tx
from silkcast.watch.hooks import service as hooks

from .access import Caller, needs
from .answering import Key, once
from .goods import After, Limit
from .shapes.hooks import Delivery, DeliveryList, Hook, HookList, HookSecret, NewHook, RevisedHook

WRITE = needs("hooks:write")


@get("/hooks", tags=["Hooks"], operation_id="listHooks", **WRITE)
async def list_hooks(house: House, caller: Caller) -> HookList:
    """The shop's hooks."""
    async with house.database.read() as db:
        return HookList([Hook.of(one) for one in await hooks.hooks(db, caller.seller)])


@get("/hooks/{hook:uuid}", tags=["Hooks"], operation_id="getHook", **WRITE)
async def get_hook(house: House, caller: Caller, hook: UUID) -> Hook:
    """One hook."""
    async with house.database.read() as db:
        return Hook.of(await hooks.hook(db, caller.seller, HookId(hook)))


@post("/hooks", tags=["Hooks"], operation_id="createHook", **WRITE)
async def create_hook(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    data: JSONBody[NewHook],
    idempotency_key: Key,
) -> Response[HookSecret]:
    """Tell this address of these kinds of news. The answer has the secret that signs them."""

    async def make(tx: Tx) -> HookSecret:
        return HookSecret.of(await hooks.subscribe(tx, caller.seller, data.url, data.kinds))

    return await once(house, caller, request, idempotency_key, HookSecret, make, is_secret=True)


@put("/hooks/{hook:uuid}", tags=["Hooks"], operation_id="reviseHook", **WRITE)
async def revise_hook(house: House, caller: Caller, hook: UUID, data: JSONBody[RevisedHook]) -> Hook:
    """Another address, other kinds, in or out of use."""
    async with house.database.write(caller.actor) as tx:
        return Hook.of(
            await hooks.revise(
                tx, caller.seller, HookId(hook), url=data.url, kinds=data.kinds, is_active=data.is_active
            )
        )


@post("/hooks/{hook:uuid}/secret", tags=["Hooks"], operation_id="rotateSecret", status_code=200, **WRITE)
async def rotate_secret(house: House, caller: Caller, hook: UUID) -> HookSecret:
    """A new secret. For 24 hours the old one signs as well."""
    async with house.database.write(caller.actor) as tx:
        return HookSecret.of(await hooks.rotate(tx, caller.seller, HookId(hook)))


@delete("/hooks/{hook:uuid}", tags=["Hooks"], operation_id="removeHook", **WRITE)
async def remove_hook(house: House, caller: Caller, hook: UUID) -> None:
    """Tell it nothing more."""
    async with house.database.write(caller.actor) as tx:
        await hooks.remove(tx, caller.seller, HookId(hook))


@get("/hooks/{hook:uuid}/deliveries", tags=["Hooks"], operation_id="listDeliveries", **WRITE)
async def list_deliveries(
    house: House, caller: Caller, hook: UUID, after: After = None, limit: Limit = 50
) -> DeliveryList:
    """What a hook was told, and what it answered."""
    async with house.database.read() as db:
        found = await hooks.deliveries(db, caller.seller, HookId(hook), after=after, limit=limit)
    return DeliveryList([Delivery.of(one) for one in found.items], found.next)


@post(
    "/hooks/{hook:uuid}/deliveries/{delivery:uuid}/retry",
    tags=["Hooks"],
    operation_id="retryDelivery",
    status_code=200,
    **WRITE,
)
async def retry_delivery(house: House, caller: Caller, hook: UUID, delivery: UUID) -> Delivery:
    """Send it once more now."""
    async with house.database.write(caller.actor) as tx:
        return Delivery.of(await hooks.retry(tx, caller.seller, HookId(hook), delivery))


HANDLERS: list[Any] = [
    list_hooks,
    get_hook,
    create_hook,
    revise_hook,
    rotate_secret,
    remove_hook,
    list_deliveries,
    retry_delivery,
]
