# SPDX-License-Identifier: Apache-2.0
"""A buyer is forgotten once nobody needs them; until then no table can be read for who they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from silkcast.flows import erasing, taking_back
from silkcast.flows.errors import BuyerStillNeeded, StillSells
from silkcast.ground.ids import ShowId, new_uuid
from silkcast.main import metadata
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Saying
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.errors import StillNeeded
from silkcast.trade.orders.values import Buyer, Order
from silkcast.trade.payments import service as payments
from silkcast.trade.returns import service as returns
from silkcast.watch.notices import service as notices
from silkcast.who.identity import one_tap, passkeys
from silkcast.who.identity import service as identity
from silkcast.who.identity.settings import CodeSettings
from silkcast.who.identity.values import Newcomer, RelyingParty
from tests.flows.build import HOMES, World
from tests.flows.test_whole_loop import accepted, sent_back
from tests.who.identity.authenticator import Authenticator
from tests.who.identity.reading import code_of

PERSONAL = ("Léa", "Martin", "buyer@example.org", "Lilas", "612345678", "for my sister", "dear Léa")
ROOM = ShowId(new_uuid())
RETURN_DAYS = timedelta(days=60)


async def everything(world: World) -> str:
    """All rows of all tables as text, the queue's own with them; octets as they are and in hex."""
    async with world.database.read() as db:
        names = [table.fullname for table in metadata().sorted_tables]
        queue = text(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_name LIKE 'pgqueuer%'"
        )
        names += (await db.session.execute(queue)).scalars().all()
        rows = [
            row
            for name in names
            for row in (await db.session.execute(text(f"SELECT t::text FROM {name} t"))).scalars()
        ]
    return "\n".join(rows)


def seen_in(table: str) -> list[str]:
    return [word for word in PERSONAL if word in table or word.encode().hex() in table]


async def returned(world: World) -> Order:
    """Delivered, sent back with words about it, refunded."""
    home = HOMES["FR"]
    async with world.database.write() as tx:
        user = await identity.register(
            tx, contact="lea@example.org", password="long enough to pass", name="Léa M.", language="fr"
        )
        for author, text in (
            (Author("viewer", str(user.id), "Léa M.", user.id), "Is it blue?"),
            (Author("viewer", "somebody", "Ann"), "It is green"),
        ):
            await chat.say(tx, ROOM, world.shop.id, Saying(author, text, "en"))
    order = await world.delivered(buyer=Buyer(home.name, "buyer@example.org", home.phone, user.id))
    async with world.database.write() as tx:
        asked = await taking_back.ask(
            tx, order, {order.lines[0].id: 2}, reason="changed_mind", words="It was for my sister"
        )
    async with world.database.write() as tx:
        await returns.answer(tx, asked.id, accept=True, note="Thank you, dear Léa")
    await world.quiet()
    await sent_back(world, asked)
    return await world.reaches(order.id, "refunded")


async def erase(world: World, order: Order) -> Order:
    async with world.database.write() as tx:
        erased = await erasing.erase_buyer(tx, order.id)
    await world.quiet()
    return erased


async def labels(world: World) -> list[str]:
    return await world.scene.files.names("labels")


async def test_all_that_knows_the_buyer_forgets_them_and_the_sums_stay(world: World) -> None:
    order = await returned(world)
    in_tables = await everything(world)
    assert str(order.id) in in_tables
    assert seen_in(in_tables) == ["Léa"]  # beside what she said before everybody; all else is sealed
    assert len(await labels(world)) == 2
    books = await world.books()

    erased = await erase(world, order)

    assert (erased.buyer.name, erased.buyer.email, erased.ship_to.street) == ("", "", "")
    assert (erased.total, erased.state, erased.erased_at) == (order.total, "refunded", world.clock.now())
    assert await labels(world) == []
    async with world.database.read() as db:
        (asked,) = (await returns.of_orders(db, [order.id]))[order.id]
        assert (asked.words, asked.answer, asked.reason) == ("", "", "changed_mind")
        letters = await notices.notices(db, about=order.id)
        assert [await notices.letter(db, one.id) for one in letters] == [None] * len(letters)
        assert len(letters) > 3
        sealed = text("SELECT sealed FROM notices.notices WHERE about = :order")
        assert set((await db.session.execute(sealed, {"order": order.id})).scalars()) == {""}
        hooks = (await db.session.execute(text("SELECT id FROM payments.webhooks"))).scalars().all()
        assert hooks
        assert {(await payments.webhook(db, id)).body for id in hooks} == {b""}
        assert seen_in("".join(one.xml for one in await customs.messages(db, order.id))) == []
        assert (await orders.orders(db, text="buyer@example.org")).items == ()
        said = [(line.name, line.text) for line in await chat.recent(db, ROOM)]
        assert said == [("–", "Is it blue?"), ("Ann", "It is green")]
    assert seen_in(await everything(world)) == []
    assert await world.books() == books
    await world.nothing_failed()

    world.clock.advance(timedelta(hours=1))
    assert (await erase(world, order)).erased_at == erased.erased_at


