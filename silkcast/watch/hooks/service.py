# SPDX-License-Identifier: Apache-2.0
"""The door of hooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from silkcast.ground.ids import HookId, SellerId, new_secret, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, decode_cursor, length, page

from . import rules, store
from .errors import NoSuchDelivery, NoSuchHook, TooManyHooks
from .values import SEND, Delivery, DeliveryWanted, Fact, Hook, NewHook, Outgoing


async def subscribe(tx: Tx, seller: SellerId, url: str, kinds: Iterable[str]) -> NewHook:
    """Tell this address of these kinds of news from now on. The secret is seen now and never again."""
    made = Hook(
        HookId(new_uuid()), seller, rules.check_url(url), rules.check_kinds(kinds), True, None, tx.now
    )
    if await store.count(tx, seller) >= rules.MOST_HOOKS:
        raise TooManyHooks(rules.MOST_HOOKS)
    secret = _new_secret()
    await store.add(tx, made, tx.vault.seal(secret, _context(made.id)))
    return NewHook(made, secret)


async def revise(
    tx: Tx, seller: SellerId, id: HookId, *, url: str, kinds: Iterable[str], is_active: bool
) -> Hook:
    """Another address or other kinds; out of use, or in use again with its failures forgotten."""
    await hook(tx, seller, id)
    await store.change(
        tx,
        id,
        url=rules.check_url(url),
        kinds=sorted(rules.check_kinds(kinds)),
        is_active=is_active,
        failing_since=None,
    )
    return await hook(tx, seller, id)


async def rotate(tx: Tx, seller: SellerId, id: HookId) -> NewHook:
    """A new secret. For a day the old one signs as well, so that the receiver can change over in peace."""
    found = await hook(tx, seller, id)
    before = await store.sealed(tx, id)
    secret = _new_secret()
    await store.change(
        tx,
        id,
        secret=tx.vault.seal(secret, _context(id)),
        old_secret=before.secret,
        old_until=tx.now + rules.OLD_SECRET_LASTS,
    )
    return NewHook(found, secret)


async def remove(tx: Tx, seller: SellerId, id: HookId) -> None:
    """Tell it nothing more; what was to be told is forgotten too."""
    await hook(tx, seller, id)
    await store.remove(tx, id)


async def hook(db: Db, seller: SellerId, id: HookId) -> Hook:
    """One hook; another seller's is not found."""
    found = await store.hook(db, id)
    if found is None or found.seller != seller:
        raise NoSuchHook()
    return found


async def hooks(db: Db, seller: SellerId) -> tuple[Hook, ...]:
    """The seller's hooks, the oldest first."""
    return await store.hooks(db, seller)


async def tell(tx: Tx, seller: SellerId, kind: str, facts: Mapping[str, Fact], *, key: str) -> int:
    """Write down news for every hook that wants them, to be sent; to how many. The same `key` once."""
    told = 0
    for wanting in await store.wanting(tx, seller, kind):
        id = new_uuid()
        news = {"id": str(id), "kind": kind, "at": tx.now.isoformat(), "facts": dict(facts)}
        body = json.dumps(news, separators=(",", ":"), ensure_ascii=False).encode()
        if await store.add_delivery(tx, id, wanting, key=key, kind=kind, body=body):
            tx.enqueue(SEND, DeliveryWanted(id), key=f"hook/{id}/0")
            told += 1
    return told


async def outgoing(db: Db, delivery: UUID) -> Outgoing | None:
    """What is to be sent; nothing if it was sent, given up, or its hook is out of use."""
    found = await store.delivery(db, delivery)
    if found is None or found[0].state != "waiting":
        return None
    one, body = found
    of = await store.hook(db, one.hook)
    if of is None or not of.is_active:
        return None
    kept = await store.sealed(db, of.id)
    secrets = [db.vault.open(kept.secret, _context(of.id))]
    if kept.old is not None and kept.old_until is not None and kept.old_until > db.now:
        secrets.append(db.vault.open(kept.old, _context(of.id)))
    headers = {
        "content-type": "application/json",
        "silkcast-delivery": str(one.id),
        "silkcast-kind": one.kind,
        "silkcast-signature": rules.signature(body, secrets, db.now),
    }
    return Outgoing(of.url, headers, body)


async def note_answer(tx: Tx, delivery: UUID, status: int, *, fault: str = "") -> Delivery:
    """What came of a try: taken, or tried again after a pause, or given up. `status` 0: nobody answered."""
    found = await store.delivery(tx, delivery, lock=True)
    if found is None:
        raise NoSuchDelivery()
    one = found[0]
    if one.state != "waiting":
        return one
    tries = one.tries + 1
    if rules.is_taken(status):
        await store.change_delivery(
            tx, one.id, state="sent", tries=tries, status=status, fault="", next_at=None, sent_at=tx.now
        )
        await store.change(tx, one.hook, failing_since=None)
        return await _delivery(tx, one.id)
    wait = rules.pause(tries)
    await store.change_delivery(
        tx,
        one.id,
        state="waiting" if wait else "failed",
        tries=tries,
        status=status,
        fault=fault[:80],
        next_at=tx.now + wait if wait else None,
    )
    if wait is not None:
        tx.enqueue(SEND, DeliveryWanted(one.id), at=tx.now + wait, key=f"hook/{one.id}/{tries}")
    await _note_failing(tx, one.hook)
    return await _delivery(tx, one.id)


async def _note_failing(tx: Tx, id: HookId) -> None:
    """A hook that has taken nothing for days is put out of use."""
    of = await store.hook(tx, id, lock=True)
    assert of is not None, "a delivery has a hook"
    since = of.failing_since or tx.now
    gives_up = tx.now - since >= rules.GIVES_UP_AFTER
    await store.change(tx, id, failing_since=since, is_active=of.is_active and not gives_up)


async def deliveries(
    db: Db, seller: SellerId, id: HookId, *, after: str | None = None, limit: int = 50
) -> Page[Delivery]:
    """What a hook was told, the newest first."""
    await hook(db, seller, id)
    mark = decode_cursor(after) if after else None
    found = await store.deliveries(db, id, after=mark, limit=length(limit) + 1)
    return page(found, limit, key=lambda one: (one.made_at, one.id), value=lambda one: one)


async def retry(tx: Tx, seller: SellerId, id: HookId, delivery: UUID) -> Delivery:
    """Send it once more now, whatever came of it before."""
    await hook(tx, seller, id)
    found = await store.delivery(tx, delivery, lock=True)
    if found is None or found[0].hook != id:
        raise NoSuchDelivery()
    await store.change_delivery(tx, delivery, state="waiting", next_at=tx.now)
    tx.enqueue(SEND, DeliveryWanted(delivery), key=f"hook/{delivery}/again/{found[0].tries}")
    return await _delivery(tx, delivery)


async def sweep(tx: Tx, *, keep: timedelta = timedelta(days=30)) -> None:
    """Forget what was told more than `keep` ago."""
    await store.forget(tx, tx.now - keep)


async def _delivery(db: Db, id: UUID) -> Delivery:
    found = await store.delivery(db, id)
    assert found is not None, "it was there a moment ago"
    return found[0]


def _context(hook: HookId) -> str:
    return f"hooks.hooks.secret/{hook}"


def _new_secret() -> str:
    return f"hook_{new_secret(24)}"
