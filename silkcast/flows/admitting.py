# SPDX-License-Identifier: Apache-2.0
"""Admitting: what a market's rows of barred goods mean at our doors, and how a person decides otherwise.

listing    a product may be saved; the studio says where it may not be sold, and why
pinning    what no market may buy is not pinned
buying     `SaleBarred` or `SalePapersNeeded`, wherever a whole price is asked for. Claims of a deal are
           not asked one by one: their terms are worked out once (`claiming`), and anew after a ruling
appeals    the seller asks, an operator answers; each answer is in the audit log
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import BadAppeal
from silkcast.goods.admission.values import Appeal, Decision, Goods, Ruling, Text, Verdict
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.ground.clock import day
from silkcast.ground.ids import AppealId, FileId, ProductId, SellerId, ShowId, UserId, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.files import Files
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Pin
from silkcast.watch.audit import service as audit
from silkcast.who.markets import service as markets

from .errors import BadPaper, PaperTooLarge, PinBarred, SaleBarred, SalePapersNeeded

MOST_MEGABYTES = 10
PAPER_TYPES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
"""By how a file begins."""


def goods_of(product: Product) -> Goods:
    """A product as admission needs to know it."""
    texts = [*_texts("name", product.names), *_texts("material", product.material)]
    texts += _texts("description", product.descriptions)
    for variant in product.variants:
        for words in variant.options.values():
            texts += _texts("option", words)
    plain = tuple(dict.fromkeys(texts))
    return Goods(product.hs_code, product.origin, product.has_battery, plain, product.id)


def _texts(where: str, words: Words | None) -> list[Text]:
    if words is None:
        return []
    return [Text(where, language, text) for language, text in words.by_language.items()]  # type: ignore[arg-type]


def check_admitted(verdict: Verdict) -> None:
    """Refuse what the market does not let in, with the reason and where it is written."""
    if verdict.is_admitted:
        return
    row = verdict.deciding[0].row if verdict.deciding else None
    refusal = SaleBarred if verdict.standing == "barred" else SalePapersNeeded
    raise refusal(
        verdict.market,
        f"barred.{verdict.reason}",
        rows=tuple(one.code for one in verdict.deciding),
        law=row.law if row else "",
        source=row.source if row else "",
        mark=row.mark if row else "",
    )


async def by_market(db: Db, product: Product) -> Mapping[Country, Verdict]:
    """How a product stands in each market that is open."""
    open_now = [one.code for one in markets.markets(day(db.now))]
    return (await admission.everywhere(db, [goods_of(product)], open_now))[product.id]


async def barred_in(db: Db, products: Sequence[Product]) -> Mapping[ProductId, Sequence[Country]]:
    """The markets in which each may not be sold."""
    open_now = [one.code for one in markets.markets(day(db.now))]
    found = await admission.everywhere(db, [goods_of(one) for one in products], open_now)
    return {
        id: [market for market, verdict in there.items() if not verdict.is_admitted]
        for id, there in found.items()
    }


async def pin(tx: Tx, show: ShowId, seller: SellerId, product: ProductId) -> Pin:
    """Put a product on the table, if at least one market may buy it."""
    made = await rooms.pin(tx, show, seller, product)
    await check_pin(tx, product)
    return made


async def check_pin(db: Db, product: ProductId) -> None:
    """Refuse what nobody may buy."""
    there = await by_market(db, await catalog.product(db, product))
    if there and not any(verdict.is_admitted for verdict in there.values()):
        raise PinBarred()


async def keep_paper(files: Files, content: bytes) -> tuple[FileId, str]:
    """Keep a paper as it is; its type is told by its octets, and by nothing else."""
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise PaperTooLarge(MOST_MEGABYTES)
    kind = next((kind for begin, kind in PAPER_TYPES.items() if content.startswith(begin)), None)
    if kind is None:
        raise BadPaper()
    file = FileId(new_uuid())
    await files.put(name_of(file, kind), content)
    return file, kind


async def paper_of(files: Files, appeal: Appeal) -> bytes | None:
    if appeal.paper is None:
        return None
    return await files.get(name_of(appeal.paper, appeal.paper_type))


def name_of(file: FileId, kind: str) -> str:
    """Where a paper lies. Nothing below `papers` is served to the world."""
    return f"papers/{file}.{kind}"


async def appeal(
    tx: Tx,
    seller: SellerId,
    product: ProductId,
    market: str,
    words: str,
    paper: tuple[FileId, str] | None = None,
) -> Appeal:
    """The seller of a product asks for a decision in one market."""
    found = await catalog.product(tx, product, seller=seller)
    if market not in {one.code for one in markets.markets(day(tx.now))}:
        raise BadAppeal("market")
    asked = await admission.appeal(
        tx,
        goods_of(found),
        Country(market),
        seller=seller,
        name=" · ".join(found.names.by_language.values())[:500],
        words=words,
        paper=paper[0] if paper else None,
        paper_type=paper[1] if paper else "",
    )
    await audit.record(tx, "admission.appealed", "product", product, market=market, rows=" ".join(asked.rows))
    return asked


async def answer(tx: Tx, id: AppealId, *, until: date | None, words: str, by: UserId | None) -> Appeal:
    """An operator's answer: yes until a day, or no. Written into the audit log beside the product."""
    asked = await admission.the_appeal(tx, id)
    if until is None:
        decided = await admission.refuse(tx, id, answer=words, by=by)
    else:
        product = await catalog.product(tx, asked.product)
        decided = await admission.admit(tx, id, goods_of(product), until=until, answer=words, by=by)
    await audit.record(
        tx,
        f"admission.{decided.state}",
        "product",
        asked.product,
        appeal=str(id),
        market=asked.market,
        rows=" ".join(asked.rows),
        until=until.isoformat() if until else None,
        reason=words,
    )
    return decided


async def rule(
    tx: Tx,
    product: ProductId,
    market: Country,
    decision: Decision,
    *,
    reason: str,
    until: date,
    by: UserId | None,
) -> Ruling:
    """An operator decides unasked: bars a product in a market, or admits it with papers seen elsewhere."""
    found = await catalog.product(tx, product)
    made = await admission.rule(tx, goods_of(found), market, decision, reason=reason, until=until, by=by)
    await audit.record(
        tx,
        f"admission.{'barred' if decision == 'bar' else 'admitted'}",
        "product",
        product,
        market=market,
        rows=" ".join(made.rows),
        until=until.isoformat(),
        reason=reason,
    )
    return made
