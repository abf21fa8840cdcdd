# SPDX-License-Identifier: Apache-2.0
"""One tap: where somebody has their things sent, and how they pay, kept because they asked for it.

It is off until its owner switches it on, market by market; switched off, nothing of it stays. The address is
sealed for its account and market. The door of one tap.
"""

from __future__ import annotations

from dataclasses import asdict

import msgspec

from silkcast.ground.ids import UserId
from silkcast.ground.places import Address, Country
from silkcast.plumbing.db import Db, Tx

from . import store
from .models import OneTapRow
from .values import OneTap


def _context(user: UserId, market: Country) -> str:
    return f"identity.one_taps/{user}/{market}"


def _one_tap(db: Db, row: OneTapRow) -> OneTap:
    user, market = UserId(row.user_id), Country(row.market)
    fields = msgspec.json.decode(
        db.vault.open(row.receiver_sealed, _context(user, market)), type=dict[str, str]
    )
    email = fields.pop("email")
    country = Country(fields.pop("country"))
    return OneTap(market, Address(country=country, **fields), email, row.method, row.since)


async def switch_on(tx: Tx, user: UserId, market: Country, address: Address, email: str, method: str) -> None:
    """From now on one tap orders there, to this address, paid by this method. Again: the newer one counts."""
    fields = {**asdict(address), "email": email}
    sealed = tx.vault.seal(msgspec.json.encode(fields), _context(user, market))
    await store.put_one_tap(tx, user, market, receiver_sealed=sealed, method=method, since=tx.now)


async def switch_off(tx: Tx, user: UserId, market: Country) -> None:
    """Nothing of it stays. Again: nothing more happens."""
    await store.drop_one_tap(tx, user, market)


async def of_user(db: Db, user: UserId, market: Country) -> OneTap | None:
    """What somebody switched on in a market."""
    found = await store.one_taps(db, user, market)
    return _one_tap(db, found[0]) if found else None


async def all_of_user(db: Db, user: UserId) -> tuple[OneTap, ...]:
    """In every market, by its code."""
    return tuple(_one_tap(db, row) for row in await store.one_taps(db, user, None))
