# SPDX-License-Identifier: Apache-2.0
"""Sharing: a link whose preview is the receiver's market's, a code to scan, a poster."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlsplit
from uuid import UUID

import segno
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import Parameter
from markupsafe import Markup

from silkcast.faces.asking import page
from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.shop.local import local
from silkcast.faces.shop.meta import shared_link
from silkcast.faces.shop.pieces import bare_image, face, first_image
from silkcast.faces.shop.public import FOR_GOOD
from silkcast.faces.shop.views import Image
from silkcast.faces.shop.window import open_shop
from silkcast.faces.visit import Visit
from silkcast.flows import pictures
from silkcast.flows.errors import NoPicture
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import FileId
from silkcast.ground.language import Words
from silkcast.ground.refusals import NotFound
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.who.markets import service as markets

APPS = (
    ("WhatsApp", "https://wa.me/?text={words}%20{link}"),
    ("Telegram", "https://t.me/share/url?url={link}&text={words}"),
    ("LINE", "https://social-plugins.line.me/lineit/share?url={link}"),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={link}"),
    ("X", "https://x.com/intent/post?url={link}&text={words}"),
    ("VK", "https://vk.com/share.php?url={link}"),
)
"""Where a link is sent on. Each opens the person's own app; nothing of theirs is loaded here."""
SCALES = {"svg": 8, "png": 12}

Asked = Annotated[str, Parameter(max_length=400)]
Code = Annotated[str, Parameter(max_length=16)]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is shared."""

    path: str
    title: Words
    image: Image | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShareView:
    """shop/share.html and shop/poster.html."""

    thing: Thing
    link: str
    markets: tuple[tuple[str, str], ...]
    spoken: tuple[tuple[str, str], ...]
    market: str
    language: str
    apps: tuple[tuple[str, str], ...]
    same: str
    """The question part of the addresses that keep what was chosen here."""

    @property
    def code(self) -> Markup:
        """The same link to scan, as a drawing."""
        drawn = segno.make_qr(self.link, error="m").svg_inline(border=4, omitsize=True, light="#fff")
        return Markup(drawn)  # noqa: S704 - squares alone: nothing of the link stands in it as text


@get("/share")
async def share(
    request: Request[None, None, State],
    house: House,
    visit: Visit,
    to: Asked,
    where: Code = "",
    tongue: Code = "",
) -> Response[str]:
    """A link for somebody in this market, reading this language."""
    view = await chosen(house, visit, to, where, tongue)
    fragment = "x-fragment" in request.headers
    return page("shop/share.html", view, visit, fragment=fragment, is_listed=False)


@get("/share/poster")
async def poster_page(
    house: House, visit: Visit, to: Asked, where: Code = "", tongue: Code = ""
) -> Response[str]:
    """One sheet to print and hang up, in the language of whoever passes by."""
    view = await chosen(house, visit, to, where, tongue)
    return page("shop/poster.html", view, visit, is_listed=False)


@get("/share/code/{kind:str}")
async def code(
    house: House, visit: Visit, kind: str, to: Asked, where: Code = "", tongue: Code = ""
) -> Response[bytes]:
    """The code to scan, as a file: for a parcel, a shop window, a film."""
    if kind not in SCALES:
        raise NotFound
    view = await chosen(house, visit, to, where, tongue)
    written = io.BytesIO()
    segno.make_qr(view.link, error="m").save(written, kind=kind, scale=SCALES[kind], border=4)
    media_type = "image/png" if kind == "png" else "image/svg+xml"
    name = f'attachment; filename="silkcast-{view.market.lower()}.{kind}"'
    return Response(written.getvalue(), media_type=media_type, headers={"content-disposition": name})


@get("/share/pictures/{name:str}")
async def picture(house: House, name: str) -> Response[bytes]:
    """A picture of the house in the shape that chats show."""
    stem, _, kind = name.partition(".")
    try:
        file = FileId(UUID(stem))
    except ValueError:
        raise NotFound from None
    if kind != "jpg" or str(file) != stem:
        raise NotFound
    try:
        content = await pictures.shared(house.scene.files, file)
    except NoPicture:
        raise NotFound from None
    return Response(content, media_type="image/jpeg", headers={"cache-control": FOR_GOOD})


async def chosen(house: House, visit: Visit, to: str, where: str, tongue: str) -> ShareView:
    """What is at the address, for somebody in that market who reads that language."""
    async with house.database.read() as db:
        return share_view(await thing_at(db, to, visit), house, visit, where, tongue)


async def thing_at(db: Db, to: str, visit: Visit) -> Thing:
    """The room, shop or product at an address of ours. Of anything else there is nothing to share."""
    parts = urlsplit(local(to)).path.split("/")[1:]
    if len(parts) == 2 and parts[0] == "room":
        show = await rooms.by_slug(db, parts[1])
        products = await catalog.products(db, show.run[:1])
        first = next((first_image(one, visit.language) for one in products.values()), None)
        image = bare_image(show.cover, 720, 1280) or first
        return Thing(f"/room/{show.slug}", show.titles, image, show.starts_at if not show.is_live else None)
    if parts[0] == "shop" and len(parts) in (2, 3):
        seller = await open_shop(db, parts[1])
        if len(parts) == 2:
            return Thing(f"/shop/{seller.slug}", seller.name, face(seller))
        product = await catalog.by_slug(db, seller.id, parts[2])
        if product.status == "draft":
            raise NotFound
        return Thing(
            f"/shop/{seller.slug}/{product.slug}", product.names, first_image(product, visit.language)
        )
    raise NotFound


def share_view(thing: Thing, house: House, visit: Visit, where: str, tongue: str) -> ShareView:
    """A market or language that the house does not know is the reader's own."""
    known = markets.markets(visit.today)
    market = where if where in {one.code for one in known} else visit.market
    language = tongue if tongues.is_spoken(tongue) else visit.language
    link = shared_link(house.site.address, quote(thing.path), market, language)
    words = thing.title.text(language)
    sent = {"link": quote(link, safe=""), "words": quote(words, safe="")}
    return ShareView(
        thing=thing,
        link=link,
        markets=tuple((one.code, one.names.text(visit.language)) for one in known),
        spoken=tuple((one, Format.of(visit).language_name(one)) for one in tongues.spoken()),
        market=market,
        language=language,
        apps=tuple((name, address.format(**sent)) for name, address in APPS),
        same=f"to={quote(thing.path)}&where={market}&tongue={language}",
    )


ROUTES = (share, poster_page, code, picture)
