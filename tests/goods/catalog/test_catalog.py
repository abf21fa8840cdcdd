# SPDX-License-Identifier: Apache-2.0
"""Products: drafted, listed, revised, withdrawn; found by those who may."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import (
    BadProduct,
    NotReady,
    ProductChanged,
    ProductNotFound,
    SkuTaken,
    SlugTaken,
)
from silkcast.goods.catalog.events import ProductListed, ProductRevised, ProductWithdrawn
from silkcast.goods.catalog.values import Fault, Restriction
from silkcast.ground.ids import ProductId, SellerId, VariantId, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight
from silkcast.plumbing.db import Tx
from tests.goods.catalog.build import new_picture, new_product, new_variant
from tests.who.sellers.build import open_shop


@pytest.fixture
async def seller(tx: Tx) -> SellerId:
    return (await open_shop(tx)).id


async def test_a_product_is_listed_with_all_that_was_said_of_it(tx: Tx, seller: SellerId) -> None:
    new = new_product(
        restrictions=(Restriction(Country("US"), "battery_by_air"),), has_battery=True, hs_code="6911101900"
    )
    listed = await catalog.list_product(tx, seller, new)

    assert listed.is_listed
    for field in (
        "slug",
        "names",
        "descriptions",
        "hs_code",
        "origin",
        "material",
        "pictures",
        "has_battery",
    ):
        assert getattr(listed, field) == getattr(new, field)
    assert listed.restriction("US") == Restriction(Country("US"), "battery_by_air")
    assert listed.restriction("FR") is None
    variant = listed.variants[0]
    assert (variant.sku, variant.net, variant.gross) == (new.variants[0].sku, Weight(180), Weight(260))
    assert variant.label("fr") == "Céladon"
    assert await catalog.by_slug(tx, seller, new.slug) == listed
    assert ProductListed(listed.id, seller) in tx.announced


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"names": Words({"en": "Only English"})}, "names"),
        ({"pictures": ()}, "pictures"),
        ({"variants": ()}, "variants"),
    ],
)
async def test_a_draft_may_lack_what_a_listed_product_may_not(
    tx: Tx, seller: SellerId, changes: dict[str, Any], field: str
) -> None:
    draft = await catalog.draft(tx, seller, new_product(**changes))
    assert draft.status == "draft"
    for attempt in (
        catalog.put_up(tx, draft.id, seller=seller),
        catalog.list_product(tx, seller, new_product(**changes)),
    ):
        with pytest.raises(NotReady) as refused:
            await attempt
        assert [fault.field for fault in refused.value.faults] == [field]
    with pytest.raises(NotReady):
        listed = await catalog.list_product(tx, seller, new_product())
        await catalog.revise(tx, listed.id, new_product(**changes), seller=seller, version=listed.version)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"slug": "Cup!"}, Fault("slug", "not_a_slug")),
        ({"names": Words({"en": " "})}, Fault("names.en", "empty")),
        ({"names": Words({"en": "x" * 121})}, Fault("names.en", "too_long")),
        ({"hs_code": "69111"}, Fault("hs_code", "shape")),
        ({"hs_code": "69111019001"}, Fault("hs_code", "shape")),
        ({"hs_code": "6911.10"}, Fault("hs_code", "shape")),
        ({"origin": "XX"}, Fault("origin", "unknown")),
        ({"variants": (new_variant(net=Weight(0)),)}, Fault("variants.0.net", "out_of_range")),
        ({"variants": (new_variant(gross=Weight(100)),)}, Fault("variants.0.gross", "below_net")),
        ({"variants": (new_variant(gross=Weight(200_000)),)}, Fault("variants.0.gross", "out_of_range")),
        ({"variants": (new_variant(size=Size(3001, 1, 1)),)}, Fault("variants.0.size", "out_of_range")),
        ({"variants": (new_variant(sku="no spaces"),)}, Fault("variants.0.sku", "shape")),
        ({"variants": (new_variant(unit_code="pcs"),)}, Fault("variants.0.unit_code", "shape")),
        ({"variants": (new_variant(), new_variant())}, Fault("variants.1.options", "twice")),
        ({"variants": (new_variant(), new_variant(options={}))}, Fault("variants", "options_differ")),
        ({"pictures": (new_picture(width=0),)}, Fault("pictures.0", "no_size")),
        ({"pictures": (new_picture(),) * 13}, Fault("pictures", "too_many")),
        ({"restrictions": (Restriction(Country("XX"), "x"),)}, Fault("restrictions.0.market", "unknown")),
    ],
)
async def test_what_cannot_be_right_is_refused_even_in_a_draft(
    tx: Tx, seller: SellerId, changes: dict[str, Any], fault: Fault
) -> None:
    with pytest.raises(BadProduct) as refused:
        await catalog.draft(tx, seller, new_product(**changes))
    assert fault in refused.value.faults


async def test_all_faults_are_told_at_once(tx: Tx, seller: SellerId) -> None:
    with pytest.raises(BadProduct) as refused:
        await catalog.draft(tx, seller, new_product(slug="", hs_code="", origin=""))
    assert [fault.field for fault in refused.value.faults] == ["slug", "hs_code", "origin"]


async def test_slugs_and_skus_are_a_shops_own(tx: Tx, seller: SellerId) -> None:
    other = (await open_shop(tx)).id
    first = new_product(slug="cup", variants=(new_variant(sku="A-1"),))
    second = await catalog.draft(tx, seller, new_product())
    await catalog.draft(tx, seller, first)
    await catalog.draft(tx, other, first)

    with pytest.raises(SlugTaken):
        await catalog.draft(tx, seller, new_product(slug="cup"))
    with pytest.raises(SkuTaken):
        await catalog.draft(tx, seller, new_product(variants=(new_variant(sku="A-1"),)))
    with pytest.raises(SlugTaken):
        await catalog.revise(tx, second.id, new_product(slug="cup"), seller=seller, version=1)
    with pytest.raises(SkuTaken):
        again = new_product(variants=(new_variant(sku="A-1"),))
        await catalog.revise(tx, second.id, again, seller=seller, version=1)


async def test_a_variant_keeps_its_id_for_life(tx: Tx, seller: SellerId) -> None:
    red = new_variant(sku="RED", options={"colour": Words({"en": "Red"})})
    blue = new_variant(sku="BLUE", options={"colour": Words({"en": "Blue"})})
    listed = await catalog.list_product(tx, seller, new_product(variants=(red, blue)))
    ids = {variant.sku: variant.id for variant in listed.variants}

    dropped = await catalog.revise(tx, listed.id, new_product(variants=(blue,)), seller=seller, version=2)
    assert [variant.sku for variant in dropped.variants] == ["BLUE"]
    of = (await catalog.variants(tx, [ids["RED"], VariantId(new_uuid())]))[ids["RED"]]
    assert (of.variant.is_sold, of.product.id) == (False, listed.id)

    back = await catalog.revise(tx, listed.id, new_product(variants=(blue, red)), seller=seller, version=3)
    assert {variant.sku: variant.id for variant in back.variants} == ids
    assert [variant.sku for variant in back.variants] == ["BLUE", "RED"]
    assert tx.announced.count(ProductRevised(listed.id, seller)) == 2


async def test_two_who_revise_at_once_do_not_undo_each_other(tx: Tx, seller: SellerId) -> None:
    read = await catalog.list_product(tx, seller, new_product())
    await catalog.revise(tx, read.id, new_product(), seller=seller, version=read.version)
    with pytest.raises(ProductChanged):
        await catalog.revise(tx, read.id, new_product(), seller=seller, version=read.version)


async def test_withdrawing_and_listing_twice_happens_once(tx: Tx, seller: SellerId) -> None:
    listed = await catalog.list_product(tx, seller, new_product())
    for _ in range(2):
        assert (await catalog.withdraw(tx, listed.id, seller=seller)).status == "withdrawn"
    for _ in range(2):
        assert (await catalog.put_up(tx, listed.id, seller=seller)).is_listed
    assert tx.announced.count(ProductWithdrawn(listed.id, seller)) == 1
    assert tx.announced.count(ProductListed(listed.id, seller)) == 2


async def test_pictures_are_added_after_the_others(tx: Tx, seller: SellerId) -> None:
    listed = await catalog.list_product(tx, seller, new_product())
    picture = new_picture()
    await catalog.add_picture(tx, listed.id, picture, seller=seller)
    assert (await catalog.product(tx, listed.id)).pictures == (*listed.pictures, picture)
    with pytest.raises(BadProduct):
        await catalog.add_picture(tx, listed.id, new_picture(height=0), seller=seller)


async def test_anothers_product_is_not_found(tx: Tx, seller: SellerId) -> None:
    other = (await open_shop(tx)).id
    listed = await catalog.list_product(tx, seller, new_product())
    for attempt in (
        catalog.product(tx, listed.id, seller=other),
        catalog.product(tx, ProductId(new_uuid())),
        catalog.by_slug(tx, other, listed.slug),
        catalog.withdraw(tx, listed.id, seller=other),
        catalog.put_up(tx, listed.id, seller=other),
        catalog.add_picture(tx, listed.id, new_picture(), seller=other),
        catalog.revise(tx, listed.id, new_product(), seller=other, version=2),
    ):
        with pytest.raises(ProductNotFound):
            await attempt


async def test_any_number_of_products_is_read_in_three_statements(tx: Tx, seller: SellerId) -> None:
    ids = [(await catalog.list_product(tx, seller, new_product())).id for _ in range(12)]
    statements = []
    engine = (await tx.session.connection()).sync_engine

    def count(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        found = await catalog.products(tx, [*ids, ProductId(new_uuid())])
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert list(found) == ids
    assert len(statements) == 3


async def test_search_finds_every_word_in_any_language(tx: Tx, seller: SellerId) -> None:
    other = (await open_shop(tx)).id
    cup = await catalog.list_product(tx, seller, new_product())
    pot = await catalog.list_product(
        tx,
        other,
        new_product(names=Words({"en": "Celadon tea pot 100%", "zh": "青瓷壶"}), slug="pot"),
    )
    hidden = await catalog.draft(tx, seller, new_product(names=Words({"en": "Celadon vase"})))

    async def ids(**wanted: Any) -> set[ProductId]:
        return {product.id for product in (await catalog.search(tx, **wanted)).items}

    assert await ids() == {cup.id, pot.id}
    assert await ids(text="TEA celadon") == {cup.id, pot.id}
    assert await ids(text="青瓷杯") == {cup.id}
    assert await ids(text=cup.variants[0].sku) == {cup.id}
    assert await ids(text="100%") == {pot.id}
    assert await ids(text="%") == {pot.id}
    assert await ids(text="celadon", seller=seller, status=None) == {cup.id, hidden.id}
    assert await ids(status="draft") == {hidden.id}
    assert await ids(text="lamp") == set()


async def test_search_goes_page_by_page(tx: Tx, seller: SellerId) -> None:
    ids = [(await catalog.list_product(tx, seller, new_product())).id for _ in range(5)]
    seen: list[ProductId] = []
    after = None
    while True:
        page = await catalog.search(tx, after=after, limit=2)
        seen.extend(product.id for product in page.items)
        after = page.next
        if after is None:
            break
    assert seen == sorted(ids, reverse=True)
