# SPDX-License-Identifier: Apache-2.0
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post

from silkcast.faces.asking import actor_of, count, known_user, page, user_of
from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.shop import translating
from silkcast.faces.shop.closed import closed_here
from silkcast.faces.shop.meta import Meta, product_meta
from silkcast.faces.shop.pieces import (
    FEW,
    choices,
    face,
    image,
    market_now,
    not_sold,
    pieces,
    place_of,
    price_tag,
    product_href,
    show_cards,
    window_of,
)
from silkcast.faces.shop.price_words import lines_of
from silkcast.faces.shop.views import HomeView, Line, Moment, ProductView, SearchView, ShopView
from silkcast.faces.throttling import TRANSLATE
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_of
from silkcast.flows import answering, offers
from silkcast.flows.offers import Whole
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product, Variant
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ProductId, VariantId
from silkcast.ground.language import Words
from silkcast.ground.refusals import NotFound, TooMany
from silkcast.plumbing.catalogs import named
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.watch.notices import followers
from silkcast.who.identity.values import User
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller

PIECES = 24
MOST_TEXT = 80


@get("/")
async def home(house: House, visit: Visit, after: str | None = None) -> Response[str]:
    """Who is live, what comes, and pieces of all shops."""
    async with house.database.read() as db:
        found = await catalog.search(db, after=after, limit=PIECES)
        view = HomeView(
            live=await show_cards(db, house, await rooms.live_now(db, limit=8), visit, with_table=True),
            coming=await show_cards(db, house, await rooms.upcoming(db, limit=6), visit),
            replays=await show_cards(db, house, await rooms.ended(db, limit=6), visit),
            pieces=await pieces(db, house, found.items, visit, with_shop=True),
            next=f"/?after={found.next}" if found.next else "",
        )
    meta = Meta(f"{house.site.address}/", "Silkcast")
    return page("shop/home.html", view, visit, meta=meta)


@get("/live")
async def live(house: House, visit: Visit) -> Response[str]:
    """Every show: live, to come, shown before."""
    async with house.database.read() as db:
        view = HomeView(
            live=await show_cards(db, house, await rooms.live_now(db), visit, with_table=True),
            coming=await show_cards(db, house, await rooms.upcoming(db), visit),
            replays=await show_cards(db, house, await rooms.ended(db), visit),
        )
    title = words_of(visit.language).gettext("Live now")
    return page("shop/live.html", view, visit, meta=Meta(f"{house.site.address}/live", title))


@get("/shop/{slug:str}")
async def shop(
    house: House, visit: Visit, user: User | None, slug: str, after: str | None = None
) -> Response[str]:
    async with house.database.read() as db:
        seller = await open_shop(db, slug)
        found = await catalog.search(db, seller=seller.id, after=after, limit=PIECES)
        on_air = await show_cards(
            db, house, await rooms.live_now(db, seller=seller.id, limit=1), visit, with_table=True
        )
        view = ShopView(
            name=seller.name,
            story=seller.story,
            place=place_of(seller, visit),
            href=f"/shop/{seller.slug}",
            avatar=face(seller),
            live=on_air[0] if on_air else None,
            coming=await show_cards(db, house, await rooms.upcoming(db, seller=seller.id, limit=4), visit),
            replays=await show_cards(db, house, await rooms.ended(db, seller=seller.id, limit=6), visit),
            pieces=await pieces(db, house, found.items, visit),
            next=f"/shop/{seller.slug}?after={found.next}" if found.next else "",
            followers=await followers.count(db, seller.id),
            follow=f"/shop/{seller.slug}/follow",
            is_followed=user is not None and await followers.is_following(db, seller.id, user.id),
        )
    story = seller.story.text(visit.language)
    meta = Meta(f"{house.site.address}{view.href}", seller.name.text(visit.language), story[:200])
    return page("shop/shop.html", view, visit, meta=meta)


