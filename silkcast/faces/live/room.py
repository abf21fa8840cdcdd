# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get
from litestar.datastructures import State

from silkcast.faces.asking import page
from silkcast.faces.house import House
from silkcast.faces.live import coupons
from silkcast.faces.live.dealing import Dealt, Tapper, dealt
from silkcast.faces.live.presence import Presence, topic
from silkcast.faces.live.views import Card, CardView, ChatLine, Host, RoomView, ShelfView
from silkcast.faces.render import render
from silkcast.faces.shop.buy import marks_of, saved_by
from silkcast.faces.shop.closed import closed_view
from silkcast.faces.shop.meta import Meta, OnTable, show_meta
from silkcast.faces.shop.pieces import (
    Offered,
    bare_image,
    face,
    first_image,
    not_sold,
    offered,
    place_of,
    price_tag,
    product_href,
    window_of,
)
from silkcast.faces.shop.views import Image, PriceTag
from silkcast.faces.visit import Visit
from silkcast.flows.offers import Whole
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import ProductId, ShowId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Db
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Line
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Pin, Show
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller

SHOP_TIME = "Asia/Shanghai"
"""The shops' own clock; China has one."""
NO_PICTURE = Image("/static/icon.svg", "", 720, 1280)


@get("/room/{slug:str}")
async def room(
    request: Request[Any, Any, State], house: House, presence: Presence, visit: Visit, slug: str
) -> Response[str]:
    """A show: to come, live, or its replay."""
    tapper = await tapper_of(request, house, visit)
    async with house.database.read() as db:
        view, meta = await room_page(db, house, presence, visit, slug, tapper)
    return page("room/room.html", view, visit, meta=meta)


async def tapper_of(request: Request[Any, Any, State], house: House, visit: Visit) -> Tapper | None:
    """Whoever is logged in and switched one tap on here."""
    saved = await saved_by(request, house, visit)
    return Tapper(saved, await marks_of(request)) if saved else None


