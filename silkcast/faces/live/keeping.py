# SPDX-License-Identifier: Apache-2.0
"""Keeping: what the host and moderators see of a chat and do in it, each as far as their rights reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import get_args

from silkcast.faces.refusing import BadRequest
from silkcast.ground.ids import BanId, LineId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.errors import BadSpeaking
from silkcast.stage.chat.values import RIGHTS, Ban, BanLength, Line, Moderator, Right, Speakers, Speaking
from silkcast.stage.rooms.values import Show

BEAT_SECONDS = 20
SLOW_CHOICES = (0, 5, 10, 30, 60, 300)
Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps order: their rights, and whether for the shop or this show only."""

    rights: frozenset[Right]
    of_shop: bool
    is_host: bool = False

    def need(self, right: Right) -> None:
        """What somebody may not do is not there for them."""
        if right not in self.rights:
            raise NotFound()


HOST = Keeper(frozenset(RIGHTS), of_shop=True, is_host=True)


@dataclass(frozen=True, slots=True)
class ChatView:
    """studio/live_chat.html, live_held.html, live_keeping.html: a chat for who keeps order in it."""

    base: str
    """The address that deeds are posted below."""
    keeper: Keeper
    lines: Sequence[Line]
    held: Sequence[Line]
    pinned: Line | None
    speaking: Speaking
    bans: Sequence[Ban]
    words: Sequence[str] = ()
    moderators: Sequence[Moderator] = ()
    slow_choices: Sequence[int] = SLOW_CHOICES


async def chat_view(db: Db, show: Show, keeper: Keeper, base: str) -> ChatView:
    """Words and moderators are the seller's to see."""
    return ChatView(
        base=base,
        keeper=keeper,
        lines=await chat.seen(db, show.id),
        held=await chat.held(db, show.id),
        pinned=await chat.pinned_line(db, show.id),
        speaking=await chat.speaking(db, show.id),
        bans=await chat.bans(db, show.id, show.seller),
        words=await chat.words(db, show.seller) if keeper.is_host else (),
        moderators=await chat.moderators(db, show.seller, show.id) if keeper.is_host else (),
    )


async def line_deed(tx: Tx, show: Show, keeper: Keeper, line: LineId, verb: str, form: Form) -> None:
    """Hide, show, pin or ban: the last part of the address says which."""
    match verb:
        case "hide":
            keeper.need("hide")
            await chat.hide(tx, show.id, line)
        case "show":
            keeper.need("hide")
            await chat.show_line(tx, show.id, line)
        case "pin":
            keeper.need("pin")
            await chat.pin_line(tx, show.id, line)
        case "ban":
            keeper.need("ban")
            length, reason = ban_length(form.get("length", "short")), form.get("reason", "")
            await chat.ban(
                tx, show.id, show.seller, line, length=length, reason=reason, of_shop=keeper.of_shop
            )
        case _:
            raise NotFound()


def ban_length(said: str) -> BanLength:
    lengths: tuple[BanLength, ...] = get_args(BanLength)
    for length in lengths:
        if said == length:
            return length
    raise BadRequest()


async def unpin(tx: Tx, show: Show, keeper: Keeper) -> None:
    keeper.need("pin")
    await chat.unpin_line(tx, show.id)


async def lift(tx: Tx, show: Show, keeper: Keeper, ban: BanId) -> None:
    keeper.need("ban")
    await chat.lift_ban(tx, show.id, show.seller, ban, of_shop=keeper.of_shop)


async def allow(tx: Tx, show: Show, keeper: Keeper, form: Form) -> Speaking:
    """A moderator sets the pace; links and who may speak are the host's to say."""
    keeper.need("slow")
    before = await chat.speaking(tx, show.id)
    wanted = Speaking(
        seconds_in(form.get("slow_seconds", "")),
        form.get("has_links") == "yes" if keeper.is_host else before.has_links,
        speakers_in(form.get("who", before.who)) if keeper.is_host else before.who,
    )
    return await chat.allow(tx, show.id, wanted)


def seconds_in(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= 4):
        raise BadSpeaking("slow_seconds")
    return int(said)


def speakers_in(said: str) -> Speakers:
    speakers: tuple[Speakers, ...] = get_args(Speakers)
    for who in speakers:
        if said == who:
            return who
    raise BadSpeaking("who")


async def heard(hub: Hub, topics: Sequence[str]) -> AsyncIterator[bytes]:
    """Several topics in one stream, for a page that draws itself anew when something happens."""
    frames: asyncio.Queue[bytes] = asyncio.Queue(maxsize=200)
    pourers = [asyncio.ensure_future(_pour(hub, topic, frames)) for topic in topics]
    try:
        yield b": here\n\n"
        while True:
            try:
                yield await asyncio.wait_for(frames.get(), BEAT_SECONDS)
            except TimeoutError:
                yield b": beat\n\n"
    finally:
        for one in pourers:
            one.cancel()


async def _pour(hub: Hub, topic: str, frames: asyncio.Queue[bytes]) -> None:
    async for frame in hub.subscribe(topic):
        # a page that reads too slowly misses frames: it draws itself anew from the house anyway
        with suppress(asyncio.QueueFull):
            frames.put_nowait(bytes(frame))
