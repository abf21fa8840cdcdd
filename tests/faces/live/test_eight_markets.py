# SPDX-License-Identifier: Apache-2.0
"""One running show, seen side by side from eight places: each card is right there, and none is like another.

The tea set weighs 1,480 g, with its wrapping 1,540 g: the first 500 g and eleven times 100 g by tracked
post. What each card must say is worked out by hand, for 22 November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from silkcast.goods.catalog import service as catalog
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.clock import SetClock
from silkcast.ground.language import Words
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight
from silkcast.money.rates import service as rates
from silkcast.money.rates.values import Quoted
from silkcast.plumbing.db import Tx
from silkcast.plumbing.postgres import Postgres
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow
from tests.conftest import NOON
from tests.faces.build import Town
from tests.goods.catalog.build import new_product, new_variant

from .served import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ROOT = """
() => {
  const root = document.documentElement
  return { market: root.dataset.market, lang: root.lang, dir: root.dir }
}
"""
NAMES = {
    "en": "Celadon tea set",
    "zh": "青瓷茶具",
    "fr": "Service à thé céladon",
    "ar": "طقم شاي سيلادون",
    "pt-BR": "Jogo de chá céladon",
    "ja": "青磁の茶器セット",
    "id": "Set teh seladon",
    "zh-Hant": "青瓷茶具組",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A place, its browser, the shop's own price there, and what the card must say."""

    market: str
    locale: str
    language: str
    price: tuple[str, str]
    shown: str
    direction: str = "ltr"


PLACES = (
    # 129.00 + 8.15 freight; duty 3.00 for one kind; 140.15 x 20 % = 28.03
    Seen("FR", "fr-FR", "fr", ("129.00", "EUR"), "168,18\u00a0€"),
    # 139.00 + 12.30; (20.8 + 7.5 + 12.5 %) x 139.00 = 56.71; fee 2.77
    Seen("US", "en-US", "en", ("139.00", "USD"), "$210.78"),
    # 549.00 + 39.20; no duty below 1,000; 588.20 x 15 % = 88.23
    Seen("SA", "ar-SA", "ar", ("549.00", "SAR"), "٦٧٦٫٤٣\u00a0ر.س", "rtl"),
    # 799.00 + 70.00 = 869.00, 173.80 USD; 60 % less 30 USD = 371.40; 1,240.40 x 17 / 83 = 254.06
    Seen("BR", "pt-BR", "pt-BR", ("799.00", "BRL"), "R$\u00a01.494,46"),
    # 19,800 + 1,120, cut to 20,000; no duty on chinaware; 7.8 % = 1,500, 22 / 78 of it = 400; post 200
    Seen("JP", "ja-JP", "ja", ("19800", "JPY"), "￥23,020"),
    # 2,190,000 + 127,000; duty 7.5 % = 173,775; 2,490,775 x 11 % = 273,985.25. Under 100 USD nothing is sold
    Seen("ID", "id-ID", "id", ("2190000", "IDR"), "Rp2.764.760,25"),
    # 899.00 + 53.30; 952.30 x 13 % x 70 % = 86.66
    Seen("CN", "zh-CN", "zh", ("899.00", "CNY"), "¥1,038.96"),
    # 1,088.00 + 58.70; a free port
    Seen("HK", "zh-HK", "zh-Hant", ("1088.00", "HKD"), "HK$1,146.70"),
)


async def tea_set(tx: Tx, town: Town) -> None:
    """A product sold in all eight places, on the table."""
    variant = new_variant(gross=Weight(1480), net=Weight(980), size=Size(280, 240, 160))
    new = new_product(slug="tea-set", names=Words(NAMES), variants=(variant,))
    product = await catalog.list_product(tx, town.seller.id, new)
    id = product.variants[0].id
    await stock.receive(tx, id, town.warehouse.id, 200, "first firing")
    for place in PLACES:
        amount, currency = place.price
        await pricing.set_price(tx, id, Country(place.market), Money.of(amount, currency), currency=currency)
    for quote, rate in (("BRL", "5"), ("IDR", "16000"), ("CNY", "7")):
        quoted = Quoted(
            Currency("USD"), Currency(quote), date(2026, 11, 20), Decimal(rate), "peg", "made up", "ours"
        )
        await rates.add_rates(tx, [quoted])
    plan = NewShow(town.show.titles, town.show.starts_at, (town.product.id, product.id))
    await rooms.revise_show(tx, town.show.id, town.seller.id, plan)
    await rooms.pin(tx, town.show.id, town.seller.id, product.id)


@pytest.fixture
def show(postgres: Postgres, tmp_path: Path) -> Iterator[Served]:
    with served(postgres, tmp_path, clock=SetClock(NOON), opened=tea_set) as running:
        yield running


def test_eight_places_see_eight_right_and_different_cards(
    chromium: Any, show: Served, tmp_path: Path
) -> None:
    cards: dict[str, str] = {}
    pictures = []
    for place in PLACES:
        context = chromium.new_context(locale=place.locale, viewport={"width": 360, "height": 740})
        page = context.new_page()
        page.goto(f"{show.origin}/room/{show.slug}")
        card = page.locator("#pin article")
        card.wait_for()
        root = page.evaluate(ROOT)
        assert (root["market"], root["lang"], root["dir"]) == (place.market, place.language, place.direction)
        assert card.locator(".pinned-price .now").inner_text() == place.shown, place.market
        assert card.locator(".pinned-name").inner_text() == NAMES[place.language]
        assert card.locator(".pinned-act a[href^='/buy/']").count() == 1, "it can be bought"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no wider than the phone"
        cards[place.market] = card.inner_text()
        pictures.append(tmp_path / f"{place.market}.png")
        page.screenshot(path=pictures[-1])
        context.close()
    assert len(set(cards.values())) == len(PLACES)
    beside = side_by_side(pictures)
    beside.save(tmp_path / "eight-markets.webp")
    assert beside.size == (4 * 360, 2 * 740)


def side_by_side(pictures: list[Path]) -> Image.Image:
    """Two rows of four."""
    whole = Image.new("RGB", (4 * 360, 2 * 740))
    for number, path in enumerate(pictures):
        with Image.open(path) as one:
            whole.paste(one, (number % 4 * 360, number // 4 * 740))
    return whole
