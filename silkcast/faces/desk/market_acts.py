# SPDX-License-Identifier: Apache-2.0
"""What is done to a market at the desk: closed, opened, changed, its team named and limited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response, post

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.refusing import status_of
from silkcast.faces.visit import Visit
from silkcast.flows import local
from silkcast.ground.ids import ChangeId, SellerId, UserId
from silkcast.ground.places import Country
from silkcast.ground.refusals import NotFound, Refusal
from silkcast.plumbing.db import Tx
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import BadClosure
from silkcast.who.identity import managing
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import BadContact, NoSuchContact, NotYourMarket, RightMissing
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers
from silkcast.who.teams import service as teams
from silkcast.who.teams.errors import BadLimits, BadText
from silkcast.who.teams.values import WHATS, Limits

from .markets import market_page, team_page
from .side import seen_to

Asked = Request[Any, Any, Any]
Page = Callable[..., Awaitable[Response[str]]]


async def read(request: Asked) -> dict[str, list[str]]:
    """The form: several ticks of one name stay several."""
    form = await request.form()
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


def one(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0].strip()


def code_of(house: House, code: str) -> Country:
    """The market of an address, or `NoSuchMarket`."""
    return markets.market(code.upper(), house.database.clock.now().date()).code


async def done(
    house: House, visit: Visit, member: User, code: str, act: Callable[[Tx], Awaitable[Any]], page: Page
) -> Response[Any]:
    """Do it and go back to the page; or the page again with what is wrong. Whoever may not is refused."""
    try:
        async with house.database.write(actor_of(member)) as tx:
            await act(tx)
    except (NotYourMarket, RightMissing, NotFound):
        raise
    except Refusal as refusal:
        problem = words_of(refusal, visit.language)
        return await page(house, visit, member, code, problem, status_of(refusal))
    path = "/team" if page is team_page else ""
    return seen_to(f"/desk/markets/{code}{path}")


def operator_only(member: User, market: Country, right: str) -> None:
    """What only head office does."""
    if not member.is_operator:
        raise RightMissing(market, right)


def moment(text: str, zone: str, field: str) -> datetime | None:
    """A moment as a browser's field writes it, in the market's own time; none where it is empty."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadClosure(field) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


@post("/markets/{code:str}/close")
async def close(request: Asked, house: House, visit: Visit, member: User, code: str) -> Response[Any]:
    """Close the market, now or from a moment; its open orders finish or are refunded."""
    market, form = code_of(house, code), await read(request)
    refund, ahead = one(form, "open_orders") == "refund", bool(one(form, "from") or one(form, "until"))
    if refund:
        operator_only(member, market, "refund")
    if ahead:
        operator_only(member, market, "close_ahead")

    async def act(tx: Tx) -> None:
        if not ahead:
            await local.close(
                tx, member.id, market, reason=one(form, "reason"), link=one(form, "link"), refund=refund
            )
            return
        zone = markets.market(market, tx.now.date()).time_zone
        closure = await closings.close(
            tx,
            market,
            reason=one(form, "reason"),
            begins=moment(one(form, "from"), zone, "begins_at"),
            ends=moment(one(form, "until"), zone, "ends_at"),
            open_orders="refund" if refund else "finish",
            link=one(form, "link"),
        )
        begins = closure.begins_at.isoformat()
        await audit.record(tx, "market.closed", "market", market, reason=closure.reason, begins=begins)

    return await done(house, visit, member, market, act, market_page)


@post("/markets/{code:str}/reopen")
async def reopen(request: Asked, house: House, visit: Visit, member: User, code: str) -> Response[Any]:
    market, form = code_of(house, code), await read(request)

    async def act(tx: Tx) -> None:
        await local.reopen(tx, member.id, market, one(form, "reason"))

    return await done(house, visit, member, market, act, market_page)