@post("/shop/{slug:str}/follow")
async def follow(request: Request[Any, Any, Any], house: House, visit: Visit, slug: str) -> Response[None]:
    """Agree to letters about this shop, or take it back. Only the account's own contact gets them."""
    user = await known_user(await user_of(request))
    async with house.database.write(actor_of(user)) as tx:
        seller = await open_shop(tx, slug)
        if await followers.is_following(tx, seller.id, user.id):
            await followers.unfollow(tx, user.id, seller.id)
        else:
            await followers.follow(tx, seller.id, user, market_now(visit).code)
    return Response(None, status_code=303, headers={"location": f"/shop/{seller.slug}"})


async def open_shop(db: Db, slug: str) -> Seller:
    """The shop at an address, while it is open."""
    seller = await sellers.by_slug(db, slug)
    if not seller.is_active:
        raise NotFound
    return seller


@get("/shop/{slug:str}/{product:str}")
async def product(
    request: Request[Any, Any, Any],
    house: House,
    visit: Visit,
    slug: str,
    product: str,
    variant: str | None = None,
    translated: str = "",
) -> Response[str]:
    async with house.database.read() as db:
        view, path = await product_view(db, house, visit, slug, product, variant)
        seller = await open_shop(db, slug) if translated and view.machine else None
    meta = product_meta(view, visit, house.site.address, path)
    if seller is None:
        return page("shop/product.html", view, visit, meta=meta)
    try:
        count(request, TRANSLATE)
        shown = await translating.translated(house, visit, view, seller.id)
    except TooMany as refusal:
        shown = translating.refused(visit, view, refusal)
    return page("shop/product.html", shown, visit, meta=meta, is_listed=False)


async def product_view(
    db: Db, house: House, visit: Visit, slug: str, product: str, variant: str | None
) -> tuple[ProductView, str]:
    """One product with one of its variants chosen, and its address."""
    seller = await open_shop(db, slug)
    found = await catalog.by_slug(db, seller.id, product)
    if found.status == "draft" or not found.variants:
        raise NotFound
    path = product_href(found, seller)
    levels = await stock.levels(db, [one.id for one in found.variants])
    gone = {id: level.free <= 0 for id, level in levels.items()}
    chosen = _chosen(found, gone, variant)
    free = levels[chosen.id].free
    worked_out = await offers.for_pages(db, [chosen.id], market_now(visit), house.scene.carriers.values())
    whole = closed_here(house, visit) or worked_out[chosen.id]
    on_air = await rooms.live_with(db, found.id)
    cards = await show_cards(db, house, [await rooms.the_show(db, show) for show in on_air[:1]], visit)
    made = whole if isinstance(whole, Whole) else None
    told = found.descriptions or found.names
    return (
        ProductView(
            name=found.names,
            description=told,
            shop=seller.name,
            shop_href=f"/shop/{seller.slug}",
            images=tuple(image(picture, visit.language) for picture in found.pictures),
            price=price_tag(made) if made else None,
            not_sold=not_sold(whole, chosen.id, visit) if isinstance(whole, NotSoldHere) else None,
            lines=price_lines(made, chosen, visit) if made else (),
            total=made.offer.total if made else None,
            at_door=made.offer.due_at_door if made and not made.offer.is_all_included else None,
            variants=choices(found, chosen.id, gone, f"{path}?variant={{}}"),
            buy=f"/buy/{chosen.id}" if made else "",
            is_sold_out=free <= 0,
            left=free if 0 < free < FEW else None,
            promise=window_of(made) if made else None,
            promise_fact=named(made.chosen.name, visit.language) if made else "",
            return_days=market_now(visit).returns.days,
            return_fact=return_fact(visit),
            facts=facts_of(found, chosen, visit),
            law_lines=law_lines(seller, visit),
            answerable=await answering.shown(db, seller.id, market_now(visit)),
            live=cards[0] if cards else None,
            moments=await moments_of(db, found.id, seller),
            share=f"/share?to={quote(path)}",
            machine=translating.offered(house, visit, (found.names, told), path, variant),
        ),
        path,
    )


