# SPDX-License-Identifier: Apache-2.0
"""Pieces: goods and shows as pages show them, with the whole price here or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.refusal_words import not_sold_words
from silkcast.faces.shop.closed import ClosedHere, closed_here, view_of
from silkcast.faces.shop.views import Image, NotSold, Piece, PriceTag, ShowCard, VariantChoice, Window
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_of
from silkcast.flows import offers
from silkcast.flows.offers import Whole
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Picture, Product, Variant
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import FileId, ProductId, SellerId, ShowId, VariantId
from silkcast.ground.language import Words
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller

WIDTHS = (160, 320, 640, 960)
FEW = 10
"""Under this many the page says how many are left."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A product with the variant that a page opens with, its whole price there and how many are free."""

    product: Product
    variant: Variant | None
    whole: Whole | NotSoldHere | None
    free: int


def market_now(visit: Visit) -> Market:
    return markets.market(visit.market, visit.today)


def picture_address(file: FileId | UUID, width: int) -> str:
    return f"/files/pictures/{file}-{width}.webp"


def image(picture: Picture, language: str) -> Image:
    """A picture in the widths it is kept in."""
    return Image(
        address=picture_address(picture.file, 640),
        alt=picture.alt.text(language),
        width=640,
        height=max(1, 640 * picture.height // max(1, picture.width)),
        sizes=", ".join(f"{picture_address(picture.file, width)} {width}w" for width in WIDTHS),
    )


def first_image(product: Product, language: str) -> Image | None:
    return image(product.pictures[0], language) if product.pictures else None


def bare_image(file: FileId | None, width: int = 640, height: int = 640) -> Image | None:
    """A picture of which only the file is known: a face, a cover."""
    if file is None:
        return None
    sizes = ", ".join(f"{picture_address(file, one)} {one}w" for one in WIDTHS)
    return Image(picture_address(file, 160 if width < 200 else 640), "", width, height, sizes)


def face(seller: Seller) -> Image | None:
    return bare_image(seller.avatar, 160, 160)


def place_of(seller: Seller, visit: Visit) -> str:
    """`Jingdezhen, China`, in the reader's language as far as it is known."""
    _ = words_of(visit.language).gettext
    return _("%(city)s, %(country)s") % {
        "city": seller.city,
        "country": Format.of(visit).country(seller.country),
    }


def price_tag(whole: Whole) -> PriceTag:
    return PriceTag(whole.offer.total, included=whole.offer.is_all_included)


def window_of(whole: Whole) -> Window:
    return Window(whole.chosen.promise.from_day, whole.chosen.promise.to_day)


def not_sold(refusal: NotSoldHere, variant: VariantId | None, visit: Visit) -> NotSold:
    why = f"/buy/{variant}" if variant else ""
    if isinstance(refusal, ClosedHere):
        return NotSold(view_of(refusal.closed, visit).words, why)
    return NotSold(not_sold_words(refusal.reason, visit.language), why)


def product_href(product: Product, seller: Seller) -> str:
    return f"/shop/{seller.slug}/{product.slug}"


async def offered(
    db: Db, house: House, products: Sequence[Product], visit: Visit
) -> Mapping[ProductId, Offered]:
    """Each product with the variant its page opens with: the first that is there, else the first."""
    levels = await stock.levels(db, [one.id for product in products for one in product.variants])
    chosen: dict[ProductId, tuple[Variant, int]] = {}
    for product in products:
        if not product.variants:
            continue
        variant = next((one for one in product.variants if levels[one.id].free > 0), product.variants[0])
        chosen[product.id] = variant, levels[variant.id].free
    wholes = await offers.for_pages(
        db, [variant.id for variant, _ in chosen.values()], market_now(visit), house.scene.carriers.values()
    )
    closed = closed_here(house, visit)
    found = {}
    for product in products:
        variant_free = chosen.get(product.id)
        if variant_free is None:
            found[product.id] = Offered(product, None, None, 0)
            continue
        variant, free = variant_free
        found[product.id] = Offered(product, variant, closed or wholes.get(variant.id), free)
    return found


def piece(one: Offered, seller: Seller, visit: Visit, *, with_shop: bool = False) -> Piece:
    refused = one.whole if isinstance(one.whole, NotSoldHere) else None
    whole = one.whole if isinstance(one.whole, Whole) else None
    if whole is None and refused is None:
        refused = NotSoldHere(visit.market, "not_listed")
    return Piece(
        href=product_href(one.product, seller),
        name=one.product.names,
        image=first_image(one.product, visit.language),
        price=price_tag(whole) if whole else None,
        not_sold=not_sold(refused, one.variant.id if one.variant else None, visit) if refused else None,
        promise=window_of(whole) if whole else None,
        left=one.free if 0 < one.free < FEW else None,
        is_sold_out=whole is not None and one.free <= 0,
        shop=seller.name if with_shop else None,
    )


async def pieces(
    db: Db, house: House, products: Sequence[Product], visit: Visit, *, with_shop: bool = False
) -> tuple[Piece, ...]:
    """Products in a grid. What is sold here comes first, then what is sold out, then what is not sold."""
    shops = await sellers.sellers_of(db, list({product.seller for product in products}))
    worked_out = await offered(db, house, products, visit)
    made = [
        piece(worked_out[product.id], shops[product.seller], visit, with_shop=with_shop)
        for product in products
        if product.seller in shops and shops[product.seller].is_active
    ]
    return tuple(sorted(made, key=lambda one: (one.not_sold is not None, one.is_sold_out)))


def watching(house: House, show: ShowId) -> int:
    return house.audience.viewers(show) if house.audience else house.hub.count(f"show:{show}")


async def show_cards(
    db: Db, house: House, shows: Sequence[Show], visit: Visit, *, with_table: bool = False
) -> tuple[ShowCard, ...]:
    """Shows in the window. With `with_table`, what is pinned now and what it costs here."""
    shops: Mapping[SellerId, Seller] = await sellers.sellers_of(db, list({show.seller for show in shows}))
    tables: dict[ShowId, Piece] = {}
    if with_table:
        pins = {show.id: await rooms.pinned(db, show.id) for show in shows}
        products = await catalog.products(db, [pin.product for pin in pins.values() if pin])
        worked_out = await offered(db, house, list(products.values()), visit)
        for show in shows:
            pin = pins[show.id]
            if pin is not None and pin.product in worked_out:
                tables[show.id] = piece(worked_out[pin.product], shops[show.seller], visit)
    return tuple(
        ShowCard(
            href=f"/room/{show.slug}",
            title=show.titles,
            shop=shops[show.seller].name,
            shop_href=f"/shop/{shops[show.seller].slug}",
            state=show.state,
            starts_at=show.starts_at,
            cover=bare_image(show.cover, 720, 900),
            avatar=face(shops[show.seller]),
            viewers=watching(house, show.id),
            table=tables.get(show.id),
        )
        for show in shows
        if show.seller in shops and shops[show.seller].is_active
    )


def options_label(variant: Variant) -> Words:
    """A variant's options in every language that all of them are written in."""
    labels = list(variant.options.values())
    if not labels:
        return Words({"en": variant.sku})
    tags = set.intersection(*(set(words) for words in labels)) or {"en"}
    return Words({tag: variant.label(tag) for tag in sorted(tags)})


def choices(
    product: Product, chosen: VariantId, gone: Mapping[VariantId, bool], href: str
) -> tuple[VariantChoice, ...]:
    """The variants to choose from; `href` with `{}` for the variant's id."""
    return tuple(
        VariantChoice(
            id=str(one.id),
            words=options_label(one),
            href=href.format(one.id),
            is_on=one.id == chosen,
            is_gone=gone.get(one.id, False),
        )
        for one in product.variants
    )
