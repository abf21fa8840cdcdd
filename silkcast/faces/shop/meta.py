# SPDX-License-Identifier: Apache-2.0
"""Meta: what search engines and chat previews read of a page: its one address, its languages, its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from markupsafe import Markup

from silkcast.faces.shop.views import Image, ProductView
from silkcast.plumbing import tongues


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


def product_meta(view: ProductView, language: str, origin: str, path: str) -> Meta:
    name, about = view.name.text(language), view.description.text(language)
    picture = whole(origin, view.images[0] if view.images else None)
    body: dict[str, Any] = {
        "@type": "Product",
        "name": name,
        "description": about,
        "image": [whole(origin, one) for one in view.images],
        "brand": {"@type": "Brand", "name": view.shop.text(language)},
    }
    if view.price is not None:
        body["offers"] = {
            "@type": "Offer",
            "url": origin + path,
            "price": str(view.price.amount.amount),
            "priceCurrency": view.price.amount.currency,
            "availability": f"https://schema.org/{'OutOfStock' if view.is_sold_out else 'InStock'}",
        }
    return Meta(origin + path, name, about[:200], picture, "product", facts(body))


def show_meta(
    title: str, shop: str, image: str, starts_at: datetime, *, is_live: bool, origin: str, path: str
) -> Meta:
    body = {
        "@type": "BroadcastEvent",
        "name": title,
        "isLiveBroadcast": is_live,
        "startDate": starts_at.isoformat(),
        "organizer": {"@type": "Organization", "name": shop},
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": origin + path},
        "image": image,
    }
    return Meta(origin + path, f"{title} · {shop}", shop, image, "video.other", facts(body))
