# SPDX-License-Identifier: Apache-2.0
"""Handing over: a claim that was entered for somebody without a browser here, and whoever gets its link.

A claim belongs to a digest: of an account, of a browser's cookie, or, if it was read out of a chat, of a name
in that chat. Nobody can show such a name, so the claim has a *link*: its word cannot be guessed and is kept
nowhere. The first browser that takes the claim by it has it; the claim's own number, answer and place stay.
The word is made from the claim's name alone, so the same claim has the same link each time it is asked for.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection
from uuid import UUID

from silkcast.ground.ids import UserId
from silkcast.plumbing.db import Db, Tx

from .errors import ClaimTaken, NoSuchClaim
from .store import claims as claim_store
from .store import handing as store
from .values import Claim, LaneId

_OCTETS = 18


def word_of(db: Db, claim: str) -> str:
    """What a claim's link ends with."""
    digest = db.vault.blind(claim, "deals.hand_over")[:_OCTETS]
    return base64.urlsafe_b64encode(digest).decode()


async def claim_by(db: Db, lane: LaneId, number: int, word: str) -> Claim:
    """The claim of a link, or `NoSuchClaim`: a wrong word is told nothing."""
    if not hmac.compare_digest(word.encode(), word_of(db, f"{lane}-{number}").encode()):
        raise NoSuchClaim
    found = await claim_store.claim(db, lane, number)
    if found is None:
        raise NoSuchClaim
    return found


async def take(tx: Tx, claim: Claim, buyer: UUID, user: UserId | None) -> None:
    """The claim is theirs from now on, or `ClaimTaken`. Again: nothing more happens."""
    await store.add(tx, claim, buyer)
    if await store.taker(tx, claim) != buyer:
        raise ClaimTaken
    if user is not None and claim.user is None:
        await store.know_user(tx, claim, user)


async def belongs(db: Db, claim: Claim, marks: Collection[UUID]) -> bool:
    """Whether a claim is of one of these: made by them, or handed over to them."""
    return claim.buyer in marks or (bool(marks) and await store.taker(db, claim) in marks)


async def taken_among(db: Db, names: Collection[tuple[LaneId, int]]) -> set[tuple[LaneId, int]]:
    """Those that somebody has taken over by their link."""
    return await store.taken_among(db, names) if names else set()
