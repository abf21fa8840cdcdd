# SPDX-License-Identifier: Apache-2.0
"""Keeping order: take a line back, show it after all, pin it, keep its author out, let them in again."""

from __future__ import annotations

from silkcast.ground.ids import BanId, LineId, SellerId, ShowId, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.errors import NoSuchBan, NoSuchLine, NoSuchModerator, NotAViewer
from silkcast.stage.chat.events import BansChanged, LineHidden, LinePinned, LineShown
from silkcast.stage.chat.rules import keeping as rules
from silkcast.stage.chat.store import keeping, lines
from silkcast.stage.chat.values import Ban, BanLength, Line

LONGEST_REASON = 200
NOBODY = "–"
"""The name of those who were erased."""


async def hide(tx: Tx, show: ShowId, line: LineId) -> None:
    """Take a line back from everybody's screen; what was pinned is no longer."""
    if await lines.hide(tx, show, line):
        await _gone(tx, show, [line])
    elif await lines.the_line(tx, show, line) is None:
        raise NoSuchLine()


async def _gone(tx: Tx, show: ShowId, hidden: list[LineId]) -> None:
    for line in hidden:
        tx.announce(LineHidden(show, line))
    if await keeping.unpin(tx, show, hidden):
        tx.announce(LinePinned(show, None))


async def erase_name(tx: Tx, key: str) -> None:
    """Who said it, of all that one person ever said, for good. What was said in public stays."""
    author = tx.vault.blind(key, "chat.author")
    await lines.rename(tx, author, NOBODY)
    await keeping.rename(tx, author, NOBODY)


async def show_line(tx: Tx, show: ShowId, line: LineId) -> None:
    """Show a line that was held, or hidden by mistake. Again: nothing more happens."""
    await lines.lock(tx, show)
    if await lines.show(tx, show, line):
        tx.announce(LineShown(show, line))
    elif await lines.the_line(tx, show, line) is None:
        raise NoSuchLine()


async def ban(
    tx: Tx,
    show: ShowId,
    seller: SellerId,
    line: LineId,
    *,
    length: BanLength,
    reason: str = "",
    of_shop: bool = True,
) -> Ban:
    """Keep the author of this line out of the chat, and hide what they said in the last minutes. Who keeps
    order in one show only (`of_shop` false) bans from no other."""
    if length == "shop" and not of_shop:
        raise NoSuchModerator()
    found = await lines.the_line(tx, show, line)
    if found is None:
        raise NoSuchLine()
    said, author = found
    if said.kind != "viewer":
        raise NotAViewer()
    where, until = rules.ban_of(length, show, tx.now)
    made = Ban(
        id=BanId(new_uuid()),
        seller=seller,
        show=where,
        name=said.name,
        until=until,
        reason=" ".join(reason.split())[:LONGEST_REASON],
        by=tx.actor.name[:80],
        made_at=tx.now,
    )
    await keeping.add_ban(tx, made, author)
    await lines.hide(tx, show, line)
    hidden = await lines.hide_of_author(tx, show, author, tx.now - rules.HIDES_BACK)
    await _gone(tx, show, sorted({line, *hidden}))
    tx.announce(BansChanged(show))
    return made


async def lift_ban(tx: Tx, show: ShowId, seller: SellerId, ban: BanId, *, of_shop: bool = True) -> None:
    """Let somebody speak again. Who keeps order in one show only (`of_shop` false) lifts its own bans."""
    if not await keeping.lift(tx, seller, ban, show=None if of_shop else show):
        raise NoSuchBan()
    tx.announce(BansChanged(show))


async def bans(db: Db, show: ShowId, seller: SellerId) -> tuple[Ban, ...]:
    """Who may not speak in this show, the newest ban first."""
    return await keeping.bans(db, seller, show)


async def pin_line(tx: Tx, show: ShowId, line: LineId) -> None:
    """Keep a shown line over the chat, in place of the one before."""
    found = await lines.the_line(tx, show, line)
    if found is None or found[0].state != "shown":
        raise NoSuchLine()
    await keeping.pin(tx, show, line)
    tx.announce(LinePinned(show, line))


async def unpin_line(tx: Tx, show: ShowId) -> None:
    """Take the pinned line down, if there is one."""
    if await keeping.unpin(tx, show):
        tx.announce(LinePinned(show, None))


async def pinned_line(db: Db, show: ShowId) -> Line | None:
    _, pinned = await keeping.speaking(db, show)
    if pinned is None:
        return None
    return (await lines.several(db, [pinned])).get(pinned)
