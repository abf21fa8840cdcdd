# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from silkcast.ground.ids import LineId, SellerId, ShowId, new_uuid
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.events import LineHeld, LineShown
from silkcast.stage.chat.rules.deciding import (
    FOLD_WINDOW,
    ROOM_WINDOW,
    SAME_WINDOW,
    Heard,
    Room,
    Verdict,
    decide,
)
from silkcast.stage.chat.settings import MOST_A_SECOND
from silkcast.stage.chat.store import keeping as keeping_store
from silkcast.stage.chat.store import lines as store
from silkcast.stage.chat.values import Line, Saying

KEPT = 50


async def say_many(
    tx: Tx,
    show: ShowId,
    seller: SellerId,
    sayings: Sequence[Saying],
    *,
    most_a_second: int = MOST_A_SECOND,
) -> list[Line | Refusal]:
    """Say lines that came at once, in the order they came: each line, or why not. Writes them in one
    statement and announces nothing: who commits tells the room. A refused one leaves nothing and stops no
    other."""
    await store.lock(tx, show)
    heard = [Heard(tx.vault.blind(saying.author.key, "chat.author"), saying) for saying in sayings]
    room = await _room(tx, show, seller, heard)
    verdicts = decide(heard, room, tx.now, most=most_a_second)
    ids = [LineId(new_uuid()) for _ in verdicts]
    made = {
        place: _line(tx, show, ids, place, heard[place].saying, verdict)
        for place, verdict in enumerate(verdicts)
        if verdict.state is not None
    }
    return await _written(tx, show, heard, verdicts, made)


async def _room(tx: Tx, show: ShowId, seller: SellerId, heard: Sequence[Heard]) -> Room:
    """What the rules must know, for these authors."""
    speaking, _ = await keeping_store.speaking(tx, show)
    authors = sorted({one.key for one in heard})
    reach = max(SAME_WINDOW, timedelta(seconds=speaking.slow_seconds))
    shown = await store.shown_since(tx, show, tx.now - FOLD_WINDOW)
    moderators = await keeping_store.moderators(tx, seller, show)
    return Room(
        speaking=speaking,
        bans=await keeping_store.banned(tx, seller, show, authors),
        moderators=frozenset(one.user for one in moderators if one.user is not None),
        own_words=frozenset(await keeping_store.words(tx, seller)),
        spoken=await store.spoken_since(tx, show, authors, tx.now - reach),
        open_folds={fold: line for line, _, fold in shown},
        shown_lately=sum(1 for _, at, _ in shown if at > tx.now - ROOM_WINDOW),
    )


def _line(tx: Tx, show: ShowId, ids: Sequence[LineId], place: int, saying: Saying, verdict: Verdict) -> Line:
    assert verdict.state is not None, "a refused line is none"
    into = verdict.into if verdict.into_heard is None else ids[verdict.into_heard]
    return Line(
        id=ids[place],
        show=show,
        kind="moderator" if verdict.is_moderator else saying.author.kind,
        name=saying.author.name[:60],
        text=verdict.text,
        language=verdict.language[:12],
        state=verdict.state,
        held_for=verdict.held_for,
        at=tx.now,
        into=into,
    )


async def _written(
    tx: Tx,
    show: ShowId,
    heard: Sequence[Heard],
    verdicts: Sequence[Verdict],
    made: Mapping[int, Line],
) -> list[Line | Refusal]:
    """The lines with the numbers and voices they have now, refusals in their places."""
    if not made:
        return [_refused(verdict) for verdict in verdicts]
    numbers = await store.add(
        tx, show, [(line, heard[place].key, verdicts[place].fold) for place, line in made.items()]
    )
    more = Counter(line.into for line in made.values() if line.into is not None)
    voices = await store.count_voices(tx, show, more) if more else {}
    found: list[Line | Refusal] = []
    for place, verdict in enumerate(verdicts):
        line = made.get(place)
        if line is None:
            found.append(_refused(verdict))
            continue
        counted = voices.get(line.into or line.id, 1)
        found.append(replace(line, number=numbers[line.id], voices=counted))
    return found


def _refused(verdict: Verdict) -> Refusal:
    assert verdict.refusal is not None, "what is no line has a reason"
    return verdict.refusal


async def say(tx: Tx, show: ShowId, seller: SellerId, saying: Saying) -> Line:
    """Say one line where nobody gathers them. The room hears it by the relay, or it is refused."""
    said = (await say_many(tx, show, seller, [saying]))[0]
    if isinstance(said, Refusal):
        raise said
    if said.state == "held":
        tx.announce(LineHeld(show, said.id))
    else:
        tx.announce(LineShown(show, said.into or said.id))
    return said


async def lines(db: Db, ids: Sequence[LineId]) -> Mapping[LineId, Line]:
    return await store.several(db, ids)


async def recent(db: Db, show: ShowId, *, limit: int = KEPT) -> tuple[Line, ...]:
    """The last shown lines, the oldest of them first."""
    return await store.seen(db, show, limit, with_hidden=False)


async def seen(db: Db, show: ShowId, *, limit: int = KEPT) -> tuple[Line, ...]:
    """The last lines that were shown, hidden ones in their places: what every viewer has on the screen."""
    return await store.seen(db, show, limit, with_hidden=True)


async def held(db: Db, show: ShowId, *, limit: int = KEPT) -> tuple[Line, ...]:
    """What waits for the host."""
    return await store.held(db, show, limit)
