# SPDX-License-Identifier: Apache-2.0
"""Meta: what search engines and chat previews read of a page: its one address, its languages, its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from silkcast.faces.format import Format
from silkcast.faces.shop.views import Image, NotSold, PriceTag, ProductView
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_of
from silkcast.ground.money import Money
from silkcast.plumbing import tongues

PICTURE = re.compile(r"/files/pictures/([0-9a-f-]{36})-\d+\.webp")


@dataclass(frozen=True, slots=True)
class Meta:
    """For `layout/bones.html`. Addresses are whole, since they are read far from here."""

    canonical: str
    title: str
    description: str = ""
    image: str = ""
    kind: str = "website"
    facts: Markup | None = None
    """JSON-LD, safe inside a script element."""
    headline: str = ""
    """What the preview in a chat says above its picture, with the price there; empty: the title."""
    price: Money | None = None
    """The whole price in the reader's market."""

    @property
    def is_shareable(self) -> bool:
        """Whether the picture has the shape and format that chats want."""
        return "/share/pictures/" in self.image

    @property
    def alternates(self) -> tuple[tuple[str, str], ...]:
        return tuple((language, f"{self.canonical}?language={language}") for language in tongues.spoken())


def facts(body: Mapping[str, Any]) -> Markup:
    """JSON-LD as text that cannot end its script element."""
    text = msgspec.json.encode({"@context": "https://schema.org", **body}).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def whole(origin: str, image: Image | None) -> str:
    if image is None:
        return ""
    return image.address if image.address.startswith("http") else origin + image.address


def shared_picture(origin: str, image: Image | None) -> str:
    """The picture as chats want it: wide, JPEG. What is none of the house's pictures stays as it is."""
    found = PICTURE.fullmatch(image.address) if image else None
    return f"{origin}/share/pictures/{found[1]}.jpg" if found else whole(origin, image)


def shared_link(origin: str, path: str, market: str, language: str) -> str:
    """The address that shows its preview in this market and language, wherever it is drawn."""
    return f"{origin}{path}?for={quote(market)}.{quote(language)}"


def priced(price: PriceTag | None, refused: NotSold | None, visit: Visit) -> str:
    """What it costs there, in one sentence; empty where nothing is known."""
    _, f = words_of(visit.language).gettext, Format.of(visit)
    if price is None:
        return _("Not sold in %(place)s") % {"place": f.place} if refused else ""
    said = {"price": f.money_text(price.amount), "place": f.place}
    if price.included:
        return _("%(price)s delivered to %(place)s, duty and tax included") % said
    return _("%(price)s delivered to %(place)s, duty or tax at the door") % said


def headline(name: str, price: PriceTag | None, visit: Visit) -> str:
    return f"{name} · {Format.of(visit).money_text(price.amount)}" if price else name


def product_meta(view: ProductView, visit: Visit, origin: str, path: str) -> Meta:
    name, about = view.name.text(visit.language), view.description.text(visit.language)
    body: dict[str, Any] = {
        "@type": "Product",
        "name": name,
        "description": about,
        "image": [whole(origin, one) for one in view.images],
        "brand": {"@type": "Brand", "name": view.shop.text(visit.language)},
    }
    if view.price is not None:
        body["offers"] = {
            "@type": "Offer",
            "url": origin + path,
            "price": str(view.price.amount.amount),
            "priceCurrency": view.price.amount.currency,
            "availability": f"https://schema.org/{'OutOfStock' if view.is_sold_out else 'InStock'}",
        }
    said = priced(view.price, view.not_sold, visit)
    return Meta(
        origin + path,
        name,
        f"{said} · {about}"[:200] if said else about[:200],
        shared_picture(origin, view.images[0] if view.images else None),
        "product",
        facts(body),
        headline(name, view.price, visit),
        view.price.amount if view.price else None,
    )


@dataclass(frozen=True, slots=True)
class OnTable:
    """What a show has pinned now, as the reader's market sees it."""

    name: str
    price: PriceTag | None
    not_sold: NotSold | None


def show_meta(
    title: str,
    shop: str,
    image: Image | None,
    starts_at: datetime,
    *,
    table: OnTable | None,
    is_live: bool,
    visit: Visit,
    origin: str,
    path: str,
) -> Meta:
    picture = shared_picture(origin, image)
    body = {
        "@type": "BroadcastEvent",
        "name": title,
        "isLiveBroadcast": is_live,
        "startDate": starts_at.isoformat(),
        "organizer": {"@type": "Organization", "name": shop},
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": origin + path},
        "image": picture,
    }
    return Meta(
        origin + path,
        f"{title} · {shop}",
        _told(shop, starts_at, table, visit, is_live=is_live),
        picture,
        "video.other",
        facts(body),
        headline(f"{title} · {shop}", table.price if table and is_live else None, visit),
    )


def _told(shop: str, starts_at: datetime, table: OnTable | None, visit: Visit, *, is_live: bool) -> str:
    """What happens in the room, for whoever gets its link."""
    _, f = words_of(visit.language).gettext, Format.of(visit)
    if is_live and table:
        costs = priced(table.price, table.not_sold, visit)
        return f"{_('Live now')}: {table.name}. {costs}".strip()
    if is_live:
        return f"{_('Live now')}: {shop}"
    return f"{shop} · {f.moment_text(starts_at)}"