async def room_page(
    db: Db, house: House, presence: Presence, visit: Visit, slug: str, tapper: Tapper | None = None
) -> tuple[RoomView, Meta]:
    """What the room shows to a visitor of this market and language; to somebody known, what is theirs."""
    show = await rooms.by_slug(db, slug)
    seller = await sellers.seller(db, show.seller)
    if not seller.is_active:
        raise NotFound
    after = await house.hub.position(topic(show.id))
    cards = await shelf_cards(db, house, show, seller, visit, tapper)
    products = await catalog.products(db, show.run[:1])
    started = show.started_at or show.starts_at
    path = f"/room/{show.slug}"
    speaking, note = await chat.speaking(db, show.id), await chat.pinned_line(db, show.id)
    view = RoomView(
        show=str(show.id),
        title=show.titles,
        host=Host(seller.name, place_of(seller, visit), f"/shop/{seller.slug}", face(seller)),
        state=show.state,
        starts_at=show.starts_at,
        seller_timezone=SHOP_TIME,
        poster=poster(show, [first_image(one, visit.language) for one in products.values()]),
        seq=after,
        stream=stream(house, show),
        is_wide=is_wide(house, show),
        viewers=presence.viewers(show.id),
        likes=show.likes,
        running_seconds=max(0, (db.now - started) // timedelta(seconds=1)) if show.is_live else 0,
        card=next((card for card in cards if card.is_pinned), None),
        coupons=await coupons.view_of(db, visit, show, ()),
        shelf=cards,
        chat=await chat_lines(db, show.id),
        share=f"/share?to={quote(path)}",
        may_chat=show.state != "ended",
        note=chat_line(note) if note else None,
        slow_seconds=speaking.slow_seconds,
        who=speaking.who,
        closed=closed_view(house, visit),
    )
    meta = show_meta(
        show.titles.text(visit.language),
        seller.name.text(visit.language),
        view.poster,
        started,
        table=OnTable(view.card.name.text(visit.language), view.card.price, view.card.not_sold)
        if view.card
        else None,
        is_live=show.is_live,
        visit=visit,
        origin=house.site.address,
        path=path,
    )
    return view, meta


def stream(house: House, show: Show) -> str:
    """The playlist to play: what comes in now, or what was recorded.

    A show on air has its address before its picture: who waits in the room is told when it comes.
    """
    if show.is_live:
        return f"/media/{house.scene.video.playback_path(show.id)}"
    if show.state == "ended" and show.replay is not None:
        return f"/media/{show.replay.path}"
    return ""


def is_wide(house: House, show: Show) -> bool:
    health = house.scene.video.health(show.id) if show.is_live else None
    return bool(health and health.width and health.height and health.width > health.height)


def poster(show: Show, others: Sequence[Image | None]) -> Image:
    return bare_image(show.cover, 720, 1280) or next((one for one in others if one), NO_PICTURE)


async def chat_lines(db: Db, show: ShowId) -> tuple[ChatLine, ...]:
    return tuple(chat_line(line) for line in await chat.seen(db, show) if line.kind != "system")


def chat_line(line: Line) -> ChatLine:
    """As a page has it; of a hidden one only its place."""
    if line.state == "hidden":
        return ChatLine(str(line.id), "hidden", "", "")
    kind = "viewer" if line.kind == "system" else line.kind
    return ChatLine(str(line.id), kind, line.name, line.text, line.language, voices=line.voices)


async def shelf_cards(
    db: Db, house: House, show: Show, seller: Seller, visit: Visit, tapper: Tapper | None = None
) -> tuple[Card, ...]:
    """Everything in the run of the show, what is on the table first."""
    products = await catalog.products(db, show.run)
    found = [products[id] for id in show.run if id in products and products[id].status != "draft"]
    worked_out = await offered(db, house, found, visit)
    pins = await rooms.pins(db, show.id)
    now = on_table(pins)
    shown = shown_at(show, pins)
    in_deal = await dealt(db, house, show.id, visit, tapper)
    cards = [
        with_deal(
            card(worked_out[product.id], show, seller, visit, now.product if now else None, shown),
            in_deal.get(product.id),
        )
        for product in found
    ]
    return tuple(sorted(cards, key=lambda one: not one.is_pinned))


def on_table(pins: Sequence[Pin]) -> Pin | None:
    """The pin that is open now."""
    return next((pin for pin in pins if pin.unpinned_at is None), None)


def shown_at(show: Show, pins: Sequence[Pin]) -> Mapping[ProductId, int]:
    """When each product first came on the table, in seconds of the show."""
    first: dict[ProductId, int] = {}
    if show.started_at is None:
        return first
    for pin in pins:
        first.setdefault(pin.product, pin.offset(show.started_at) // timedelta(seconds=1))
    return first


def card(
    one: Offered,
    show: Show,
    seller: Seller,
    visit: Visit,
    pinned: ProductId | None,
    shown: Mapping[ProductId, int],
) -> Card:
    refused = one.whole if isinstance(one.whole, NotSoldHere) else None
    made = one.whole if isinstance(one.whole, Whole) else None
    if made is None and refused is None:
        refused = NotSoldHere(visit.market, "not_listed")
    variant = one.variant.id if one.variant else None
    return Card(
        product=str(one.product.id),
        name=one.product.names,
        href=product_href(one.product, seller),
        image=first_image(one.product, visit.language),
        variant=str(variant or ""),
        variants=tuple(str(each.id) for each in one.product.variants),
        buy=f"/buy/{variant}?show={show.id}" if made else "",
        price=price_tag(made) if made else None,
        not_sold=not_sold(refused, variant, visit) if refused else None,
        promise=window_of(made) if made else None,
        left=max(0, one.free) if made else None,
        is_sold_out=made is not None and one.free <= 0,
        is_pinned=one.product.id == pinned,
        shown_at=shown.get(one.product.id),
    )


def with_deal(card: Card, dealt: Dealt | None) -> Card:
    """The same card at the deal's price, with what is left of the deal's own units."""
    if dealt is None or card.price is None:
        return card
    return replace(
        card,
        variant=str(dealt.lane.variant),
        price=deal_price(dealt),
        promise=window_of(dealt.whole),
        left=max(0, dealt.lane.left),
        of=dealt.lane.units,
        is_sold_out=False,
        deal=dealt.view,
    )


def deal_price(dealt: Dealt) -> PriceTag:
    """The deal's price and what it is lowered from: by law the lowest of thirty days, where there is such a
    law; and nothing is called lowered that is not lower than that."""
    now = dealt.whole.offer.total
    before = dealt.lowest or dealt.usual
    return PriceTag(
        now,
        before if before > now else None,
        dealt.lowest if dealt.lowest is not None and before > now else None,
        included=dealt.whole.offer.is_all_included,
    )


@get("/live/{show:uuid}/card")
async def card_now(
    request: Request[Any, Any, State], house: House, visit: Visit, show: UUID
) -> Response[str]:
    """What is on the table now, for the viewer's market. A whole page of it is the room."""
    tapper = await tapper_of(request, house, visit)
    async with house.database.read() as db:
        found = await rooms.the_show(db, ShowId(show))
        if "x-fragment" not in request.headers:
            return Response("", status_code=303, headers={"location": f"/room/{found.slug}"})
        seller = await sellers.seller(db, found.seller)
        pins = await rooms.pins(db, found.id)
        pin = on_table(pins)
        products = await catalog.products(db, [pin.product]) if pin else {}
        worked_out = await offered(db, house, list(products.values()), visit)
        shown = shown_at(found, pins)
        in_deal = await dealt(db, house, found.id, visit, tapper)
        made = [
            with_deal(card(one, found, seller, visit, one.product.id, shown), in_deal.get(one.product.id))
            for one in worked_out.values()
        ]
    view = CardView(str(found.id), made[0] if made else None)
    return Response(
        render("room/card.html", view, visit),
        media_type="text/html",
        headers={"cache-control": "private, no-store"},
    )


@get("/live/{show:uuid}/shelf")
async def shelf(request: Request[Any, Any, State], house: House, visit: Visit, show: UUID) -> Response[str]:
    async with house.database.read() as db:
        found = await rooms.the_show(db, ShowId(show))
        seller = await sellers.seller(db, found.seller)
        items = await shelf_cards(db, house, found, seller, visit)
    view = ShelfView(str(found.id), items, back=f"/room/{found.slug}")
    return page("room/shelf.html", view, visit, fragment="x-fragment" in request.headers, is_listed=False)


ROUTES = (room, card_now, shelf, *coupons.ROUTES)
