# SPDX-License-Identifier: Apache-2.0
"""Shops: opened, found, closed for a while; another's is not found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from silkcast.ground.ids import SellerId, UserId, new_uuid
from silkcast.ground.language import Words
from silkcast.plumbing.db import Tx
from silkcast.who.sellers import rules
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.errors import BadShop, SellerNotFound, SlugTaken
from silkcast.who.sellers.events import ShopOpened, ShopReinstated, ShopSuspended
from silkcast.who.sellers.values import CustomsIdentity
from tests.who.sellers.build import ADDRESS, new_seller, open_shop


async def test_a_shop_is_opened_and_found(tx: Tx) -> None:
    owner = UserId(new_uuid())
    shop = await sellers.open_shop(tx, owner, new_seller(slug="qinghe-kiln"))

    assert shop.is_active
    assert shop.return_address == ADDRESS
    assert shop.commission_rate == Decimal("0.08")
    assert await sellers.by_slug(tx, "qinghe-kiln") == shop
    assert await sellers.shops_of(tx, owner) == (shop,)
    assert await sellers.sellers_of(tx, [shop.id, SellerId(new_uuid())]) == {shop.id: shop}
    assert tx.announced == [ShopOpened(shop.id, owner)]


async def test_anothers_shop_is_not_found(tx: Tx) -> None:
    shop = await open_shop(tx)
    assert await sellers.access(tx, shop.owner, shop.id) == shop
    for user, wanted in ((UserId(new_uuid()), shop.id), (shop.owner, SellerId(new_uuid()))):
        with pytest.raises(SellerNotFound):
            await sellers.access(tx, user, wanted)
    with pytest.raises(SellerNotFound):
        await sellers.by_slug(tx, "nobody-here")
    with pytest.raises(SellerNotFound):
        await sellers.seller(tx, SellerId(new_uuid()))


async def test_two_shops_do_not_share_an_address(tx: Tx) -> None:
    first = await open_shop(tx, slug="one")
    second = await open_shop(tx, slug="two")
    with pytest.raises(SlugTaken):
        await open_shop(tx, slug="one")
    with pytest.raises(SlugTaken):
        await sellers.revise(tx, second.id, new_seller(slug="one"))
    revised = await sellers.revise(tx, first.id, new_seller(slug="one", city="Yiwu"))
    assert (revised.id, revised.city, revised.opened_at) == (first.id, "Yiwu", first.opened_at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "No Spaces"}, "slug"),
        ({"slug": "desk"}, "slug"),
        ({"name": Words({"en": " "})}, "name"),
        ({"story": Words({"en": "x" * 2001})}, "story"),
        ({"country": "XX"}, "country"),
        ({"legal_name": ""}, "legal_name"),
        ({"customs": CustomsIdentity(trade_code="12")}, "customs.trade_code"),
        ({"customs": CustomsIdentity(uscc="91360203MA35EXAMP0")}, "customs.uscc"),
        ({"customs": CustomsIdentity(ebc_code="3602960EX1")}, "customs.ebc_name"),
    ],
)
async def test_what_cannot_be_right_of_a_shop_is_refused(tx: Tx, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadShop) as refused:
        await open_shop(tx, **changes)
    assert refused.value.field == field


def test_the_check_sign_of_a_social_credit_code() -> None:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    right = [sign for sign in signs if rules.is_uscc("91360203MAEXAMP14" + sign)]
    assert len(right) == 1
    assert rules.is_uscc("91350100M000100Y43"), "the standard's own example"
    assert not rules.is_uscc("91350100M000100Y34")
    assert not rules.is_uscc("91350100M00010OY43"), "no letter O"


@pytest.mark.parametrize("rate", ["-0.01", "0.51", "0.00001", "NaN"])
async def test_a_commission_is_a_small_share(tx: Tx, rate: str) -> None:
    shop = await open_shop(tx)
    with pytest.raises(BadShop):
        await sellers.set_commission(tx, shop.id, Decimal(rate))
    assert (await sellers.set_commission(tx, shop.id, Decimal("0.1"))).commission_rate == Decimal("0.1")


async def test_suspending_and_reinstating_twice_happens_once(tx: Tx) -> None:
    shop = await open_shop(tx)
    for _ in range(2):
        assert not (await sellers.suspend(tx, shop.id, "papers missing")).is_active
    for _ in range(2):
        assert (await sellers.reinstate(tx, shop.id)).is_active
    assert tx.announced[1:] == [ShopSuspended(shop.id, "papers missing"), ShopReinstated(shop.id)]


async def test_shops_are_listed_page_by_page(tx: Tx) -> None:
    opened = [await open_shop(tx) for _ in range(3)]
    suspended = await sellers.suspend(tx, opened[0].id, "")
    first = await sellers.sellers(tx, limit=2)
    rest = await sellers.sellers(tx, after=first.next, limit=2)
    assert {shop.id for shop in (*first.items, *rest.items)} == {shop.id for shop in opened}
    assert rest.next is None
    assert (await sellers.sellers(tx, status="suspended")).items == (suspended,)


async def test_warehouses_are_kept_and_addresses_sealed(tx: Tx) -> None:
    shop = await open_shop(tx)
    warehouse = await sellers.add_warehouse(tx, shop.id, "Packing room", ADDRESS)
    assert await sellers.warehouses(tx, shop.id) == (warehouse,)
    assert await sellers.warehouses(tx, SellerId(new_uuid())) == ()
    with pytest.raises(BadShop):
        await sellers.add_warehouse(tx, shop.id, "", ADDRESS)

    stored = text("SELECT s::text || w::text FROM sellers.sellers AS s, sellers.warehouses AS w")
    assert "Taoyang" not in (await tx.session.execute(stored)).scalar_one()
