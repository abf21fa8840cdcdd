# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from silkcast.ground.ids import LineId, SellerId, ShowId, new_uuid
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.events import LineHeld, LineShown
from silkcast.stage.chat.rules.deciding import Heard, Verdict, decide, folds_of
from silkcast.stage.chat.settings import MOST_A_SECOND
from silkcast.stage.chat.store import before
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
    users = {saying.author.user for saying in sayings if saying.author.user is not None}
    authors = {one.key for one in heard}
    markets = {saying.market for saying in sayings}
    room = await before.room(
        tx,
        show,
        seller,
        authors=authors,
        users=users,
        folds=folds_of(heard),
        markets=markets,
        most=most_a_second,
    )
    verdicts = decide(heard, room, tx.now, most=most_a_second)
    ids = [LineId(new_uuid()) for _ in verdicts]
    made = {
        place: _line(tx, show, ids, place, heard[place].saying, verdict)
        for place, verdict in enumerate(verdicts)
        if verdict.state is not None
    }
    return await _written(tx, show, heard, verdicts, made)


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
