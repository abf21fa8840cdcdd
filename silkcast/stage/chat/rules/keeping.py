# SPDX-License-Identifier: Apache-2.0
"""Keeping order: what a room may allow, how long a ban lasts, what a moderator may be handed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from silkcast.ground.ids import ShowId
from silkcast.stage.chat.errors import BadSpeaking, NoRights
from silkcast.stage.chat.values import RIGHTS, BanLength, Right, Speaking

SLOWEST = 600
SHORT_BAN = timedelta(minutes=10)
INVITATION = timedelta(days=7)
HIDES_BACK = timedelta(minutes=10)
"""With a ban go the lines of the last minutes."""
_SPEAKERS = ("everyone", "known", "nobody")


def check_speaking(wanted: Speaking) -> None:
    if not 0 <= wanted.slow_seconds <= SLOWEST:
        raise BadSpeaking("slow_seconds")
    if wanted.who not in _SPEAKERS:
        raise BadSpeaking("who")


def ban_of(length: BanLength, show: ShowId, now: datetime) -> tuple[ShowId | None, datetime | None]:
    """(where, until): a show or, with none, the whole shop; a moment or, with none, until it is lifted."""
    if length == "shop":
        return None, None
    return show, now + SHORT_BAN if length == "short" else None


def check_rights(name: str, rights: Collection[str]) -> frozenset[Right]:
    if not 1 <= len(name.strip()) <= 60 or not rights or not set(rights) <= set(RIGHTS):
        raise NoRights()
    return frozenset(cast("Collection[Right]", rights))