def _chosen(product: Product, gone: dict[VariantId, bool], asked: str | None) -> Variant:
    for one in product.variants:
        if asked == str(one.id):
            return one
    return next((one for one in product.variants if not gone[one.id]), product.variants[0])


def price_lines(whole: Whole, variant: Variant, visit: Visit) -> tuple[Line, ...]:
    """The lines of one piece, with the cheapest delivery."""
    name = named(whole.chosen.name, visit.language)
    return lines_of(whole.offer.lines, visit, delivery=name, why=f"/why/{variant.id}")


def return_fact(visit: Visit) -> str:
    """What goes back with the goods, in one line."""
    _ = words_of(visit.language).gettext
    back = market_now(visit).returns.gives_back
    if {"duty", "tax"} <= back:
        return _("The refund includes duty and tax.")
    return _("The refund includes tax.") if "tax" in back else ""


def law_lines(seller: Seller, visit: Visit) -> tuple[str, ...]:
    """What the law of the market wants said beside the goods, in sentences."""
    _ = words_of(visit.language).gettext
    market = market_now(visit)
    made = []
    if any(market.owes(key, visit.today) for key in ("trader_identity", "seller_verified")):
        facts = {"company": seller.legal_name, "place": Format.of(visit).country(seller.country)}
        made.append(_("Sold by %(company)s, %(place)s.") % facts)
    if market.owes("own_use_only", visit.today):
        made.append(_("For your own use only: it may not be sold on."))
    if market.owes("consumer_guarantees", visit.today):
        made.append(_("Your rights by the consumer law of your country stand beside what the shop promises."))
    return tuple(made)


def facts_of(product: Product, variant: Variant, visit: Visit) -> tuple[tuple[str, str], ...]:
    _ = words_of(visit.language).gettext
    f = Format.of(visit)
    size = variant.size
    sides = " × ".join(f.number_text(side // 10) for side in (size.length_mm, size.width_mm, size.height_mm))
    found = [(_("Made in"), f.country(product.origin))]
    if product.material is not None:
        found.append((_("Material"), product.material.text(visit.language)))
    found += [
        (_("Weight"), f.weight(variant.net)),
        (_("Packed size"), _("%(sides)s cm") % {"sides": sides}),
        (_("Customs code"), product.hs_code),
    ]
    return tuple(found)


async def moments_of(db: Db, product: ProductId, seller: Seller) -> tuple[Moment, ...]:
    """When the shop showed it, in replays that can be watched."""
    found = []
    for show in await rooms.ended(db, seller=seller.id, limit=10):
        if show.replay is None or show.started_at is None or product not in show.run:
            continue
        for pin in await rooms.pins(db, show.id):
            if pin.product == product:
                seconds = int(pin.offset(show.started_at).total_seconds())
                found.append(Moment(f"/room/{show.slug}?at={seconds}", show.titles, seconds, show.started_at))
                break
    return tuple(found[:3])


@get("/search")
async def search(house: House, visit: Visit, q: str = "", after: str | None = None) -> Response[str]:
    """Pieces and shops by their names."""
    text = q.strip()[:MOST_TEXT]
    async with house.database.read() as db:
        found = await catalog.search(db, text=text or None, after=after, limit=PIECES)
        shops = (await sellers.sellers(db, status="active", limit=100)).items
        view = SearchView(
            text=text,
            pieces=await pieces(db, house, found.items, visit, with_shop=True),
            shops=[(one.name, f"/shop/{one.slug}", face(one)) for one in shops if _named(one.name, text)],
            next=f"/search?q={text}&after={found.next}" if found.next else "",
        )
    return page("shop/search.html", view, visit, is_listed=False)


def _named(name: Words, text: str) -> bool:
    return bool(text) and any(text.lower() in name.by_language[tag].lower() for tag in name)


ROUTES = (home, live, shop, follow, product, search)
