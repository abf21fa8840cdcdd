# SPDX-License-Identifier: Apache-2.0
"""Admission: where a product may not be sold and why, and the seller's appeal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile

from silkcast.faces.admission_words import (
    evidence_words,
    paper_words,
    reason_words,
    standing_words,
)
from silkcast.faces.refusal_words import words_of
from silkcast.flows import admitting
from silkcast.flows.errors import PaperTooLarge
from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import BadAppeal
from silkcast.goods.admission.values import Finding, Verdict
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.ground.ids import FileId, ProductId
from silkcast.ground.places import Country
from silkcast.ground.refusals import Conflict, Invalid, NotFound
from silkcast.plumbing.db import Db

from . import forms
from .admission_views import AdmissionPage, FindingView, StandingRow
from .desk import Desk, see, uuid_in


def rows_of(product: Product, verdicts: Mapping[Country, Verdict], language: str) -> list[StandingRow]:
    """The markets where something is to be said: barred first, then papers, then what is only a warning."""
    rows = [
        row_of(product, market, verdict, language)
        for market, verdict in verdicts.items()
        if verdict.findings or verdict.ruling or verdict.outdated
    ]
    order = {"barred": 0, "papers_needed": 1, "admitted": 2}
    return sorted(rows, key=lambda row: (order[row.standing], row.market))


def row_of(product: Product, market: Country, verdict: Verdict, language: str) -> StandingRow:
    words, colour = standing_words(verdict, language)
    reason = verdict.reason or (verdict.findings[0].row.reason if verdict.findings else "")
    return StandingRow(
        market=market,
        standing=verdict.standing,
        words=words,
        colour=colour,
        reason=reason_words(reason, language) if reason else "",
        href=f"/studio/products/{product.id}/admission/{market}",
        until=verdict.ruling.until if verdict.ruling else None,
        is_outdated=verdict.outdated is not None,
    )


def finding_of(found: Finding, language: str) -> FindingView:
    row = found.row
    return FindingView(
        code=row.code,
        effect=found.effect,
        reason=reason_words(row.reason, language),
        papers=[paper_words(kind, language) for kind in row.papers],
        law=row.law,
        source=row.source,
        mark=row.mark,
        found=evidence_words(found.evidence, language),
    )


async def page_of(db: Db, desk: Desk, id: str, market: str, problem: str = "") -> AdmissionPage:
    language = desk.visit.language
    product = await catalog.product(db, ProductId(uuid_in(id)), seller=desk.shop.id)
    verdict = (await admitting.by_market(db, product)).get(Country(market))
    if verdict is None:
        raise NotFound()
    asked = await admission.appeals(db, seller=desk.shop.id, product=product.id, market=market, limit=10)
    return AdmissionPage(
        product=product,
        row=row_of(product, Country(market), verdict, language),
        verdict=verdict,
        findings=[finding_of(one, language) for one in verdict.findings],
        appeals=asked.items,
        may_appeal=not verdict.is_admitted and not any(one.state == "open" for one in asked.items),
        problem=problem,
    )


@get("/products/{id:str}/admission/{market:str}", name="studio.admission")
async def show(desk: Desk, id: str, market: str) -> Response[str]:
    async with desk.read() as db:
        view = await page_of(db, desk, id, market)
    return await desk.page("admission", view)


@post("/products/{id:str}/admission/{market:str}")
async def appeal(request: Request[Any, Any, Any], desk: Desk, id: str, market: str) -> Response[Any]:
    """Ask for a decision, with a paper if there is one."""
    form = await forms.form_of(request)
    product = ProductId(uuid_in(id))
    async with desk.read() as db:
        await catalog.product(db, product, seller=desk.shop.id)
    try:
        words = forms.texts(form).get("words", "")
        if not words:
            raise BadAppeal("words")
        paper = await kept(desk, form.get("paper"))
        async with desk.write() as tx:
            await admitting.appeal(tx, desk.shop.id, product, market, words, paper)
    except (Invalid, Conflict) as refusal:
        async with desk.read() as db:
            view = await page_of(db, desk, id, market, words_of(refusal, desk.visit.language))
        return await desk.page("admission", view, status=422 if isinstance(refusal, Invalid) else 409)
    return see(f"/studio/products/{id}/admission/{market}")


async def kept(desk: Desk, upload: object) -> tuple[FileId, str] | None:
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    most = admitting.MOST_MEGABYTES * 1024 * 1024
    content = await upload.read(most + 1)
    if len(content) > most:
        raise PaperTooLarge(admitting.MOST_MEGABYTES)
    return await admitting.keep_paper(desk.scene.files, content)


HANDLERS = (show, appeal)
