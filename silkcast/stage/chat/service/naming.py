# SPDX-License-Identifier: Apache-2.0
"""Moderators: named by the seller, who hands them a link; whoever is logged in and opens it first is the one.
So no seller learns whether somebody has an account, and nobody keeps order who does not want to."""

from __future__ import annotations

from collections.abc import Collection

from silkcast.ground.ids import ModeratorId, SellerId, ShowId, UserId, new_secret, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.errors import NoSuchModerator
from silkcast.stage.chat.rules import keeping as rules
from silkcast.stage.chat.store import keeping as store
from silkcast.stage.chat.values import Invitation, Moderator, Right


async def name_moderator(
    tx: Tx, seller: SellerId, show: ShowId | None, *, name: str, rights: Collection[str]
) -> Invitation:
    """Somebody may keep order in the shop's chat, or in one show's, once they have opened the link."""
    checked = rules.check_rights(name, rights)
    made = Moderator(
        ModeratorId(new_uuid()), seller, show, None, " ".join(name.split())[:60], checked, tx.now
    )
    secret = new_secret(24)
    until = tx.now + rules.INVITATION
    await store.add_moderator(tx, made, _index(tx, secret), tx.actor.name[:80], until)
    return Invitation(made, secret)


def _index(db: Db, secret: str) -> bytes:
    return db.vault.blind(secret, "chat.invitation")


async def invitation(db: Db, secret: str) -> Moderator:
    """What a link offers, or `NoSuchModerator` for one that is used, over or wrong."""
    found = await store.open_invitation(db, _index(db, secret))
    if found is None:
        raise NoSuchModerator()
    return found


async def accept(tx: Tx, secret: str, user: UserId) -> Moderator:
    """Become the moderator of this link. It opens once."""
    found = await store.accept(tx, _index(tx, secret), user)
    if found is None:
        raise NoSuchModerator()
    return found


async def dismiss(tx: Tx, seller: SellerId, moderator: ModeratorId) -> None:
    if not await store.dismiss(tx, seller, moderator):
        raise NoSuchModerator()


async def moderators(db: Db, seller: SellerId, show: ShowId | None = None) -> tuple[Moderator, ...]:
    """Those of the shop; with `show`, those who keep order in it."""
    return await store.moderators(db, seller, show)


async def moderating(db: Db, user: UserId) -> tuple[Moderator, ...]:
    """Where this person keeps order."""
    return await store.moderating(db, user)


async def rights_of(db: Db, user: UserId, seller: SellerId, show: ShowId) -> frozenset[Right]:
    """What this person may do in this show's chat, by all that they were handed."""
    found: set[Right] = set()
    for one in await store.moderating(db, user):
        if one.seller == seller and one.show in (None, show):
            found |= one.rights
    return frozenset(found)


async def may(
    db: Db, user: UserId, seller: SellerId, show: ShowId, right: Right | None = None
) -> frozenset[Right]:
    """The rights, if there is any and `right` is among them; else there is no such thing for this person."""
    found = await rights_of(db, user, seller, show)
    if not found or (right is not None and right not in found):
        raise NoSuchModerator()
    return found
