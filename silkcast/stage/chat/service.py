# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from silkcast.ground.ids import LineId, ShowId, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .errors import NoSuchLine
from .events import LineHeld, LineHidden, LineShown
from .values import Author, HeldFor, Line

LOOK_BACK = timedelta(minutes=2)
NOBODY = "–"
"""The name of those who were erased."""


async def say(
    tx: Tx, show: ShowId, author: Author, text: str, *, language: str, held_words: Collection[str] = ()
) -> Line:
    """Say a line in a room. The host's are always shown; a viewer's may be held for the host to look at."""
    said = rules.clean(text)
    key = tx.vault.blind(author.key, "chat.author")
    reason: HeldFor | None = None
    if author.kind == "viewer":
        earlier = await store.spoken_since(tx, show, key, tx.now - LOOK_BACK)
        rules.check_pace([at for at, _ in earlier], tx.now)
        muted = await store.muted_until(tx, show, key)
        if muted is not None and muted > tx.now:
            reason = "muted"
        else:
            reason = rules.hold_reason(said, words=held_words, recent=[words for _, words in earlier])
    line = Line(
        id=LineId(new_uuid()),
        show=show,
        kind=author.kind,
        name=author.name[:60],
        text=said,
        language=rules.language_of(said, language),
        state="held" if reason else "shown",
        held_for=reason,
        at=tx.now,
    )
    await store.add(tx, line, key)
    tx.announce(LineHeld(show, line.id) if reason else LineShown(show, line.id))
    return line


async def hide(tx: Tx, show: ShowId, line: LineId) -> None:
    """Take a line back from everybody's screen."""
    if await store.move(tx, show, line, before=("shown", "held"), to="hidden"):
        tx.announce(LineHidden(show, line))
    elif await store.author_of(tx, show, line) is None:
        raise NoSuchLine()


async def erase_name(tx: Tx, key: str) -> None:
    """Who said it, of all that one person ever said, for good. What was said in public stays."""
    await store.rename(tx, tx.vault.blind(key, "chat.author"), NOBODY)


async def let_through(tx: Tx, show: ShowId, line: LineId) -> None:
    """Show a line that was held, or hidden by mistake."""
    if await store.move(tx, show, line, before=("held", "hidden"), to="shown"):
        tx.announce(LineShown(show, line))
    elif await store.author_of(tx, show, line) is None:
        raise NoSuchLine()


async def mute(tx: Tx, show: ShowId, line: LineId, *, minutes: int = 10) -> None:
    """Hold everything the author of this line says for a while; the line itself is hidden."""
    author = await store.author_of(tx, show, line)
    if author is None:
        raise NoSuchLine()
    await store.mute(tx, show, author, tx.now + timedelta(minutes=minutes))
    await hide(tx, show, line)


async def lines(db: Db, ids: Sequence[LineId]) -> Mapping[LineId, Line]:
    return await store.several(db, ids)


async def recent(db: Db, show: ShowId, *, limit: int = 50) -> tuple[Line, ...]:
    """The last shown lines, the oldest of them first."""
    return await store.last(db, show, ("shown",), limit)


async def held(db: Db, show: ShowId, *, limit: int = 50) -> tuple[Line, ...]:
    """What waits for the host."""
    return await store.last(db, show, ("held",), limit)
