# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody

from silkcast.faces.asking import page
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.journey import things
from silkcast.faces.shop.order_views import ReturnedView, ReturnView
from silkcast.faces.shop.paying import QUIET, quiet
from silkcast.faces.shop.price_words import KINDS
from silkcast.faces.shop.views import Line, Step, StepState
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.flows import taking_back
from silkcast.ground.clock import day
from silkcast.ground.ids import OrderLineId, ReturnId
from silkcast.ground.money import Money, total
from silkcast.ground.refusals import NotFound, Refusal
from silkcast.plumbing.db import Db
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.errors import TooLate
from silkcast.trade.returns.values import Amount, Reason, Return
from silkcast.trade.shipping import service as shipping
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import ReturnRule

Form = URLEncodedBody[dict[str, str]]
Asked = Request[Any, Any, State]


REASONS: Mapping[Reason, str] = {
    "changed_mind": N_("I changed my mind"),
    "does_not_fit": N_("It does not fit or suit"),
    "not_as_described": N_("It is not as shown"),
    "damaged": N_("It arrived damaged"),
    "wrong_item": N_("It is the wrong thing"),
    "late": N_("It came too late"),
}
REFUSED = N_("The shop said no")
TITLES = {
    "asked": N_("The shop is asked"),
    "accepted": N_("Accepted. Send it back"),
    "declined": REFUSED,
    "sent_back": N_("On its way back"),
    "received": N_("Back at the shop"),
    "refunded": N_("The money went back"),
    "closed": N_("This return is closed"),
}


def rule_of(order: Order) -> ReturnRule:
    return markets.market(order.market, day(order.placed_at)).returns


@get("/order/{secret:str}/return")
async def what(request: Asked, house: House, visit: Visit, secret: str) -> Response[Any]:
    """What goes back, why, and exactly what comes back for it."""
    async with house.database.read() as db:
        order = await orders.by_secret(db, secret)
        return await asked_page(db, order, secret, visit, dict(request.query_params))


@post("/order/{secret:str}/return")
async def ask(request: Asked, house: House, visit: Visit, secret: str, data: Form) -> Response[Any]:
    """Ask the shop. Its answer comes within the market's days, or the clock says yes."""
    try:
        async with house.database.write() as tx:
            order = await orders.by_secret(tx, secret)
            made = await taking_back.ask(
                tx, order, wanted_in(data, order), reason=reason_in(data), words=data.get("note", "")
            )
    except NotFound:
        raise
    except Refusal as refusal:
        async with house.database.read() as db:
            order = await orders.by_secret(db, secret)
            return await asked_page(db, order, secret, visit, data, refusal=refusal)
    return Response("", status_code=303, headers={"location": f"/order/{secret}/returns/{made.id}", **QUIET})


def wanted_in(given: Mapping[str, str], order: Order) -> dict[OrderLineId, int]:
    """Units by line; what is no number counts as none."""
    wanted = {}
    for line in order.lines:
        units = given.get(f"units-{line.id}", "")
        if units.isascii() and units.isdigit() and 0 < int(units) <= line.units:
            wanted[line.id] = int(units)
    return wanted


def reason_in(given: Mapping[str, str]) -> Reason:
    return next((reason for reason in REASONS if reason == given.get("reason")), "changed_mind")


async def asked_page(
    db: Db,
    order: Order,
    secret: str,
    visit: Visit,
    given: Mapping[str, str],
    *,
    refusal: Refusal | None = None,
) -> Response[Any]:
    _ = catalog(visit.language).gettext
    facts, rule = taking_back.facts_of(order), rule_of(order)
    out = await returns.out(db, order.id)
    left = {line.id: line.units - out.get(line.id, 0) for line in order.lines}
    wanted = wanted_in(given, order) or ({} if given else left)
    wanted = {id: min(units, left[id]) for id, units in wanted.items() if min(units, left[id]) > 0}
    until = returns.open_until(facts, rule)
    if refusal is None and until is not None and until < db.now:
        refusal = TooLate(until)
    worth = returns.worth(facts, wanted, rule, out=out) if wanted else ()
    view = ReturnView(
        number=order.number,
        things=[
            (str(line.id), thing, wanted.get(line.id, 0), left[line.id])
            for line, thing in zip(order.lines, await things(db, order, visit), strict=True)
        ],
        reasons=[(reason, _(words)) for reason, words in REASONS.items()],
        reason=reason_in(given),
        ways=(),
        lines=money_lines(worth, visit),
        total=sum_of(worth, order.currency),
        to=_("cash, by bank transfer") if order.payment_method == "cod" else _("the card you paid with"),
        action=f"/order/{secret}/return",
        refresh=f"/order/{secret}/return",
        back=f"/order/{secret}",
        until=day(until) if until else None,
        postage=_("The shop pays the postage back.")
        if rule.return_freight == "seller"
        else _("You pay the postage back."),
        note=given.get("note", ""),
        problem=words_of(refusal, visit.language) if refusal else "",
    )
    status = 409 if refusal else 200
    return quiet(page("order/return.html", view, visit, status=status, is_listed=False))