@post("/markets/{code:str}/changes")
async def change(request: Asked, house: House, visit: Visit, member: User, code: str) -> Response[Any]:
    """Set a price, a floor, the discount of deals, a blocked word or a text."""
    market, form = code_of(house, code), await read(request)

    async def act(tx: Tx) -> None:
        what, key = one(form, "what"), one(form, "key")
        if what not in WHATS:
            raise BadText("what")
        await local.change(tx, member.id, market, what, key, one(form, "value"), one(form, "why"))

    answer = await done(house, visit, member, market, act, market_page)
    back = one(form, "back")
    is_ours = back.startswith(f"/desk/markets/{market}")
    return seen_to(back) if answer.status_code == 303 and is_ours else answer


@post("/markets/{code:str}/changes/{id:uuid}/undo")
async def undo(
    request: Asked, house: House, visit: Visit, member: User, code: str, id: UUID
) -> Response[Any]:
    market, form = code_of(house, code), await read(request)

    async def act(tx: Tx) -> None:
        await local.undo(tx, member.id, market, ChangeId(id), one(form, "reason"))

    answer = await done(house, visit, member, market, act, market_page)
    return seen_to(f"/desk/markets/{market}/changes") if answer.status_code == 303 else answer


@post("/markets/{code:str}/managers")
async def grant(request: Asked, house: House, visit: Visit, member: User, code: str) -> Response[Any]:
    """Name a manager by the contact of their account."""
    market, form = code_of(house, code), await read(request)
    operator_only(member, market, "team")

    async def act(tx: Tx) -> None:
        try:
            person = await identity.by_contact(tx, one(form, "contact"))
        except BadContact:
            person = None
        if person is None:
            raise NoSuchContact
        why = teams.why_of(one(form, "reason"))
        rights = form.get("rights", [])
        await managing.grant(tx, person.id, market, rights, why)
        facts = {"rights": " ".join(sorted(rights)), "reason": why, "user": str(person.id)}
        await audit.record(tx, "market.manager_named", "market", market, **facts)

    return await done(house, visit, member, market, act, team_page)


@post("/markets/{code:str}/managers/{manager:uuid}/revoke")
async def revoke(
    request: Asked, house: House, visit: Visit, member: User, code: str, manager: UUID
) -> Response[Any]:
    market, form = code_of(house, code), await read(request)
    operator_only(member, market, "team")

    async def act(tx: Tx) -> None:
        why = teams.why_of(one(form, "reason"))
        await managing.revoke(tx, UserId(manager), market, why)
        await audit.record(tx, "market.manager_revoked", "market", market, reason=why, user=str(manager))

    return await done(house, visit, member, market, act, team_page)


@post("/markets/{code:str}/limits")
async def limit(request: Asked, house: House, visit: Visit, member: User, code: str) -> Response[Any]:
    """How far the team may go, with every shop or with one."""
    market, form = code_of(house, code), await read(request)
    operator_only(member, market, "team")

    async def act(tx: Tx) -> None:
        slug = one(form, "shop")
        shop = await sellers.by_slug(tx, slug) if slug else None
        seller = SellerId(shop.id) if shop else None
        fields = ("price_down", "price_up", "floor_down", "floor_up", "deal_most")
        down, up, floor_down, floor_up, most = (percent(one(form, field), field) for field in fields)
        why = one(form, "reason")
        await teams.set_limits(tx, Limits(market, seller, down, up, floor_down, floor_up, most, why=why))
        said = f"price -{down} +{up}, floor -{floor_down} +{floor_up}, deals {most}"
        await audit.record(tx, "market.limits_set", "market", market, reason=why, limits=said)

    return await done(house, visit, member, market, act, team_page)


def percent(text: str, field: str) -> int:
    given = text.removesuffix("%").strip()
    if not (given.isascii() and given.isdecimal() and len(given) <= 4):
        raise BadLimits(field)
    return int(given)


HANDLERS = (close, reopen, change, undo, grant, revoke, limit)
