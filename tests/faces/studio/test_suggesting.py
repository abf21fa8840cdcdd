# SPDX-License-Identifier: Apache-2.0
"""Empty languages filled by machine: marked, and saved by nobody but the seller."""

from __future__ import annotations

import re

import httpx

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.ground.ids import ProductId
from silkcast.who.translations import service as translations
from silkcast.who.translations.values import NewTerm
from tests.faces.build import Town

from .test_deeds import TEAPOT


async def product(town: Town) -> Product:
    async with town.database.read() as db:
        return await catalog.product(db, ProductId(town.product.id), seller=town.seller.id)


def value_of(page: str, field: str) -> str:
    found = re.search(rf'<input id="{field}" name="{field}"[^>]* value="([^"]*)"', page)
    assert found, field
    return found[1]


async def test_empty_languages_are_filled_and_nothing_is_saved(town: Town, seller: httpx.AsyncClient) -> None:
    before = await product(town)
    form = {"name-en": "Celadon tea cup", "name-zh": "青瓷杯", "name-fr": "", "v0-sku": "CUP-CELADON"}

    answer = await seller.post(f"/studio/products/{town.product.id}/suggest", data=form)

    assert answer.status_code == 200
    assert value_of(answer.text, "name-fr") == "Tasse à thé céladon"
    assert value_of(answer.text, "name-zh") == "青瓷杯"
    assert value_of(answer.text, "v0-sku") == "CUP-CELADON"
    assert 'aria-describedby="name-fr-hint"' in answer.text
    assert 'id="name-zh-hint"' not in answer.text
    assert "Made by machine, not saved yet." in answer.text
    assert await product(town) == before


async def test_what_is_suggested_is_kept_once_the_seller_saves(town: Town, seller: httpx.AsyncClient) -> None:
    suggested = await seller.post("/studio/products/new/suggest", data={**TEAPOT, "name-zh": ""})
    found = {f"name-{one}": value_of(suggested.text, f"name-{one}") for one in ("en", "zh", "fr", "ar")}
    assert found == {"name-en": "Teapot", "name-zh": "茶壶", "name-fr": "Théière", "name-ar": "إبريق شاي"}

    made = await seller.post("/studio/products/new", data={**TEAPOT, **found})

    assert made.status_code == 303
    page = await seller.get(made.headers["location"])
    assert value_of(page.text, "name-fr") == "Théière"
    assert "Made by machine" not in page.text


async def test_without_english_another_language_is_the_source(town: Town, seller: httpx.AsyncClient) -> None:
    answer = await seller.post("/studio/products/new/suggest", data={"name-zh": "丝巾"})

    assert value_of(answer.text, "name-en") == "Silk scarf"
    assert value_of(answer.text, "name-fr") == "Foulard en soie"


async def test_the_shops_glossary_is_kept_to(town: Town, seller: httpx.AsyncClient) -> None:
    async with town.database.write() as tx:
        await translations.add_terms(tx, town.seller.id, [NewTerm("en", "fr", "Teapot", "Verseuse")])

    answer = await seller.post("/studio/products/new/suggest", data={"name-en": "Teapot"})

    assert value_of(answer.text, "name-fr") == "Verseuse"


async def test_a_machine_that_is_away_leaves_the_form_as_it_was(
    town: Town, seller: httpx.AsyncClient
) -> None:
    town.running.house.translating.translator = None

    answer = await seller.post("/studio/products/new/suggest", data={"name-en": "Teapot", "hs_code": "6911"})

    assert answer.status_code == 422
    assert value_of(answer.text, "name-en") == "Teapot"
    assert value_of(answer.text, "name-fr") == ""
    assert 'role="alert"' in answer.text


async def test_nobody_suggests_for_anothers_product(
    town: Town, neighbour: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    path = f"/studio/products/{town.product.id}/suggest"

    assert (await neighbour.post(path, data={"name-en": "Teapot"})).status_code == 404
    assert (await stranger.post(path, data={"name-en": "Teapot"})).status_code in (302, 303, 401)
