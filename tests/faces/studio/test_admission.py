# SPDX-License-Identifier: Apache-2.0
"""The studio says where a product may not be sold and why, and takes an appeal; the room has no price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from silkcast.flows import admitting, listing
from silkcast.goods.admission import service as admission
from silkcast.goods.catalog.values import NewProduct, NewVariant
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town, visitor

from .conftest import live_show

WINE = Words({"en": "Red wine from Jura", "zh": "红酒", "fr": "Vin rouge du Jura"})
TOY = Words({"en": "Wooden toy", "zh": "木制玩具", "fr": "Jouet en bois"})


async def become(town: Town, names: Words) -> None:
    """The cup is called something else."""
    one = town.product
    variants = tuple(
        NewVariant(each.sku, each.net, each.gross, each.size, each.options, each.unit_code)
        for each in one.variants
    )
    new = NewProduct(one.slug, names, one.hs_code, one.origin, variants, pictures=one.pictures)
    new = replace(new, descriptions=one.descriptions, material=one.material)
    async with town.database.write() as tx:
        await listing.revise(tx, one.id, new, seller=town.seller.id, version=one.version)


def page(town: Town, market: str = "") -> str:
    return f"/studio/products/{town.product.id}" + (f"/admission/{market}" if market else "")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_product_page_lists_the_markets_with_the_reason(
    town: Town, seller: httpx.AsyncClient, language: str
) -> None:
    await become(town, WINE)
    seller.headers["accept-language"] = language

    answer = await seller.get(page(town))
    why = await seller.get(page(town, "SA"))

    assert (answer.status_code, why.status_code) == (200, 200)
    assert f'href="{page(town, "SA")}"' in answer.text
    assert f'href="{page(town, "HK")}"' in answer.text
    assert "<bdi>wine</bdi>" in why.text
    assert "<code>alcohol</code>" in why.text
    if language == "en":
        assert "Alcohol may not be sold there without a licence." in answer.text


async def test_what_may_be_sold_everywhere_has_no_list(town: Town, seller: httpx.AsyncClient) -> None:
    assert 'id="admission"' not in (await seller.get(page(town))).text
    assert "Nothing was found" in (await seller.get(page(town, "SA"))).text


async def test_an_appeal_with_a_paper_is_kept_once(town: Town, seller: httpx.AsyncClient) -> None:
    await become(town, TOY)
    paper = {"paper": ("en71.pdf", b"%PDF-1.7 tested", "application/pdf")}

    asked = await seller.post(page(town, "FR"), data={"words": "EN 71 is attached"}, files=paper)
    again = await seller.post(page(town, "FR"), data={"words": "EN 71 is attached"})

    assert (asked.status_code, again.status_code) == (303, 409)
    async with town.database.read() as db:
        (kept,) = (await admission.appeals(db, seller=town.seller.id)).items
    assert (kept.market, kept.rows, kept.words) == ("FR", ("toys",), "EN 71 is attached")
    assert await admitting.paper_of(town.running.house.scene.files, kept) == b"%PDF-1.7 tested"
    shown = await seller.get(page(town, "FR"))
    assert "EN 71 is attached" in shown.text
    assert "Waits for a decision" in shown.text


@pytest.mark.parametrize(
    ("words", "files", "status"),
    [
        ("", {}, 422),
        ("please", {"paper": ("a.pdf", b"MZ\x90", "application/pdf")}, 422),
        ("please", {"paper": ("a.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024), "application/pdf")}, 422),
    ],
)
async def test_a_bad_appeal_keeps_nothing(
    town: Town, seller: httpx.AsyncClient, words: str, files: dict[str, object], status: int
) -> None:
    await become(town, TOY)
    answer = await seller.post(page(town, "FR"), data={"words": words}, files=files or None)  # type: ignore[arg-type]

    assert answer.status_code == status
    async with town.database.read() as db:
        assert not (await admission.appeals(db)).items


async def test_others_see_and_ask_nothing(
    town: Town, neighbour: httpx.AsyncClient, stranger: httpx.AsyncClient, seller: httpx.AsyncClient
) -> None:
    await become(town, TOY)
    assert (await neighbour.get(page(town, "FR"))).status_code == 404
    assert (await neighbour.post(page(town, "FR"), data={"words": "mine"})).status_code == 404
    assert (await stranger.get(page(town, "FR"))).status_code == 303
    assert (await stranger.post(page(town, "FR"), data={"words": "mine"})).status_code in (303, 401)
    assert (await seller.get(page(town, "XX"))).status_code == 404
    async with town.database.read() as db:
        assert not (await admission.appeals(db)).items


async def test_a_barred_market_sees_the_reason_and_no_button(town: Town) -> None:
    await become(town, WINE)
    async with town.database.write() as tx:
        until = tx.now.date() + timedelta(days=9)
        france = Country("FR")
        await admitting.rule(tx, town.product.id, france, "admit", reason="x", until=until, by=None)
        await rooms.start(tx, town.show.id, town.seller.id)
        await rooms.picture(tx, town.show.id, arrives=True)
        await admitting.pin(tx, town.show.id, town.seller.id, town.product.id)
    buy = f"/buy/{town.variant.id}?show={town.show.id}"

    async with visitor(town) as french, visitor(town, market="SA") as saudi:
        here = await french.get(f"/room/{town.show.slug}")
        there = await saudi.get(f"/room/{town.show.slug}")
        why = await saudi.get(f"/buy/{town.variant.id}")

    assert buy in here.text
    assert buy not in there.text
    assert "Alcohol may not be sold there without a licence." in there.text
    assert "Alcohol may not be sold there without a licence." in why.text


async def test_a_ruling_is_seen_in_the_room_at_once(town: Town) -> None:
    await live_show(town)
    async with town.database.write() as tx:
        await admitting.pin(tx, town.show.id, town.seller.id, town.product.id)
    buy = f"/buy/{town.variant.id}?show={town.show.id}"
    async with visitor(town) as french:
        before = await french.get(f"/room/{town.show.slug}")
        async with town.database.write() as tx:
            until = tx.now.date() + timedelta(days=9)
            await admitting.rule(
                tx, town.product.id, Country("FR"), "bar", reason="recalled", until=until, by=None
            )
        after = await french.get(f"/room/{town.show.slug}")

    assert buy in before.text
    assert buy not in after.text


async def test_the_host_cannot_pin_what_no_market_may_buy(town: Town, seller: httpx.AsyncClient) -> None:
    await become(town, Words({"en": "Samurai sword", "zh": "武士刀"}))
    await live_show(town)

    answer = await seller.post(f"/studio/shows/{town.show.id}/pin/{town.product.id}")

    assert answer.status_code == 409
    async with town.database.read() as db:
        assert not await rooms.pins(db, town.show.id)
