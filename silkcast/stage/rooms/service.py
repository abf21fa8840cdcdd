# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from silkcast.ground.ids import PinId, ProductId, SellerId, ShowId, new_number, new_secret, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .errors import KeyRefused, NoSuchShow, NotInRun, WrongState
from .events import (
    PictureChanged,
    ProductPinned,
    ProductUnpinned,
    ReplayReady,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
)
from .values import NewShow, Pin, Replay, Show


def _context(show: ShowId) -> str:
    return f"rooms.shows.key_sealed/{show}"


async def plan_show(tx: Tx, seller: SellerId, plan: NewShow) -> Show:
    """Put a show on the calendar; it gets its address and its stream key at once."""
    rules.check_plan(plan, tx.now)
    show = ShowId(new_uuid())
    slug = rules.slug_from(plan.titles.text("en"), new_number(6).lower())
    await store.add(tx, show, seller, slug, plan, _new_key(tx, show))
    tx.announce(ShowPlanned(show, seller, plan.starts_at))
    return await the_show(tx, show)


def _new_key(tx: Tx, show: ShowId) -> tuple[str, bytes]:
    key = new_secret(24)
    return tx.vault.seal(key, _context(show)), tx.vault.blind(key, "rooms.key")


async def revise_show(tx: Tx, show: ShowId, seller: SellerId, plan: NewShow) -> Show:
    """Change titles, time, cover or run. While live, only the run may still change."""
    now = await the_show(tx, show, seller=seller)
    if now.state == "ended":
        raise WrongState(now.state)
    if now.is_live:
        await store.change(tx, show, run=list(plan.run))
        return await the_show(tx, show)
    rules.check_plan(plan, tx.now)
    await store.change(
        tx,
        show,
        titles=dict(plan.titles.by_language),
        starts_at=plan.starts_at,
        cover=plan.cover,
        run=list(plan.run),
    )
    return await the_show(tx, show)


async def the_show(db: Db, show: ShowId, *, seller: SellerId | None = None) -> Show:
    """The show, or `NoSuchShow`; with `seller`, another seller's is no such show."""
    found = await store.by_id(db, show, seller)
    if found is None:
        raise NoSuchShow()
    return found


async def by_slug(db: Db, slug: str) -> Show:
    found = await store.by_slug(db, slug)
    if found is None:
        raise NoSuchShow()
    return found


async def live_now(db: Db, *, seller: SellerId | None = None, limit: int = 50) -> tuple[Show, ...]:
    return await store.several(db, seller=seller, states=("live",), newest_first=True, limit=limit)


async def live_with(db: Db, product: ProductId) -> tuple[ShowId, ...]:
    """The shows on air that have this product in their run."""
    return await store.live_with(db, product)


async def upcoming(db: Db, *, seller: SellerId | None = None, limit: int = 50) -> tuple[Show, ...]:
    """Planned shows, the next one first."""
    return await store.several(db, seller=seller, states=("planned",), newest_first=False, limit=limit)


async def ended(db: Db, *, seller: SellerId | None = None, limit: int = 50) -> tuple[Show, ...]:
    """Shows that were, the last one first."""
    return await store.several(db, seller=seller, states=("ended",), newest_first=True, limit=limit)


async def stream_key(db: Db, show: ShowId, seller: SellerId) -> str:
    """The secret for the encoder: for this seller's eyes only."""
    sealed = await store.sealed_key(db, show, seller)
    if sealed is None:
        raise NoSuchShow()
    return db.vault.open(sealed, _context(show))


async def renew_key(tx: Tx, show: ShowId, seller: SellerId) -> str:
    """A new stream key; the old one opens nothing from now on."""
    await the_show(tx, show, seller=seller)
    sealed, index = _new_key(tx, show)
    await store.change(tx, show, key_sealed=sealed, key_index=index)
    return await stream_key(tx, show, seller)


async def admit(db: Db, key: str) -> Show:
    """The show a stream key opens. Wrong, old and ended keys are refused alike."""
    found = await store.by_key_index(db, db.vault.blind(key, "rooms.key"))
    if found is None or found.state == "ended":
        raise KeyRefused()
    return found


async def start(tx: Tx, show: ShowId, seller: SellerId) -> Show:
    """On air. Starting a live show again changes nothing."""
    now = await the_show(tx, show, seller=seller)
    if now.is_live:
        return now
    rules.check_move(now.state, "live")
    if not await store.move(tx, show, before=("planned",), to="live", started_at=tx.now):
        raise WrongState((await the_show(tx, show)).state)
    tx.announce(ShowStarted(show, now.seller, tx.now))
    return await the_show(tx, show)


async def end(tx: Tx, show: ShowId, seller: SellerId) -> Show:
    """Off air; the open pin closes. Ending an ended show changes nothing."""
    now = await the_show(tx, show, seller=seller)
    if now.state == "ended":
        return now
    await unpin(tx, show, seller)
    started = now.started_at or tx.now
    moved = await store.move(
        tx,
        show,
        before=("planned", "live"),
        to="ended",
        started_at=started,
        ended_at=tx.now,
        has_picture=False,
    )
    if moved:
        tx.announce(ShowEnded(show, now.seller, tx.now))
    return await the_show(tx, show)


async def pin(tx: Tx, show: ShowId, seller: SellerId, product: ProductId) -> Pin:
    """Put a product in front of everybody; the one before it steps back."""
    now = await the_show(tx, show, seller=seller)
    if not now.is_live:
        raise WrongState(now.state)
    if product not in now.run:
        raise NotInRun()
    await store.lock(tx, show)
    before = await store.open_pin(tx, show)
    if before is not None and before.product == product:
        return before
    await unpin(tx, show, seller)
    made = Pin(PinId(new_uuid()), show, product, tx.now, None)
    await store.add_pin(tx, made)
    tx.announce(ProductPinned(show, made.id, product, tx.now))
    return made


async def unpin(tx: Tx, show: ShowId, seller: SellerId) -> Pin | None:
    """Take the pinned product back, if there is one."""
    await the_show(tx, show, seller=seller)
    closed = await store.close_pin(tx, show, tx.now)
    if closed is not None:
        tx.announce(ProductUnpinned(show, closed.id, closed.product, tx.now))
    return closed


async def pinned(db: Db, show: ShowId) -> Pin | None:
    return await store.open_pin(db, show)


async def pins(db: Db, show: ShowId) -> tuple[Pin, ...]:
    """Every pin of the show in order: the moments of its replay."""
    return await store.pins(db, show)


async def picture(tx: Tx, show: ShowId, *, arrives: bool) -> None:
    """The stream came or went."""
    now = await the_show(tx, show)
    if now.has_picture == arrives or now.state == "ended":
        return
    await store.change(tx, show, has_picture=arrives)
    tx.announce(PictureChanged(show, arrives, tx.now))


async def keep_replay(tx: Tx, show: ShowId, replay: Replay) -> None:
    await the_show(tx, show)
    await store.change(tx, show, replay_path=replay.path, replay_seconds=replay.seconds)
    tx.announce(ReplayReady(show, replay.seconds))


async def count(tx: Tx, show: ShowId, *, likes: int, viewers: int) -> int:
    """Add the likes of a tick and raise the peak of viewers; the likes there are now."""
    return await store.add_counts(tx, show, likes=max(likes, 0), viewers=max(viewers, 0))
