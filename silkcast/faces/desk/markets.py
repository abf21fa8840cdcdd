# SPDX-License-Identifier: Apache-2.0
"""Markets at the desk: the list of all, and the pages of one. Operators see every market, managers theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, get

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.spreadsheet import as_csv
from silkcast.faces.visit import Visit
from silkcast.flows import closing
from silkcast.goods.catalog import service as catalog
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import UserId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db
from silkcast.plumbing.db.paging import cursor, read_cursor
from silkcast.stage.chat import service as chat
from silkcast.trade.orders import service as orders
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.identity import managing
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import NotYourMarket
from silkcast.who.identity.values import MARKET_RIGHTS, User
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers
from silkcast.who.teams import service as teams
from silkcast.who.teams.values import DISCOUNT_KEY, WHATS, Change

from .market_views import (
    ChangesPage,
    Head,
    ManagerRow,
    MarketPage,
    MarketRow,
    MarketsPage,
    PriceRow,
    PricesPage,
    TeamPage,
)
from .side import MOST_ROWS, PER_PAGE, address, desk_page

ROOT = "/desk/markets"


@get("/markets")
async def list_markets(
    house: House, visit: Visit, member: User, q: str = "", status: str = ""
) -> Response[str]:
    async with house.database.read() as db:
        rows = await rows_of(db, member, visit.language, q, status)
    sheet = address(f"{ROOT}/sheet.csv", q=q, status=status)
    return await desk_page(house, visit, member, "markets.html", MarketsPage(rows, q, status, sheet))


@get("/markets/sheet.csv")
async def markets_sheet(
    house: House, visit: Visit, member: User, q: str = "", status: str = ""
) -> Response[bytes]:
    async with house.database.read() as db:
        rows = await rows_of(db, member, visit.language, q, status)
    head = ("market", "name", "state", "reason", "managers", "open_orders", "last_change")
    lines = [
        (
            *(row.market.code, row.name, "closed" if row.is_closed else "open"),
            *(row.closure.reason if row.closure else "", "; ".join(row.managers), row.open_orders),
            row.last_change.isoformat() if row.last_change else "",
        )
        for row in rows
    ]
    return as_csv("markets", head, lines)


async def rows_of(db: Db, member: User, language: str, text: str, state: str) -> list[MarketRow]:
    """The markets a person may see, as asked for, by name."""
    mine = None if member.is_operator else await managing.markets_of(db, member.id)
    closures = {one.market: one for one in await closings.all_open(db)}
    managers = await managing.managers(db)
    people = await names_of(db, (one.user for one in managers))
    counted: dict[str, int] = {}
    for one in await orders.open_by_market(db):
        counted[one.market] = counted.get(one.market, 0) + one.orders
    moved, changed = await closings.last_moved(db), await teams.last_changed(db)
    rows = []
    for market in markets.markets(db.now.date()):
        closure = closures.get(market.code)
        is_closed = closure is not None and closure.holds(db.now)
        name = market.names.text(language)
        wanted = text.strip().casefold()
        if mine is not None and market.code not in mine:
            continue
        if wanted and wanted not in name.casefold() and wanted != market.code.casefold():
            continue
        if state and is_closed != (state == "closed"):
            continue
        times = [at for at in (moved.get(market.code), changed.get(market.code)) if at]
        theirs = [people[one.user] for one in managers if one.market == market.code]
        href = f"{ROOT}/{market.code}"
        orders_here, last = counted.get(market.code, 0), max(times, default=None)
        rows.append(MarketRow(market, name, href, closure, is_closed, theirs, orders_here, last))
    return sorted(rows, key=lambda row: row.name)


async def names_of(db: Db, ids: Iterable[UUID | None]) -> dict[object, str]:
    found = await identity.users(db, [UserId(id) for id in {id for id in ids if id is not None}])
    return {id: user.name for id, user in found.items()}


async def head_of(db: Db, member: User, visit: Visit, code: str, problem: str = "") -> Head:
    """One market's head, or `NotYourMarket`; a market that is none is none."""
    market = markets.market(code.upper(), db.now.date())
    rights = frozenset(MARKET_RIGHTS)
    if not member.is_operator:
        mine = await managing.markets_of(db, member.id)
        if market.code not in mine:
            raise NotYourMarket(market.code)
        rights = mine[market.code]
    closure = await closings.of_market(db, market.code)
    is_closed = closure is not None and closure.holds(db.now)
    path = f"{ROOT}/{market.code}"
    name = market.names.text(visit.language)
    return Head(market, name, path, member.is_operator, rights, closure, is_closed, problem)


@get("/markets/{code:str}")
async def one_market(house: House, visit: Visit, member: User, code: str) -> Response[str]:
    return await market_page(house, visit, member, code)


async def market_page(
    house: House, visit: Visit, member: User, code: str, problem: str = "", status: int = 200
) -> Response[str]:
    """Open or closed, what open orders come to, and what the team has set."""
    async with house.database.read() as db:
        head = await head_of(db, member, visit, code, problem)
        market = head.market.code
        history = await closings.history(db, market, limit=20)
        view = MarketPage(
            head=head,
            weighed=await closing.weigh(db, market),
            progress=await closing.progress(db, history[0].id) if history else None,
            history=history,
            people=await names_of(db, [id for one in history for id in (one.made_by, one.ended_by)]),
            discount=await teams.setting(db, market, "deal_discount", DISCOUNT_KEY),
            limits=await teams.limits(db, market),
            words=await chat.market_words(db, market),
            texts=await teams.texts(db, market),
        )
    return await desk_page(house, visit, member, "market.html", view, status=status)


