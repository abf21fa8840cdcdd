# SPDX-License-Identifier: Apache-2.0
"""Codes: six digits that prove who reads a contact's letters or texts.

A code is made for a contact, known or not, and what happens then is the same for both. It is kept nowhere:
the row has a salt, and the code is what the house's key makes of it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from silkcast.ground.clock import day
from silkcast.ground.ids import new_salt, new_secret, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .errors import CodeOver, CodeTooSoon, NotTextable, TextsOver, TooManyCodes, WrongCode
from .events import CodeMade
from .models import CodeRow
from .values import CodeToSend, Purpose, Texting


def index_of(db: Db, reached: str) -> bytes:
    """Where a contact, written the one way, is found."""
    return db.vault.blind(reached, "identity.contact")


async def make(
    tx: Tx, reached: str, purpose: Purpose, *, language: str, texting: Texting | None = None
) -> None:
    """Make a code and announce that it is to be sent. The one before it is worth nothing."""
    index = index_of(tx, reached)
    block = _block(reached, texting)
    await _count(tx, index)
    if texting is not None and block is not None:
        await _count_text(tx, block, texting)
    sending = new_uuid()
    await store.put_code(
        tx,
        index,
        purpose,
        sending=sending,
        contact_sealed=tx.vault.seal(reached, _context(sending)),
        language=language,
        salt=new_salt(),
        tries_left=rules.CODE_TRIES,
        made_at=tx.now,
        ends_at=tx.now + timedelta(minutes=rules.CODE_MINUTES),
        used_at=None,
        proof_hash=None,
    )
    tx.announce(CodeMade(sending, purpose))


async def sent(db: Db, sending: UUID) -> CodeToSend | None:
    """What is to be sent, and to whom; nothing once the code is used or over."""
    row = await store.code_sending(db, sending)
    if row is None or row.used_at is not None or row.ends_at <= db.now:
        return None
    return CodeToSend(db.vault.open(row.contact_sealed, _context(sending)), _code(db, row), row.language)


async def spend(tx: Tx, reached: str, purpose: Purpose, code: str) -> WrongCode | None:
    """Spend a try. The refusal is returned, not raised, so that the try is kept with the transaction."""
    index = index_of(tx, reached)
    row = await store.code(tx, index, purpose, lock=True)
    if row is None or row.used_at is not None or row.ends_at <= tx.now or row.tries_left < 1:
        raise CodeOver()
    if not compare_digest(_code(tx, row).encode(), rules.figures(code).encode()):
        await store.note_code(tx, index, purpose, tries_left=row.tries_left - 1)
        return WrongCode(row.tries_left - 1)
    await store.note_code(tx, index, purpose, used_at=tx.now)
    return None


async def prove(tx: Tx, reached: str, purpose: Purpose) -> str:
    """After the right code: a secret with which its browser may open an account, for a while and once."""
    proof = new_secret()
    ends_at = tx.now + timedelta(minutes=rules.PROOF_MINUTES)
    await store.note_code(tx, index_of(tx, reached), purpose, proof_hash=hashed(proof), ends_at=ends_at)
    return proof


async def take_proof(tx: Tx, proof: str) -> str | None:
    """The contact that was proven, the first time this is asked."""
    taken = await store.take_proof(tx, hashed(proof))
    return tx.vault.open(taken[1], _context(taken[0])) if taken else None


async def wait_seconds(db: Db, reached: str) -> int:
    """How long until the next code may be asked for."""
    door = await store.door_seen(db, index_of(db, reached))
    if door is None or door.code_at is None:
        return 0
    left = door.code_at + rules.wait_after(door.codes) - db.now
    return max(0, int(left.total_seconds()))


def _block(reached: str, texting: Texting | None) -> rules.Block | None:
    """Where a number lies; nothing for an e-mail address. Who said nothing of texts sends none."""
    if "@" in reached:
        return None
    block = rules.block(reached)
    if texting is None or block is None or block.country not in texting.countries:
        raise NotTextable()
    return block


async def _count(tx: Tx, index: bytes) -> None:
    """A few codes an hour to one contact: each brings new tries, and a letter to somebody."""
    door = await store.door(tx, index)
    ends = door.codes_since + rules.CODES_WINDOW
    if ends <= tx.now:
        await store.note_door(tx, index, codes=1, codes_since=tx.now, code_at=tx.now)
        return
    if door.codes >= rules.MOST_CODES:
        raise TooManyCodes(max(1, int((ends - tx.now).total_seconds())))
    next_at = door.code_at + rules.wait_after(door.codes) if door.code_at else tx.now
    if next_at > tx.now:
        raise CodeTooSoon(max(1, int((next_at - tx.now).total_seconds())))
    await store.note_door(tx, index, codes=door.codes + 1, code_at=tx.now)


async def _count_text(tx: Tx, block: rules.Block, texting: Texting) -> None:
    """One more text today, of the block, of the country and of the house; the most contended row last."""
    today = day(tx.now)
    most = (
        (block.beginning, texting.most_a_block),
        (block.country, texting.most_a_country),
        ("", texting.most_a_day),
    )
    for beginning, at_most in most:
        if at_most < 1 or not await store.count_text(tx, today, beginning, at_most):
            raise TextsOver(rules.TEXTS_OVER_SECONDS)


def _code(db: Db, row: CodeRow) -> str:
    made = db.vault.blind(row.salt.hex(), f"identity.codes/{row.sending}/{row.purpose}")
    return f"{int.from_bytes(made) % 10**6:06}"


def _context(sending: UUID) -> str:
    return f"identity.codes.contact/{sending}"


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
