# SPDX-License-Identifier: Apache-2.0
"""Reads the demo world from `world/`: shops with their products and shows, buyers, and lines of chat."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
SHOPS = ("qinghe-kiln", "luming-lamps", "pinecone-yard")


@dataclass(frozen=True, slots=True)
class Variant:
    sku: str
    option: Words
    prices: Mapping[str, Money]
    """The goods' own price in each currency it is set in; CNY is what the seller counts with."""
    net_g: int
    gross_g: int
    size_mm: tuple[int, int, int]
    stock: int
    picture: str | None
    """Its own picture, where the product's first shows another; its alt text is name and option."""


@dataclass(frozen=True, slots=True)
class NotSold:
    market: Country
    reason: str
    why: Words


@dataclass(frozen=True, slots=True)
class Battery:
    kind: str
    un: str
    packing: str
    watt_hours: str


@dataclass(frozen=True, slots=True)
class Product:
    slug: str
    name: Words
    about: Words
    material: Words
    alt: Words
    pictures: tuple[str, ...]
    hs: str
    cn10: str
    unit: str
    statutory_unit: str
    customs_name: Words
    customs_spec: str
    """The declaration's elements in Chinese, parted by bars."""
    origin: Country
    variants: tuple[Variant, ...]
    not_sold: tuple[NotSold, ...]
    battery: Battery | None


@dataclass(frozen=True, slots=True)
class Show:
    slug: str
    title: Words
    cover: str
    products: tuple[str, ...]
    starts: Mapping[str, Any]

    @property
    def is_live(self) -> bool:
        return bool(self.starts.get("live"))

    def starts_at(self, today: date) -> datetime | None:
        """When it begins, counted from `today`; None for the show that is live already."""
        if self.is_live:
            return None
        at = time.fromisoformat(self.starts["at"])
        day = today + timedelta(days=self.starts["in_days"])
        return datetime.combine(day, at, ZoneInfo(self.starts["zone"]))


@dataclass(frozen=True, slots=True)
class Shop:
    slug: str
    name: Words
    story: Words
    legal: Words
    city: str
    region: str
    email: str
    phone: str
    host: str
    avatar: str
    picture: str
    uscc: str
    customs_code: str
    warehouse: Address
    warehouse_zh: str
    returns: Address
    returns_zh: str
    products: tuple[Product, ...]
    shows: tuple[Show, ...]


@dataclass(frozen=True, slots=True)
class Buyer:
    slug: str
    email: str
    name: str
    language: str
    market: Country
    address: Address


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class World:
    shops: tuple[Shop, ...]
    buyers: tuple[Buyer, ...]
    lines: tuple[Line, ...]


def load() -> World:
    people = _read("people")
    return World(
        shops=tuple(_shop(_read(slug)) for slug in SHOPS),
        buyers=tuple(_buyer(facts) for facts in people["buyer"]),
        lines=tuple(Line(**facts) for facts in people["line"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / "world" / f"{name}.toml").read_text("utf-8"))


def _prices(amounts: Mapping[str, str]) -> dict[str, Money]:
    return {currency: Money.of(amount, currency) for currency, amount in amounts.items()}


def _address(facts: Mapping[str, str]) -> Address:
    named = {key: text for key, text in facts.items() if key not in {"country", "zh"}}
    return Address(country=Country(facts["country"]), **named)


def _variant(facts: Mapping[str, Any], price: Mapping[str, str]) -> Variant:
    length, width, height = facts["size_mm"]
    return Variant(
        sku=facts["sku"],
        option=Words(facts["option"]),
        prices=_prices(facts.get("price", price)),
        net_g=facts["net_g"],
        gross_g=facts["gross_g"],
        size_mm=(length, width, height),
        stock=facts["stock"],
        picture=f"{facts['picture']}.jpg" if "picture" in facts else None,
    )


def _product(facts: Mapping[str, Any]) -> Product:
    customs = facts["customs"]
    return Product(
        slug=facts["slug"],
        name=Words(facts["name"]),
        about=Words(facts["about"]),
        material=Words(facts["material"]),
        alt=Words(facts["alt"]),
        pictures=tuple(f"{name}.jpg" for name in facts["pictures"]),
        hs=facts["hs"],
        cn10=facts["cn10"],
        unit=facts["unit"],
        statutory_unit=facts["statutory_unit"],
        customs_name=Words({"zh": customs["zh"], "en": customs["en"]}),
        customs_spec=customs["spec_zh"],
        origin=Country(facts.get("origin", "CN")),
        variants=tuple(_variant(variant, facts["price"]) for variant in facts["variant"]),
        not_sold=tuple(
            NotSold(Country(gap["market"]), gap["reason"], Words(gap["why"]))
            for gap in facts.get("not_sold", ())
        ),
        battery=Battery(**facts["battery"]) if "battery" in facts else None,
    )


def _show(facts: Mapping[str, Any]) -> Show:
    return Show(
        slug=facts["slug"],
        title=Words(facts["title"]),
        cover=facts["cover"],
        products=tuple(facts["products"]),
        starts=facts["starts"],
    )


def _shop(facts: Mapping[str, Any]) -> Shop:
    shop = facts["shop"]
    plain = ("slug", "city", "region", "email", "phone", "host", "avatar", "picture")
    return Shop(
        **{key: shop[key] for key in plain},
        name=Words(shop["name"]),
        story=Words(shop["story"]),
        legal=Words({"zh": shop["legal"]["zh"], "en": shop["legal"]["en"]}),
        uscc=shop["legal"]["uscc"],
        customs_code=shop["legal"]["customs_code"],
        warehouse=_address(shop["warehouse"]),
        warehouse_zh=shop["warehouse"]["zh"],
        returns=_address(shop["returns"]),
        returns_zh=shop["returns"]["zh"],
        products=tuple(_product(product) for product in facts["product"]),
        shows=tuple(_show(show) for show in facts["show"]),
    )


def _buyer(facts: Mapping[str, Any]) -> Buyer:
    return Buyer(
        slug=facts["slug"],
        email=facts["email"],
        name=facts["name"],
        language=facts["language"],
        market=Country(facts["market"]),
        address=_address(facts["address"]),
    )
