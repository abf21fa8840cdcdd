# SPDX-License-Identifier: Apache-2.0
"""Home: what needs the seller, what came in, where it comes from, and what is on its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from litestar import Response, get

from silkcast.goods.catalog import service as catalog
from silkcast.ground.money import Money
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order, State
from silkcast.trade.returns import service as returns
from silkcast.trade.shipping import service as shipping
from silkcast.watch.insight import service as insight
from silkcast.watch.insight.values import DaySum

from .desk import AT_CUSTOMS, TO_PACK, Desk
from .keeping import at_home
from .pictures import address_of
from .views import Bar, Chart, HomeView, MarketRow

TALL, WIDE = 200, 700
UNDER_WAY: tuple[State, ...] = ("paid", "cod_accepted", "declared", "shipped")


@get("/", name="studio.home")
async def home(desk: Desk, days: int = 7) -> Response[str]:
    async with desk.read() as db:
        view = await home_view(db, desk, 30 if days == 30 else 7)
    return await desk.page("home", view)


async def home_view(db: Db, desk: Desk, days: int) -> HomeView:
    shop = desk.shop.id
    since = desk.today - timedelta(days=2 * days - 1)
    sums = await insight.sales_by_day(db, shop, since, desk.today)
    refused = (await customs.declarations(db, seller=shop, state="refused", limit=1)).items
    lists = await customs.count_by_state(db, seller=shop)
    asked = (await returns.returns(db, seller=shop, state="asked", limit=50)).items
    under_way = (await orders.by_promise(db, shop, UNDER_WAY, limit=50)).items
    upcoming = await rooms.upcoming(db, seller=shop, limit=1)
    ended = await rooms.ended(db, seller=shop, limit=1)
    live = await rooms.live_now(db, seller=shop, limit=1)
    soon = upcoming[0] if upcoming else None
    return HomeView(
        part=part_of(db.now.astimezone(desk.zone).hour),
        name=desk.user.name,
        days=days,
        chart=await chart(db, sums, desk.today, days, desk.visit.currency),
        markets=await by_market(db, desk, sums, desk.today - timedelta(days=days - 1)),
        moving=await moving(db, desk, lists),
        refused=lists.get("refused", 0) + lists.get("failed", 0),
        first_reason=refused[0].reasons[0].info if refused and refused[0].reasons else "",
        asked=len(asked),
        answer_by=min((one.answer_by for one in asked), default=None),
        late=[one for one in under_way if at_risk(one, desk.today)],
        owed=list((await ledger.payouts_owed(db, shop)).values()),
        live=live[0] if live else None,
        next_show=soon,
        live_cover=address_of(live[0].cover, 640) if live and live[0].cover else None,
        next_cover=address_of(soon.cover, 640) if soon and soon.cover else None,
        last_show=ended[0] if ended else None,
        has_products=bool((await catalog.search(db, seller=shop, status=None, limit=1)).items),
        has_customs=bool(desk.shop.customs.ebc_code and desk.shop.customs.ebc_name),
    )


def part_of(hour: int) -> Literal["night", "morning", "afternoon", "evening"]:
    if hour < 5:
        return "night"
    if hour < 12:
        return "morning"
    return "afternoon" if hour < 18 else "evening"


def at_risk(order: Order, today: date) -> bool:
    """Promised for so soon that it must be in the air by now, or past its day."""
    left = (order.delivery.promise_to - today).days
    return left < 0 or (order.state != "shipped" and left < 4)


async def moving(db: Db, desk: Desk, lists: Mapping[str, int]) -> list[tuple[str, int]]:
    by_state = await orders.count_by_state(db, desk.shop.id)
    at_customs = sum(lists.get(state, 0) for state in AT_CUSTOMS)
    to_pack = max(0, sum(by_state.get(state, 0) for state in TO_PACK) - at_customs)
    return [
        ("to_pack", to_pack),
        ("at_customs", at_customs),
        ("released", by_state.get("declared", 0)),
        ("shipped", by_state.get("shipped", 0)),
        ("delivered", by_state.get("delivered", 0)),
    ]


async def by_market(db: Db, desk: Desk, sums: Sequence[DaySum], since: date) -> list[MarketRow]:
    promises = {
        one.market: one
        for one in await shipping.promise_report(db, since=db.now - timedelta(days=90), seller=desk.shop.id)
    }
    back = Counter(one.market for one in (await returns.returns(db, seller=desk.shop.id, limit=200)).items)
    paid: dict[str, Money] = {}
    count: Counter[str] = Counter()
    for one in sums:
        if one.day >= since:
            paid[one.market] = paid[one.market] + one.takings if one.market in paid else one.takings
            count[one.market] += one.orders
    rows = []
    for market, orders_there in count.most_common():
        told = promises.get(market)
        kept = Decimal(told.kept) / told.delivered if told and told.delivered else None
        rows.append(MarketRow(market, orders_there, paid[market], kept, Decimal(back[market]) / orders_there))
    return rows


async def chart(db: Db, sums: Sequence[DaySum], today: date, days: int, currency: str) -> Chart:
    """Takings by day in one currency, with the period before as a tick on each bar."""
    by_day: dict[date, Money] = {}
    for one in sums:
        worth = await at_home(db, one.takings, currency)
        if worth is not None:
            by_day[one.day] = by_day.get(one.day, Money.zero(currency)) + worth
    zero = Money.zero(currency)
    shown = [today - timedelta(days=days - 1 - number) for number in range(days)]
    pairs = [(one, by_day.get(one, zero), by_day.get(one - timedelta(days=days), zero)) for one in shown]
    top = round_top(max((max(now.amount, before.amount) for _, now, before in pairs), default=Decimal(0)))
    step = WIDE // days
    width = max(6, step * 56 // 100)
    bars = [
        Bar(
            one,
            now,
            before,
            x=step * number + (step - width) // 2,
            y=TALL - _height(now, top),
            height=_height(now, top),
            mark=TALL - _height(before, top),
        )
        for number, (one, now, before) in enumerate(pairs)
    ]
    total = sum((now for _, now, _ in pairs), zero)
    earlier = sum((before for _, _, before in pairs), zero)
    more = None if earlier.is_zero else total.amount / earlier.amount - 1
    return Chart(bars, [(TALL * n // 3, short(top * (3 - n) / 3)) for n in range(4)], width, total, more)


def _height(amount: Money, top: Decimal) -> int:
    return int(max(amount.amount, Decimal(0)) * TALL / top)


def round_top(most: Decimal) -> Decimal:
    """The end of the scale: 3, 6 or 9 times a power of ten that holds the largest."""
    scale = Decimal(1)
    while most > 9 * scale:
        scale *= 10
    return next(step * scale for step in (Decimal(3), Decimal(6), Decimal(9)) if most <= step * scale)


def short(value: Decimal) -> str:
    """For the scale alone: 6k, 300, 0."""
    if value >= 1000:
        return f"{(value / 1000).normalize():f}k"
    return f"{value.normalize():f}" if value else "0"


HANDLERS = (home,)