@get("/markets/{code:str}/prices")
async def market_prices(
    house: House, visit: Visit, member: User, code: str, q: str = "", after: str | None = None
) -> Response[str]:
    """What is sold in the market: the shop's price, the team's, and how far it may go."""
    async with house.database.read() as db:
        head = await head_of(db, member, visit, code)
        found = await catalog.search(db, text=q or None, after=after or None, limit=20)
        products = {variant.id: one for one in found.items for variant in one.variants}
        now = await pricing.prices(db, list(products), head.market.code)
        floors = await pricing.floors_everywhere(db, list(now))
        shops = {id: await sellers.seller(db, id) for id in {one.seller for one in found.items}}
        rows = []
        for product in found.items:
            limits = await teams.limits(db, head.market.code, product.seller)
            for variant in product.variants:
                price = now.get(variant.id)
                if price is None:
                    continue
                base = await teams.base_price(db, variant.id, head.market.code, price.amount)
                floor = floors[variant.id].get(head.market.code)
                shop = shops[product.seller].name
                here = floor.amount if floor else None
                row = PriceRow(
                    str(variant.id), variant.sku, product.names, shop, price.amount, base, here, limits
                )
                rows.append(row)
    more = address(f"{head.path}/prices", q=q, after=found.next) if found.next else ""
    return await desk_page(house, visit, member, "market_prices.html", PricesPage(head, rows, q, more))


@get("/markets/{code:str}/changes")
async def market_changes(
    house: House, visit: Visit, member: User, code: str, q: str = "", what: str = "", after: str = ""
) -> Response[str]:
    """All that the team changed: who, when, why, before and after."""
    async with house.database.read() as db:
        head = await head_of(db, member, visit, code)
        rows = await several(db, head.market.code, q, what, after, PER_PAGE + 1)
        people = await names_of(db, (one.by for one in rows))
    more = ""
    if len(rows) > PER_PAGE:
        last = rows[PER_PAGE - 1]
        more = address(f"{head.path}/changes", q=q, what=what, after=cursor(last.at, last.id))
    sheet = address(f"{head.path}/changes.csv", q=q, what=what)
    view = ChangesPage(head, rows[:PER_PAGE], people, q, what, sheet, more)
    return await desk_page(house, visit, member, "market_changes.html", view)


async def several(db: Db, market: Country, q: str, what: str, after: str, limit: int) -> Sequence[Change]:
    before = read_cursor(after, datetime, UUID) if after else None
    kind = what if what in WHATS else None
    return await teams.changes(
        db, market, what=kind, search=q, before=(before[0], before[1]) if before else None, limit=limit
    )


@get("/markets/{code:str}/changes.csv")
async def changes_sheet(
    house: House, visit: Visit, member: User, code: str, q: str = "", what: str = ""
) -> Response[bytes]:
    """The same changes for a spreadsheet."""
    rows: list[Change] = []
    async with house.database.read() as db:
        head = await head_of(db, member, visit, code)
        after = ""
        while len(rows) < MOST_ROWS:
            found = await several(db, head.market.code, q, what, after, 500)
            rows += found
            if len(found) < 500:
                break
            after = cursor(found[-1].at, found[-1].id)
        people = await names_of(db, (one.by for one in rows))
    async with house.database.write(actor_of(member)) as tx:
        await audit.record(tx, "market.changes_exported", "market", head.market.code, rows=len(rows))
    columns = ("at", "who", "what", "of", "before", "after", "why", "undoes")
    lines = [
        (
            *(one.at.isoformat(), people.get(one.by, ""), one.what, one.label or one.key),
            *(one.before, one.after, one.why, str(one.undoes or "")),
        )
        for one in rows
    ]
    return as_csv(f"changes-{head.market.code}", columns, lines)


@get("/markets/{code:str}/team")
async def market_team(house: House, visit: Visit, member: User, code: str) -> Response[str]:
    return await team_page(house, visit, member, code)


async def team_page(
    house: House, visit: Visit, member: User, code: str, problem: str = "", status: int = 200
) -> Response[str]:
    """Who manages the market, and how far they may go."""
    async with house.database.read() as db:
        head = await head_of(db, member, visit, code, problem)
        market = head.market.code
        found = await managing.managers(db, market)
        history = await teams.limits_history(db, market)
        people = await names_of(db, [*(one.user for one in found), *(one.set_by for one in history)])
        limits = []
        for one in await teams.all_limits(db, market):
            shop = await sellers.seller(db, one.seller) if one.seller else None
            limits.append((one, shop.name.text(visit.language) if shop else ""))
        rows = [
            ManagerRow(str(one.user), people.get(one.user, ""), one.rights, one.why, one.granted_at)
            for one in found
        ]
    view = TeamPage(head, rows, limits, history, people)
    return await desk_page(house, visit, member, "market_team.html", view, status=status)
