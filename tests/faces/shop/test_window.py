# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import httpx

from silkcast.who.sellers import service as sellers
from tests.faces.build import Town, visitor


async def test_the_window_shows_what_comes_and_whole_prices(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.get("/")

    assert answer.status_code == 200
    assert "Winter glazes" in answer.text
    assert "Celadon tea cup" in answer.text
    assert "€" in answer.text


async def test_a_product_page_says_the_whole_price_line_by_line(
    town: Town, french: httpx.AsyncClient
) -> None:
    answer = await french.get(town.path)

    assert answer.status_code == 200
    assert "Nothing to pay at the door." in answer.text
    assert f"/why/{town.variant.id}?line=" in answer.text
    assert '"@type":"Product"' in answer.text
    assert f'<link rel="canonical" href="http://shop.test{town.path}">' in answer.text


async def test_a_market_without_a_price_gets_the_reason(town: Town) -> None:
    async with visitor(town, market="SG") as client:
        answer = await client.get(town.path)

    assert answer.status_code == 200
    assert "The shop has no price for your country yet." in answer.text
    assert "Buy now" not in answer.text


async def test_the_sellers_own_reason_is_told(town: Town) -> None:
    async with visitor(town, market="US") as client:
        answer = await client.get(town.path)

    assert "Papers for your country are missing." in answer.text


async def test_arabic_pages_run_from_right_to_left_with_their_own_figures(town: Town) -> None:
    async with visitor(town, market="SA", language="ar") as client:
        answer = await client.get(town.path)

    assert '<html lang="ar" dir="rtl"' in answer.text
    assert "٪" in answer.text or "٫" in answer.text


async def test_an_address_in_another_language_is_an_address_of_its_own(town: Town) -> None:
    async with visitor(town) as client:
        answer = await client.get("/live?language=fr")

    assert '<html lang="fr"' in answer.text


async def test_what_there_is_not_is_a_page_that_says_so(town: Town, french: httpx.AsyncClient) -> None:
    for path in ("/shop/nobody", "/shop/qinghe-kiln/nothing", "/nowhere"):
        answer = await french.get(path)

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")


async def test_a_closed_shop_is_not_there(town: Town, french: httpx.AsyncClient) -> None:
    async with town.database.write() as tx:
        await sellers.suspend(tx, town.seller.id, "papers")

    assert (await french.get("/shop/qinghe-kiln")).status_code == 404
    assert (await french.get(town.path)).status_code == 404
    assert "Celadon tea cup" not in (await french.get("/")).text


async def test_search_finds_pieces_and_shops(town: Town, french: httpx.AsyncClient) -> None:
    found = await french.get("/search?q=celadon")
    shop = await french.get("/search?q=qinghe")
    nothing = await french.get("/search?q=bicycle")

    assert "Celadon tea cup" in found.text
    assert "/shop/qinghe-kiln" in shop.text
    assert "Nothing found" in nothing.text


async def test_the_market_is_remembered_and_leads_back_here_only(
    town: Town, french: httpx.AsyncClient
) -> None:
    form = {"market": "SA", "language": "ar", "theme": "dark", "next": town.path}
    answer = await french.post("/market", data=form)
    elsewhere = await french.post("/market", data={**form, "next": "//evil.example/x"})
    nonsense = await french.post("/market", data={"market": "XX", "language": "tlh"})

    assert answer.status_code == 303
    assert answer.headers["location"] == town.path
    assert "market=SA" in answer.headers["set-cookie"]
    assert elsewhere.headers["location"] == "/"
    assert "set-cookie" not in nonsense.headers


async def test_another_site_cannot_change_anything(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.post("/market", data={"market": "SA"}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403


async def test_pictures_are_kept_for_good_and_nothing_else_is_a_file(
    town: Town, french: httpx.AsyncClient
) -> None:
    files = town.running.house.scene.files
    await files.put("pictures/cup-640.webp", b"RIFF", "image/webp")
    await files.put("labels/secret.pdf", b"%PDF", "application/pdf")

    picture = await french.get("/files/pictures/cup-640.webp")

    assert picture.content == b"RIFF"
    assert "immutable" in picture.headers["cache-control"]
    for path in (
        "/files/labels/secret.pdf",
        "/files/pictures/..%2Flabels%2Fsecret.pdf",
        "/files/pictures/x.pdf",
    ):
        assert (await french.get(path)).status_code == 404


async def test_programs_ask_how_it_fares(town: Town, french: httpx.AsyncClient) -> None:
    assert (await french.get("/health/live")).text == "ok\n"
    assert (await french.get("/health/ready")).json() == {"database": "ok"}
    assert "silkcast_relay_lag_seconds" in (await french.get("/metrics")).text
    assert "Disallow: /order/" in (await french.get("/robots.txt")).text
