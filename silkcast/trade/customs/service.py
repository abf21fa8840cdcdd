# SPDX-License-Identifier: Apache-2.0
"""The door of customs: draft, send, take in what customs says, correct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import DeclarationId, OrderId, ParcelId, SellerId, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, length, page, read_cursor
from silkcast.trade.customs import store
from silkcast.trade.customs.errors import NoDeclaration, NotCorrectable
from silkcast.trade.customs.events import (
    DeclarationHeld,
    DeclarationRefused,
    DeclarationReleased,
    DeclarationSent,
    DeclarationStored,
)
from silkcast.trade.customs.rules import build, cn23, match, states, xml
from silkcast.trade.customs.values import CN23, KINDS, Declaration, Facts, Kind, Message, Receipt


def declared_currency(currency: str) -> str:
    """The currency an order in `currency` is declared in: pass an Exchange in the facts where it differs."""
    return build.declared_currency(currency)


def check_cn23(form: CN23) -> CN23:
    """The form, when the post abroad can read it; else a refusal that names the field."""
    return cn23.check(form)


def _new_guid() -> str:
    return str(new_uuid()).upper()


def _messages(facts: Facts, cop_no: str, at: datetime, attempt: int, known: frozenset[Kind]) -> list[Message]:
    """The four messages, each field checked and the four compared."""
    app_types = {kind: build.APP_TYPE["change" if kind in known else "new"] for kind in KINDS}
    made = build.documents(facts, at=at, cop_no=cop_no, app_types=app_types, new_guid=_new_guid)
    match.check(made)
    guids = [_new_guid() for _ in made]
    return [
        Message(document.kind, guid, document.head["guid"], attempt, xml.message(document, guid))
        for document, guid in zip(made, guids, strict=True)
    ]


async def draft(tx: Tx, facts: Facts) -> Declaration:
    """Write the four messages of a parcel, or refuse with the field that is wrong. Twice is once."""
    standing = await store.of_parcel(tx, facts.parcel)
    if standing is not None:
        return standing
    cop_no = f"SC{facts.order_no}{facts.parcel.hex[-8:].upper()}"
    messages = _messages(facts, cop_no, tx.now, 1, frozenset())
    declaration = DeclarationId(new_uuid())
    if await store.add(tx, declaration, facts, cop_no, build.MODE):
        await store.add_messages(tx, declaration, messages)
    drafted = await store.of_parcel(tx, facts.parcel)
    assert drafted is not None
    return drafted


async def correct(tx: Tx, declaration: DeclarationId, facts: Facts) -> Declaration:
    """A new attempt after a refusal: what customs holds already goes as a change, the rest as new."""
    held = await _locked(tx, declaration)
    if held.state not in ("refused", "failed"):
        raise NotCorrectable(held.state)
    known = states.stored(await store.receipts_of_all_attempts(tx, declaration))
    attempt = held.attempt + 1
    await store.add_messages(tx, declaration, _messages(facts, held.cop_no, tx.now, attempt, known))
    await store.set_declaration(tx, declaration, attempt=attempt, state="drafted", reasons=(), sent_at=None)
    return await _locked(tx, declaration)


async def unsent(db: Db, declaration: DeclarationId) -> tuple[Message, ...]:
    """Messages of the present attempt that are not with customs yet, in the order to send them."""
    held = await store.declaration(db, declaration)
    if held is None:
        raise NoDeclaration()
    found = await store.messages(db, declaration=declaration)
    return tuple(one for one in found if one.attempt == held.attempt and one.sent_at is None)


async def note_sent(tx: Tx, declaration: DeclarationId, guid: str) -> Declaration:
    """One message is with customs; after the fourth the declaration is sent. Twice is once."""
    held = await _locked(tx, declaration)
    await store.mark_sent(tx, declaration, guid)
    if held.state != "drafted" or await unsent(tx, declaration):
        return held
    await store.set_declaration(tx, declaration, state="sent", sent_at=tx.now)
    tx.announce(DeclarationSent(held.id, held.order, held.parcel, held.seller, held.attempt))
    return await _settle(tx, declaration)


async def note_receipt(tx: Tx, receipt: Receipt) -> Declaration:
    """Take in an answer of customs. Told twice, late or in another order, the outcome is the same."""
    owner = await store.message_of(tx, receipt.unit_guid)
    if owner is None:
        raise NoDeclaration()
    declaration, _ = owner
    held = await _locked(tx, declaration)
    if not await store.add_receipt(tx, receipt):
        return held
    return await _settle(tx, declaration)


async def _settle(tx: Tx, declaration: DeclarationId) -> Declaration:
    """Bring the declaration to where its receipts put it, and tell what is new."""
    held = await _locked(tx, declaration)
    if held.state == "drafted":  # an answer that overtook our own note that we sent it
        return held
    state = states.state_of(held.receipts)
    pre_no = next((one.pre_no for one in reversed(held.receipts) if one.pre_no), held.pre_no)
    inventory_no = next(
        (one.inventory_no for one in reversed(held.receipts) if one.inventory_no), held.inventory_no
    )
    reasons = states.reasons(held.receipts) if state in ("refused", "failed") else ()
    released = state in ("released", "closed")
    await store.set_declaration(
        tx,
        declaration,
        state=state,
        reasons=reasons,
        pre_no=pre_no,
        inventory_no=inventory_no,
        stored_at=held.stored_at or (tx.now if state != "sent" else None),
        released_at=held.released_at or (tx.now if released else None),
    )
    settled = await _locked(tx, declaration)
    if settled.state != held.state:
        _announce(tx, held, settled)
    return settled


def _announce(tx: Tx, before: Declaration, after: Declaration) -> None:
    if after.state == "stored":
        tx.announce(DeclarationStored(after.id, after.order, after.seller))
    elif after.state in ("reviewing", "inspecting"):
        tx.announce(DeclarationHeld(after.id, after.order, after.seller, after.state))
    elif after.state in ("refused", "failed"):
        tx.announce(DeclarationRefused(after.id, after.order, after.seller, after.reasons))
    elif before.state not in ("released", "closed") and after.state in ("released", "closed"):
        tx.announce(DeclarationReleased(after.id, after.order, after.parcel, after.seller))


async def _locked(tx: Tx, declaration: DeclarationId) -> Declaration:
    held = await store.declaration(tx, declaration, lock=True)
    if held is None:
        raise NoDeclaration()
    return held


async def declaration(db: Db, declaration: DeclarationId, *, seller: SellerId | None = None) -> Declaration:
    """One declaration; another seller's is not found."""
    found = await store.declaration(db, declaration)
    if found is None or seller not in (None, found.seller):
        raise NoDeclaration()
    return found