def money_lines(worth: tuple[Amount, ...], visit: Visit) -> list[Line]:
    _ = catalog(visit.language).gettext
    return [Line(_(KINDS[one.kind]), one.amount) for one in worth if not one.amount.is_zero]


def sum_of(worth: tuple[Amount, ...], currency: str) -> Money:
    return total((one.amount for one in worth), currency)


@get("/order/{secret:str}/returns/{returning:uuid}")
async def returned(house: House, visit: Visit, secret: str, returning: UUID) -> Response[Any]:
    """A return that was asked for."""
    async with house.database.read() as db:
        order = await orders.by_secret(db, secret)
        asked = await its_return(db, order, returning)
    view = ReturnedView(
        number=order.number,
        title=catalog(visit.language).gettext(TITLES[asked.state]),
        steps=steps_of(asked, visit),
        lines=money_lines(asked.money, visit),
        total=asked.total,
        back=f"/order/{secret}",
        code=asked.tracking or "",
        label=f"/order/{secret}/returns/{asked.id}/label" if asked.tracking else "",
        words=asked.answer,
    )
    return quiet(page("order/returned.html", view, visit, is_listed=False))


async def its_return(db: Db, order: Order, returning: UUID) -> Return:
    """The return, if it is of this order."""
    asked = await returns.returning(db, ReturnId(returning))
    if asked.order != order.id:
        raise NotFound
    return asked


def steps_of(asked: Return, visit: Visit) -> tuple[Step, ...]:
    _ = catalog(visit.language).gettext
    made = [Step(_("Asked"), "done", asked.asked_at)]
    if asked.answered_at is None:
        made.append(Step(_("The shop answers"), "now", asked.answer_by, icon="package-fill"))
        return (*made, Step(_("Sent back"), "next"), Step(_("Refunded"), "next"))
    if asked.state == "declined":
        return (*made, Step(_(REFUSED), "refused", asked.answered_at))
    by_clock = (
        _("The shop did not answer in time, so it counts as a yes.") if asked.answered_by == "clock" else ""
    )
    made.append(Step(_("Accepted"), "done", asked.answered_at, by_clock))
    for words, at in (
        (_("Sent back"), asked.sent_back_at),
        (_("Arrived"), asked.received_at),
        (_("Refunded"), asked.refunded_at),
    ):
        state: StepState = "done" if at else "next" if made[-1].state != "done" else "now"
        made.append(Step(words, state, at, icon="" if at else "package-fill"))
    return tuple(made)


@get("/order/{secret:str}/returns/{returning:uuid}/label")
async def label(house: House, secret: str, returning: UUID) -> Response[bytes]:
    """The label for the way back, one page to print."""
    async with house.database.read() as db:
        order = await orders.by_secret(db, secret)
        asked = await its_return(db, order, returning)
        if asked.parcel is None:
            raise NotFound
        parcel = await shipping.parcel(db, asked.parcel)
    if parcel.label is None:
        raise NotFound
    content = await house.scene.files.get(f"labels/{parcel.label}.pdf")
    headers = {
        "cache-control": "private, no-store",
        "content-disposition": f'inline; filename="return-{order.number}.pdf"',
        **QUIET,
    }
    return Response(content, media_type="application/pdf", headers=headers)


ROUTES = (what, ask, returned, label)
