# SPDX-License-Identifier: Apache-2.0
"""Hooks: told once, signed with every secret that holds, tried again with growing pauses, then given up."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import SellerId
from silkcast.plumbing.db import Database, Tx
from silkcast.watch.hooks import rules
from silkcast.watch.hooks import service as hooks
from silkcast.watch.hooks.errors import BadUrl, NoSuchDelivery, NoSuchHook, TooManyHooks, UnknownKind
from silkcast.watch.hooks.values import SEND, DeliveryWanted, NewHook
from tests.who.sellers.build import open_shop

URL = "https://erp.example/in"


async def subscribed(tx: Tx, *kinds: str) -> tuple[SellerId, NewHook]:
    shop = await open_shop(tx)
    return shop.id, await hooks.subscribe(tx, shop.id, URL, kinds or ["order.paid"])


def holds(signature: str, body: bytes, secret: str) -> bool:
    """As a receiver checks it."""
    parts = [part.split("=", 1) for part in signature.split(",")]
    moment = next(value for name, value in parts if name == "t")
    wanted = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(name == "v1" and hmac.compare_digest(value, wanted) for name, value in parts)


async def test_news_are_written_once_and_wanted_sent(tx: Tx) -> None:
    seller, made = await subscribed(tx)

    first = await hooks.tell(tx, seller, "order.paid", {"order": "o-1", "units": 2}, key="order.paid/o-1")
    again = await hooks.tell(tx, seller, "order.paid", {"order": "o-1", "units": 2}, key="order.paid/o-1")
    other = await hooks.tell(tx, seller, "order.shipped", {"order": "o-1"}, key="order.shipped/o-1")

    (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items
    assert (first, again, other) == (1, 0, 0)
    assert (delivery.kind, delivery.state) == ("order.paid", "waiting")
    assert [wanted.payload for wanted in tx.enqueued if wanted.job == SEND] == [DeliveryWanted(delivery.id)]


async def test_what_goes_out_is_signed_and_says_what_happened(tx: Tx) -> None:
    seller, made = await subscribed(tx)
    await hooks.tell(tx, seller, "order.paid", {"order": "o-1"}, key="k")
    (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items

    outgoing = await hooks.outgoing(tx, delivery.id)

    assert outgoing is not None
    assert outgoing.url == URL
    told = json.loads(outgoing.body)
    assert (told["kind"], told["facts"], told["id"]) == ("order.paid", {"order": "o-1"}, str(delivery.id))
    signature = outgoing.headers["silkcast-signature"]
    assert holds(signature, outgoing.body, made.secret)
    assert not holds(signature, outgoing.body + b" ", made.secret)
    assert not holds(signature, outgoing.body, "hook_other")


async def test_for_a_day_the_old_secret_signs_as_well(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        seller, before = await subscribed(tx)
        await hooks.tell(tx, seller, "order.paid", {}, key="k")
        after = await hooks.rotate(tx, seller, before.hook.id)
        (delivery,) = (await hooks.deliveries(tx, seller, before.hook.id)).items

    for passed, old_holds in ((timedelta(hours=23), True), (timedelta(hours=2), False)):
        clock.advance(passed)
        async with database.read() as db:
            outgoing = await hooks.outgoing(db, delivery.id)
        assert outgoing is not None
        signature = outgoing.headers["silkcast-signature"]
        assert holds(signature, outgoing.body, after.secret)
        assert holds(signature, outgoing.body, before.secret) is old_holds


async def test_a_failed_try_waits_and_tries_again(tx: Tx) -> None:
    seller, made = await subscribed(tx)
    await hooks.tell(tx, seller, "order.paid", {}, key="k")
    (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items

    failed = await hooks.note_answer(tx, delivery.id, 503)
    silent = await hooks.note_answer(tx, delivery.id, 0, fault="ConnectError")
    sent = await hooks.note_answer(tx, delivery.id, 204)
    late = await hooks.note_answer(tx, delivery.id, 500)

    assert (failed.state, failed.tries, failed.next_at) == ("waiting", 1, tx.now + rules.PAUSES[0])
    assert (silent.fault, silent.next_at) == ("ConnectError", tx.now + rules.PAUSES[1])
    assert (sent.state, sent.tries, sent.sent_at) == ("sent", 3, tx.now)
    assert late == sent
    assert await hooks.outgoing(tx, delivery.id) is None
    assert (await hooks.hook(tx, seller, made.hook.id)).failing_since is None


async def test_after_the_last_try_it_is_given_up_and_may_be_retried(tx: Tx) -> None:
    seller, made = await subscribed(tx)
    await hooks.tell(tx, seller, "order.paid", {}, key="k")
    (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items

    for _ in range(len(rules.PAUSES) + 1):
        given_up = await hooks.note_answer(tx, delivery.id, 500)

    assert (given_up.state, given_up.next_at) == ("failed", None)
    assert (await hooks.retry(tx, seller, made.hook.id, delivery.id)).state == "waiting"
    with pytest.raises(NoSuchDelivery):
        await hooks.retry(tx, seller, made.hook.id, uuid4())


async def test_a_hook_that_fails_for_days_is_put_out_of_use(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        seller, made = await subscribed(tx)
        await hooks.tell(tx, seller, "order.paid", {}, key="k")
        (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items
        await hooks.note_answer(tx, delivery.id, 500)
    clock.advance(rules.GIVES_UP_AFTER)

    async with database.write() as tx:
        await hooks.note_answer(tx, delivery.id, 500)
        found = await hooks.hook(tx, seller, made.hook.id)
        told = await hooks.tell(tx, seller, "order.paid", {}, key="k2")
        revived = await hooks.revise(tx, seller, found.id, url=URL, kinds=["order.paid"], is_active=True)

    assert (found.is_active, told) == (False, 0)
    assert (revived.is_active, revived.failing_since) == (True, None)


async def test_anothers_hook_is_not_found_and_not_told(tx: Tx) -> None:
    _, made = await subscribed(tx)
    rival = (await open_shop(tx)).id

    for act in (hooks.hook, hooks.rotate, hooks.remove, hooks.deliveries):
        with pytest.raises(NoSuchHook):
            await act(tx, rival, made.hook.id)
    assert await hooks.tell(tx, rival, "order.paid", {}, key="k") == 0


async def test_bad_addresses_kinds_and_too_many_are_refused(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    for url in (
        "ftp://erp.example/in",
        "https://",
        "https://me:pass@erp.example/",
        "https://erp.example/#part",
        "https://erp.example/a b",
        "/in",
        "https://[::1",
    ):
        with pytest.raises(BadUrl):
            await hooks.subscribe(tx, seller, url, ["order.paid"])
    for kinds in ([], ["order.eaten"]):
        with pytest.raises(UnknownKind):
            await hooks.subscribe(tx, seller, URL, kinds)
    for _ in range(rules.MOST_HOOKS):
        await hooks.subscribe(tx, seller, URL, ["order.paid"])
    with pytest.raises(TooManyHooks):
        await hooks.subscribe(tx, seller, URL, ["order.paid"])


@given(st.integers(min_value=1, max_value=200))
def test_pauses_grow_and_end(tries: int) -> None:
    now, after = rules.pause(tries), rules.pause(tries + 1)

    assert now is not None or after is None
    assert now is None or after is None or now <= after
