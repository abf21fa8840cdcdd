# SPDX-License-Identifier: Apache-2.0
"""Appeals: what sellers ask to be let into a market, and the operator's decision with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from silkcast.faces.admission_words import standing_words
from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.studio.admission import finding_of
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.flows import admitting
from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import BadAppeal
from silkcast.goods.admission.values import AppealState
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import AppealId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.files.files import media_type_of
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from .side import PER_PAGE, Why, address, desk_page, reason_of, seen_to
from .views import AppealPage, AppealsPage, Choice

STATES: dict[str, AppealState] = {"open": "open", "admitted": "admitted", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class WhyAndUntil(Why):
    """The form of a decision that holds until a day."""

    until: str = ""


def day_in(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadAppeal("until") from None


@get("/appeals")
async def list_appeals(
    house: House,
    visit: Visit,
    operator: User,
    q: str = "",
    market: str = "",
    status: str = "open",
    after: str | None = None,
) -> Response[str]:
    """The queue; those that wait first to be seen, by market, by words."""
    _ = words_in(visit.language).gettext
    async with house.database.read() as db:
        found = await admission.appeals(
            db,
            market=market or None,
            state=STATES.get(status),
            text=q.strip() or None,
            after=after or None,
            limit=PER_PAGE,
        )
        shops = await sellers.sellers_of(db, list({one.seller for one in found.items}))
    choices = [
        Choice(words, address("/desk/appeals", q=q, market=market, status=key), key == status)
        for key, words in (
            ("open", _("Waiting")),
            ("admitted", _("Admitted")),
            ("refused", _("Refused")),
            ("all", _("All")),
        )
    ]
    view = AppealsPage(
        appeals=found.items,
        shops={id: shop.name for id, shop in shops.items()},
        choices=choices,
        markets=[one.code for one in markets.markets(visit.today)],
        text=q,
        market=market,
        state=status,
        next=address("/desk/appeals", q=q, market=market, status=status, after=found.next)
        if found.next
        else "",
    )
    return await desk_page(house, visit, operator, "appeals.html", view)


@get("/appeals/{appeal:uuid}")
async def one_appeal(house: House, visit: Visit, operator: User, appeal: UUID) -> Response[str]:
    async with house.database.read() as db:
        asked = await admission.the_appeal(db, AppealId(appeal))
        product = await catalog.product(db, asked.product)
        goods = admitting.goods_of(product)
        verdict = (await admission.verdicts(db, [goods], asked.market))[product.id]
        view = AppealPage(
            appeal=asked,
            product=product,
            shop=await sellers.seller(db, asked.seller),
            standing=standing_words(verdict, visit.language),
            findings=[finding_of(one, visit.language) for one in verdict.findings],
            is_changed=goods.digest != asked.digest,
            log=await audit.entries(db, object_id=str(product.id), limit=20),
        )
    return await desk_page(house, visit, operator, "appeal.html", view)


@get("/appeals/{appeal:uuid}/paper")
async def paper(house: House, operator: User, appeal: UUID) -> Response[bytes]:
    """The paper as it was sent: saved, never opened in our own page. It is noted who looked."""
    async with house.database.read() as db:
        asked = await admission.the_appeal(db, AppealId(appeal))
    content = await admitting.paper_of(house.scene.files, asked)
    if content is None:
        raise NotFound()
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "admission.paper_seen", "product", asked.product, appeal=str(appeal))
    name = f"paper-{appeal}.{asked.paper_type}"
    return Response(
        content,
        media_type=media_type_of(name),
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
        },
    )


@post("/appeals/{appeal:uuid}/admit")
async def admit(
    house: House, operator: User, appeal: UUID, data: URLEncodedBody[WhyAndUntil]
) -> Response[None]:
    """It may be sold there until the day."""
    reason, until = reason_of(data), day_in(data.until)
    async with house.database.write(actor_of(operator)) as tx:
        await admitting.answer(tx, AppealId(appeal), until=until, words=reason, by=operator.id)
    return seen_to(f"/desk/appeals/{appeal}")


@post("/appeals/{appeal:uuid}/refuse")
async def refuse(house: House, operator: User, appeal: UUID, data: URLEncodedBody[Why]) -> Response[None]:
    reason = reason_of(data)
    async with house.database.write(actor_of(operator)) as tx:
        await admitting.answer(tx, AppealId(appeal), until=None, words=reason, by=operator.id)
    return seen_to(f"/desk/appeals/{appeal}")


@post("/appeals/{appeal:uuid}/bar")
async def bar(
    house: House, operator: User, appeal: UUID, data: URLEncodedBody[WhyAndUntil]
) -> Response[None]:
    """Whatever the rows say: not sold in that market until the day, changed or not."""
    reason, until = reason_of(data), day_in(data.until)
    async with house.database.write(actor_of(operator)) as tx:
        asked = await admission.the_appeal(tx, AppealId(appeal))
        await admitting.rule(
            tx, asked.product, asked.market, "bar", reason=reason, until=until, by=operator.id
        )
    return seen_to(f"/desk/appeals/{appeal}")


HANDLERS = (list_appeals, one_appeal, paper, admit, refuse, bar)
