# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from silkcast.ground.ids import NoticeId, new_uuid
from silkcast.ground.language import ENGLISH
from silkcast.plumbing import tongues
from silkcast.plumbing.catalogs import catalog, cldr
from silkcast.plumbing.db import Db, Tx
from silkcast.who.identity import service as identity

from . import rules, store
from .errors import NoSuchNotice
from .events import NoticeQueued
from .values import Kind, Letter, Notice


def _context(notice: NoticeId) -> str:
    return f"notices.notices.sealed/{notice}"


async def queue(
    tx: Tx,
    kind: Kind,
    *,
    to: str,
    language: str,
    facts: Mapping[str, rules.Fact],
    about: UUID | None,
    key: str,
    not_before: datetime | None = None,
) -> None:
    """Queue a letter in this transaction, to be sent at once or not before a moment; the same `key` again
    queues nothing."""
    said_in = tongues.nearest(language) or ENGLISH
    letter = rules.write(kind, to, said_in, facts, say=catalog(said_in).gettext, locale=cldr(said_in))
    notice = Notice(NoticeId(new_uuid()), kind, language, about, "queued", tx.now, None)
    plain = json.dumps([letter.to, letter.language, letter.subject, letter.body])
    if await store.add(tx, notice, key=key, sealed=tx.vault.seal(plain, _context(notice.id))):
        tx.announce(NoticeQueued(notice.id, not_before))


async def letter(db: Db, notice: NoticeId) -> Letter | None:
    """What is still to be sent; nothing if it was sent or erased, or is a code that is over."""
    found = await store.sealed(db, notice, no_codes_before=db.now - timedelta(minutes=identity.CODE_MINUTES))
    if found is None:
        raise NoSuchNotice()
    sealed, state = found
    return (
        None
        if state == "sent" or not sealed
        else Letter(*json.loads(db.vault.open(sealed, _context(notice))))
    )


async def note_sent(tx: Tx, notice: NoticeId) -> None:
    await store.note(tx, notice, "sent", tx.now)


async def note_failed(tx: Tx, notice: NoticeId) -> None:
    await store.note(tx, notice, "failed", tx.now)


async def erase(tx: Tx, *, about: UUID) -> None:
    """What is in the letters about something, for good; those still to be sent never are."""
    await store.erase(tx, about)


async def notices(
    db: Db, *, about: UUID | None = None, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> Sequence[Notice]:
    """What was sent about something, or all of it, the newest first. Says nothing of what is in them."""
    return await store.several(db, about=about, before=before, limit=limit)