async def of_parcel(db: Db, parcel: ParcelId) -> Declaration | None:
    """The declaration of a parcel, if there is one."""
    return await store.of_parcel(db, parcel)


async def of_orders(db: Db, orders: Iterable[OrderId]) -> Mapping[OrderId, Declaration]:
    """The newest declaration of each order; orders without one are left out."""
    return {found.order: found for found in reversed(await store.of_orders(db, orders))}


async def messages(db: Db, order: OrderId) -> tuple[Message, ...]:
    """All messages of an order, every attempt, as they were sent."""
    return tuple(await store.messages(db, order=order))


async def waiting(db: Db, *, before: datetime, limit: int = 200) -> tuple[Declaration, ...]:
    """Drafted before a moment and not at an end: to be sent, or asked about, again."""
    return tuple(await store.waiting(db, before, limit))


async def declarations(
    db: Db,
    *,
    seller: SellerId | None = None,
    state: str | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Declaration]:
    """Declarations, the newest first. `text` begins an order's number."""
    before = read_cursor(after, UUID)[0] if after else None
    found = await store.page(
        db, seller=seller, state=state, text=text, before=before, limit=length(limit) + 1
    )
    return page(found, limit, key=lambda one: (one.id,), value=lambda one: one)


async def count_by_state(db: Db, *, seller: SellerId | None = None) -> Mapping[str, int]:
    """How many declarations are in each state, of all sellers or of one."""
    return await store.count_by_state(db, seller)