async def test_anothers_order_keeps_its_buyer(world: World) -> None:
    order, other = await returned(world), await world.bought()

    await erase(world, order)

    assert (await world.order(other.id)).buyer.name == "Léa Martin"
    async with world.database.read() as db:
        bodies = text("SELECT body <> '' FROM payments.webhooks WHERE event ->> 'provider_id' = :id")
        (paid,) = await payments.payments(db, other.id)
        assert set((await db.session.execute(bodies, {"id": paid.provider_id})).scalars()) == {True}


async def refused(world: World, order: Order) -> str:
    """Why a buyer is still needed; and that nothing of them went."""
    with pytest.raises((StillNeeded, BuyerStillNeeded)) as caught:
        await erase(world, order)
    after = await world.order(order.id)
    assert (after.buyer, after.ship_to, after.erased_at) == (order.buyer, order.ship_to, None)
    found = caught.value
    return found.why if isinstance(found, BuyerStillNeeded) else f"{found.code}: {found.state}"


async def test_whoever_is_needed_stays(world: World) -> None:
    order = await world.bought()
    assert await refused(world, order) == "orders.still_needed: paid"
    parcel = await world.dispatched(order)
    await world.reaches(order.id, "declared")
    await world.carry(parcel.tracking, 20)
    order = await world.reaches(order.id, "delivered")
    assert await refused(world, order) == "return_days"

    async with world.database.write() as tx:
        asked = await taking_back.ask(tx, order, {order.lines[0].id: 1}, reason="changed_mind")
    await world.pass_time(RETURN_DAYS)
    assert await refused(world, order) == "return"
    assert len(await labels(world)) == 1

    await accepted(world, asked.id)
    await sent_back(world, asked)
    assert (await erase(world, await world.order(order.id))).erased_at is not None


async def test_money_on_its_way_back_needs_the_buyer(world: World) -> None:
    order = await world.bought()
    async with world.database.write() as tx:
        (paid,) = await payments.payments(tx, order.id)
        await payments.refund_start(tx, paid.id, order.total, key="by hand", why="test")
        await orders.move(tx, order.id, "cancelled", "test")

    assert await refused(world, await world.order(order.id)) == "refund"


async def test_money_that_comes_after_the_buyer_went_goes_back(world: World) -> None:
    outcome = await world.buy()
    async with world.database.write() as tx:
        await orders.move(tx, outcome.order.id, "expired", "not paid in time")
    assert await refused(world, await world.order(outcome.order.id)) == "payment"
    async with world.database.write() as tx:  # the provider says it was let go of, and is wrong
        known = await world.scene.payments["sandbox"].look(outcome.payment.provider_id)
        await payments.note_known(tx, outcome.payment.id, replace(known, status="cancelled"))
    await erase(world, await world.order(outcome.order.id))

    await world.card(outcome.action)

    async def is_back() -> bool:
        (attempt,) = await world.payments(outcome.order.id)
        return attempt.refunded == outcome.order.total

    await world.until(is_back)
    order = await world.order(outcome.order.id)
    assert (order.state, order.erased_at is not None) == ("refunded", True)
    books = await world.books()
    assert "seller_payable" not in books


async def test_an_account_is_closed_and_no_table_tells_whose_it_was(world: World) -> None:
    number, texting = "+33612345678", CodeSettings().texting(("FR",))
    async with world.database.write() as tx:
        await identity.ask_for_code(tx, number, language="fr", texting=texting)
        came = await identity.login_with_code(tx, number, await code_of(tx, number))
        assert isinstance(came, Newcomer)
        session = await identity.welcome(tx, came.proof, name="Léa Martin", agrees=True, language="fr")
        home = HOMES["FR"]
        await one_tap.switch_on(tx, session.user.id, home.country, home, "buyer@example.org", "cod")
        party, device = RelyingParty("https://x.test", "x.test"), Authenticator("https://x.test", "x.test")
        answer = device.make(await passkeys.ask_to_make(tx, party, session.user, "browser"))
        await passkeys.add(tx, party, session.user.id, "browser", answer, name="Léa's phone")
        author = Author("viewer", str(session.user.id), "Léa Martin", session.user.id)
        await chat.say(tx, ROOM, world.shop.id, Saying(author, "Bonjour", "fr"))
    await world.quiet()
    before = await everything(world)
    assert {"Léa", "Martin"} <= set(seen_in(before))
    async with world.database.write() as tx:
        await erasing.erase_person(tx, session.user.id)
    await world.quiet()

    after = await everything(world)
    assert seen_in(after) == []
    assert device.credential.hex() in before
    assert device.credential.hex() not in after
    async with world.database.read() as db:
        assert await identity.session(db, session.token) is None


async def test_who_sells_does_not_close_their_account(world: World) -> None:
    with pytest.raises(StillSells):
        async with world.database.write() as tx:
            await erasing.erase_person(tx, world.shop.owner)
