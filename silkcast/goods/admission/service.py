# SPDX-License-Identifier: Apache-2.0
"""The door of admission: verdicts, the rows behind them, rulings and appeals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from silkcast.ground.clock import day
from silkcast.ground.ids import AppealId, FileId, ProductId, SellerId, UserId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, decode_cursor, length, page

from . import packs, rules, store
from .errors import AppealDecided, AppealOpen, AppealOutdated, BadAppeal, NoSuchAppeal, NothingToAppeal
from .events import AppealAnswered, AppealAsked, Ruled
from .reader import read_pack
from .values import Appeal, AppealState, Decision, Goods, Row, Ruling, Verdict

MOST_WORDS = 4_000


def by_rows(goods: Goods, market: Country, on: date) -> Verdict:
    """What the rows alone say, without any person's decision."""
    found = [one for one in packs.findings(goods, market) if one.row.holds(on)]
    return rules.judge(market, found, (), b"", on)


async def verdicts(db: Db, goods: Collection[Goods], market: Country) -> Mapping[ProductId, Verdict]:
    """How each stands in a market now, in one question for all of them."""
    by_id = {one.product: one for one in goods}

    async def ask(unread: Sequence[ProductId]) -> Mapping[ProductId, Verdict]:
        made = await everywhere(db, [by_id[id] for id in unread], [market])
        return {id: there[market] for id, there in made.items()}

    return await db.once(f"verdicts in {market}", [id for id in by_id if id is not None], ask)


async def everywhere(
    db: Db, goods: Collection[Goods], markets: Sequence[Country]
) -> Mapping[ProductId, Mapping[Country, Verdict]]:
    """How each stands in each of the markets now."""
    on = day(db.now)
    ids = [one.product for one in goods if one.product is not None]
    made: defaultdict[tuple[ProductId, str], list[Ruling]] = defaultdict(list)
    for ruling in await store.rulings(db, ids, markets[0] if len(markets) == 1 else None, on):
        made[ruling.product, ruling.market].append(ruling)
    answer: dict[ProductId, dict[Country, Verdict]] = {}
    for one in goods:
        assert one.product is not None, "only what is kept can have been ruled about"
        there = answer.setdefault(one.product, {})
        for market in markets:
            found = [finding for finding in packs.findings(one, market) if finding.row.holds(on)]
            there[market] = rules.judge(market, found, made.get((one.product, market), ()), one.digest, on)
    return answer


async def rule(
    tx: Tx,
    goods: Goods,
    market: Country,
    decision: Decision,
    *,
    reason: str,
    until: date,
    by: UserId | None,
    paper: FileId | None = None,
) -> Ruling:
    """Decide about a product in a market until a day; it counts from now on."""
    assert goods.product is not None, "only what is kept can be ruled about"
    rules.check_until(until, day(tx.now))
    found = [one.code for one in packs.findings(goods, market) if one.row.holds(day(tx.now))]
    rows = tuple(dict.fromkeys(found))
    made = Ruling(goods.product, market, decision, rows, reason, until, goods.digest, by, tx.now, paper)
    await store.add_ruling(tx, made)
    tx.announce(Ruled(made.product, market, decision))
    return made


async def rulings(db: Db, product: ProductId) -> Sequence[Ruling]:
    """All that was ever decided about a product, the newest first."""
    return await store.rulings(db, [product], None)


async def appeal(
    tx: Tx,
    goods: Goods,
    market: Country,
    *,
    seller: SellerId,
    name: str,
    words: str,
    paper: FileId | None = None,
    paper_type: str = "",
) -> Appeal:
    """Ask a person to decide. One at a time for a product in a market."""
    assert goods.product is not None, "only what is kept can be appealed for"
    words = words.strip()
    if not words or len(words) > MOST_WORDS:
        raise BadAppeal("words")
    verdict = (await verdicts(tx, [goods], market))[goods.product]
    if verdict.is_admitted:
        raise NothingToAppeal(market)
    asked = Appeal(
        id=AppealId(new_uuid()),
        product=goods.product,
        seller=seller,
        market=market,
        name=name,
        rows=tuple(dict.fromkeys(one.code for one in verdict.deciding)),
        words=words,
        paper=paper,
        paper_type=paper_type,
        digest=goods.digest,
        state="open",
        asked_at=tx.now,
    )
    if not await store.add_appeal(tx, asked):
        raise AppealOpen(market)
    tx.announce(AppealAsked(asked.id, seller))
    return asked


async def admit(tx: Tx, id: AppealId, goods: Goods, *, until: date, answer: str, by: UserId | None) -> Appeal:
    """Say yes: the product may be sold there until a day, as it was when it was asked for."""
    rules.check_until(until, day(tx.now))
    decided = await _decide(tx, id, "admitted", answer, until, by)
    if goods.digest != decided.digest:
        raise AppealOutdated()
    await rule(tx, goods, decided.market, "admit", reason=answer, until=until, by=by, paper=decided.paper)
    return decided


async def refuse(tx: Tx, id: AppealId, *, answer: str, by: UserId | None) -> Appeal:
    """Say no, and why: things stay as they are."""
    return await _decide(tx, id, "refused", answer, None, by)


async def _decide(
    tx: Tx, id: AppealId, state: AppealState, answer: str, until: date | None, by: UserId | None
) -> Appeal:
    decided = await store.decide(tx, id, state, answer, until, by)
    if decided is None:
        raise AppealDecided((await the_appeal(tx, id)).state)
    tx.announce(AppealAnswered(id, decided.seller))
    return decided


async def the_appeal(db: Db, id: AppealId, *, seller: SellerId | None = None) -> Appeal:
    """One appeal; for a seller, one of theirs."""
    found = await store.appeal(db, id)
    if found is None or (seller is not None and found.seller != seller):
        raise NoSuchAppeal()
    return found


async def appeals(
    db: Db,
    *,
    seller: SellerId | None = None,
    product: ProductId | None = None,
    market: str | None = None,
    state: AppealState | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Appeal]:
    """A page of appeals, the newest first."""
    found = await store.appeals(
        db,
        seller=seller,
        product=product,
        market=market,
        state=state,
        text=text,
        after=decode_cursor(after) if after else None,
        limit=length(limit) + 1,
    )
    return page(found, limit, key=lambda one: (one.asked_at, one.id), value=lambda one: one)


async def count_open(db: Db) -> int:
    return await store.count_open(db)


def markets() -> tuple[str, ...]:
    """The markets something is kept for."""
    return tuple(sorted(packs.known().rows))


def rows(market: str) -> tuple[Row, ...]:
    """All rows of a market, of its own and shared ones."""
    return packs.known().rows.get(market, ())


def languages() -> tuple[str, ...]:
    """The languages there are words in."""
    return packs.languages()


def check_file(path: Path) -> int:
    """How many rows a file of barred goods has; or `BadBarred` with line and reason."""
    code = path.resolve().parent.name.upper()
    return len(read_pack(path.read_bytes(), code, packs.categories()).rows)
