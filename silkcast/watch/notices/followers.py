# SPDX-License-Identifier: Apache-2.0
"""Followers: who agreed to be told of a shop. Only an account whose contact was confirmed can: nobody signs
somebody else up. The door of followers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from silkcast.ground.ids import SellerId, UserId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.who.identity.values import User

from . import store
from .errors import NotConfirmed


@dataclass(frozen=True, slots=True)
class Follower:
    """A person, and one of the shops they follow in the market that was asked for."""

    user: UserId
    seller: SellerId


async def follow(tx: Tx, seller: SellerId, user: User, market: Country) -> None:
    """Agree to letters about a shop, as somebody who buys in a market. Again: the newer market counts."""
    if not user.is_confirmed:
        raise NotConfirmed
    await store.follow(tx, seller, user.id, market)


async def unfollow(tx: Tx, user: UserId, seller: SellerId | None = None) -> None:
    """No more letters about a shop, or about any."""
    await store.unfollow(tx, user, seller)


async def in_market(
    db: Db, market: Country, *, after: UUID | None = None, limit: int = 200
) -> Sequence[Follower]:
    """Each person once, by id; go on with the last one's."""
    found = await store.followers_in(db, market, after, limit)
    return [Follower(UserId(user), SellerId(seller)) for user, seller in found]


async def count(db: Db, seller: SellerId) -> int:
    return await store.count_followers(db, seller)


async def is_following(db: Db, seller: SellerId, user: UserId) -> bool:
    return await store.is_following(db, seller, user)
