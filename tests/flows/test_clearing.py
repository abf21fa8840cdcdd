# SPDX-License-Identifier: Apache-2.0
"""A market is closed, and its open orders are let go: what that comes to beforehand, that it happens once,
and that it goes on after a fall."""

from __future__ import annotations

import re

import pytest

from silkcast.flows import closing
from silkcast.flows.checkout import Outcome
from silkcast.flows.wanted import ClearingWanted
from silkcast.ground.ids import new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.outbox.relay import Relay
from silkcast.stage.deals import service as deals
from silkcast.trade.orders.values import Order
from silkcast.watch.notices import followers
from silkcast.watch.notices.port import Mailbox
from silkcast.who.closings import service as closings
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import Session
from tests.flows.build import World
from tests.flows.shop import STOCK
from tests.flows.test_claiming import open_deal, tap
from tests.who.identity.reading import code_of

FR = Country("FR")


async def close(world: World, **changes: object) -> closings.Closure:
    values = {"reason": "A strike", "open_orders": "refund", **changes}
    async with world.database.write() as tx:
        return await closings.close(tx, FR, **values)  # type: ignore[arg-type]


async def letters(world: World, kind: str) -> list[str]:
    """The letters of a kind, as the post carried them."""
    assert isinstance(world.scene.post, Mailbox)
    mark = {"market_closed": "called off|annulée", "market_moved": "new link|nouveau lien"}[kind]
    kept = [one.letter for one in await world.scene.post.kept(limit=200)]
    return [one.body for one in kept if re.search(mark, one.subject)]


async def open_orders(world: World) -> tuple[Order, Order, Outcome]:
    """A shipped one, a paid one, and one that is still held."""
    shipped = await world.bought("FR")
    parcel = await world.dispatched(shipped)
    await world.reaches(shipped.id, "declared")
    await world.carry(parcel.tracking, 3)
    shipped = await world.reaches(shipped.id, "shipped")
    paid = await world.bought("FR", language="fr")
    held = await world.buy("FR")
    return shipped, paid, held


async def test_what_is_open_is_refunded_and_what_is_shipped_goes_on(world: World) -> None:
    shipped, paid, held = await open_orders(world)
    foreign = await world.buy("US")
    async with world.database.read() as db:
        weighed = await closing.weigh(db, FR)
    assert (weighed.unpaid, weighed.paid, weighed.at_door) == (1, 1, 0)
    assert list(weighed.refunds) == [paid.total]
    assert (await world.order(paid.id)).state == "paid", "weighing moves nothing"

    closure = await close(world)
    await world.quiet()

    paid = await world.reaches(paid.id, "refunded")
    assert (await world.order(held.order.id)).state == "cancelled"
    assert (await world.order(shipped.id)).state == "shipped"
    assert (await world.order(foreign.order.id)).state in ("held", "awaiting_payment")
    assert await world.free() == (STOCK - 2, STOCK - 4), "the shipped two are gone, the American two held"
    async with world.database.read() as db:
        done = await closing.progress(db, closure.id)
    assert done is not None
    assert (done.orders, done.done, done.failed, list(done.refunds)) == (2, 2, 0, [paid.total])
    assert done.finished_at is not None
    told = await letters(world, "market_closed")
    assert sorted(body.split()[0] for body in told) == ["Bonjour", "Hello"]
    assert all("A strike" in body for body in told)
    await world.nothing_failed()


async def test_open_orders_finish_where_nobody_said_otherwise(world: World) -> None:
    paid = await world.bought("FR")
    closure = await close(world, open_orders="finish")
    await world.quiet()

    assert (await world.order(paid.id)).state == "paid"
    async with world.database.read() as db:
        assert await closing.progress(db, closure.id) is None
    assert await letters(world, "market_closed") == []


async def test_it_goes_on_where_it_fell_and_nothing_goes_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [await world.bought("FR", {"cup": 1}) for _ in range(3)]
    closure = await close(world)
    await Relay(world.database, closing.REACTIONS).deliver_all()
    truly, calls = closing._let_go, []

    async def falls(*given: object) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise ConnectionError("the house fell")
        await truly(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "_let_go", falls)
    with pytest.raises(ConnectionError):
        await closing.clear(world.scene, ClearingWanted(closure.id, None))
    async with world.database.read() as db:
        fallen = await closing.progress(db, closure.id)
    assert fallen is not None
    assert (fallen.orders, fallen.done, fallen.finished_at) == (3, 1, None)

    monkeypatch.setattr(closing, "_let_go", truly)
    await closing.clear(world.scene, ClearingWanted(closure.id, None))
    await closing.clear(world.scene, ClearingWanted(closure.id, None))
    await world.quiet()
    back = [await world.reaches(order.id, "refunded") for order in orders]

    async with world.database.read() as db:
        done = await closing.progress(db, closure.id)
    assert done is not None
    assert (done.done, done.failed) == (3, 0)
    assert list(done.refunds) == [Money(sum(one.total.amount for one in back), back[0].currency)]
    assert len(await letters(world, "market_closed")) == 3
    assert await world.free() == (STOCK, STOCK)


async def test_opened_again_the_rest_stays(world: World) -> None:
    paid = await world.bought("FR")
    closure = await close(world)
    async with world.database.write() as tx:
        await closings.reopen(tx, FR, "a mistake")
    await world.quiet()

    assert (await world.order(paid.id)).state == "paid"
    async with world.database.read() as db:
        done = await closing.progress(db, closure.id)
    assert done is not None
    assert (done.done, done.finished_at is not None) == (0, True)


async def test_a_claim_nobody_finished_goes_back_into_its_lane(world: World) -> None:
    deal = await open_deal(world, 2)
    answer = await tap(world, deal, new_uuid())
    async with world.database.read() as db:
        assert (await closing.weigh(db, FR)).unpaid == 1
    await close(world)
    await world.quiet()

    async with world.database.read() as db:
        claim = await deals.claim(db, answer.lane, answer.number)
        lane = (await deals.the_deal(db, deal.id)).lanes[0]
    assert (claim.state, lane.taken) == ("called_off", 0)


async def test_followers_of_that_market_get_the_new_link_once(world: World) -> None:
    people = {}
    async with world.database.write() as tx:
        for name, language, market in (("Léa", "fr", "FR"), ("Ann", "en", "US"), ("Max", "en", "FR")):
            user = await identity.register(
                tx,
                contact=f"{market}-{language}@example.org",
                password="kiln-and-clay-88",
                name=name,
                language=language,
            )
            people[name] = (user, market)
    for user, _ in people.values():
        async with world.database.write() as tx:
            code = await code_of(tx, user.contact, "confirm")
            assert isinstance(
                await identity.login_with_code(tx, user.contact, code, purpose="confirm"), Session
            )
    async with world.database.write() as tx:
        for user, market in people.values():
            known = await identity.the_user(tx, user.id)
            await followers.follow(tx, world.shop.id, known, Country(market))
        await followers.unfollow(tx, people["Max"][0].id, world.shop.id)

    await close(world, open_orders="finish", link="/shop/kiln-paris")
    await world.quiet()
    async with world.database.write() as tx:
        await closings.reopen(tx, FR, "it is over")

    told = await letters(world, "market_moved")
    assert [body.split()[0] for body in told] == ["Bonjour"]
    assert "http://127.0.0.1:8000/shop/kiln-paris" in told[0]
    assert "A strike" in told[0]
