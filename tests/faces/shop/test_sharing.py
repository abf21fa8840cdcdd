# SPDX-License-Identifier: Apache-2.0
"""Links that are sent on: what their previews show in each market, and the code to scan."""

from __future__ import annotations

import io
import re
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
import zxingcpp
from PIL import Image

from silkcast.flows import pictures
from tests.faces.build import Town, visitor
from tests.faces.running import browser


def told(page: str) -> dict[str, str]:
    """What a preview reads of a page."""
    return dict(re.findall(r'<meta property="([a-z:]+)" content="([^"]*)">', page))


async def preview(town: Town, link: str, **headers: str) -> dict[str, str]:
    """As the program of a chat asks: without cookies, in no language of its own."""
    async with browser(town.running, **headers) as client:
        return told((await client.get(link)).text)


async def test_a_link_shows_the_price_of_the_market_it_is_for(town: Town) -> None:
    french = await preview(town, f"{town.path}?for=FR.fr")
    saudi = await preview(town, f"{town.path}?for=SA.ar")

    assert (french["product:price:currency"], saudi["product:price:currency"]) == ("EUR", "SAR")
    assert french["product:price:amount"] in french["og:title"].replace(",", ".")
    assert "France" in french["og:description"]
    assert saudi["og:url"] == f"http://shop.test{town.path}?for=SA.ar"
    assert (french["og:locale"], saudi["og:locale"]) == ("fr_FR", "ar_SA")


async def test_a_market_where_it_is_not_sold_gets_no_price(town: Town) -> None:
    american = await preview(town, f"{town.path}?for=US.en")

    assert "product:price:amount" not in american
    assert american["og:description"].startswith("Not sold in ")


async def test_whoever_chose_a_market_keeps_it(town: Town) -> None:
    async with visitor(town, market="FR", language="fr") as client:
        page = (await client.get(f"{town.path}?for=SA.ar")).text

    assert '<html lang="fr"' in page
    assert told(page)["product:price:currency"] == "EUR"


@pytest.mark.parametrize("asked", ["XX.xx", ".", "SA", "a" * 300, "%00.%ff"])
async def test_a_link_for_nobody_is_an_ordinary_one(town: Town, asked: str) -> None:
    shown = await preview(town, f"{town.path}?for={asked}", **{"accept-language": "fr"})

    assert shown["og:url"].startswith(f"http://shop.test{town.path}")


async def test_a_room_says_its_title_and_when(town: Town) -> None:
    shown = await preview(town, f"/room/{town.show.slug}?for=FR.fr")

    assert shown["og:title"].startswith("Émaux d’hiver")
    assert shown["og:type"] == "video.other"


async def test_the_sheet_makes_the_link_for_somebody_elsewhere(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.get(f"/share?to={town.path}&where=SA&tongue=ar")

    assert answer.status_code == 200
    assert f'value="http://shop.test{town.path}?for=SA.ar"' in answer.text
    assert '<html lang="en"' in answer.text, "the sheet stays in the sender's own language"
    assert "<svg" in answer.text


async def test_the_sheet_falls_back_on_the_reader(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.get(f"/share?to={town.path}&where=ZZ&tongue=tlh")

    assert f"{town.path}?for=FR.en" in answer.text


@pytest.mark.parametrize(
    "to",
    ["https://elsewhere.example/shop/a", "//elsewhere.example", "/desk", "/shop/nobody", "/room/none", "/"],
)
@pytest.mark.parametrize("page", ["/share", "/share/poster", "/share/code/svg"])
async def test_only_what_is_ours_is_shared(french: httpx.AsyncClient, page: str, to: str) -> None:
    assert (await french.get(f"{page}?to={quote(to, safe='')}")).status_code == 404


async def test_the_code_comes_as_a_file(town: Town, french: httpx.AsyncClient) -> None:
    drawn = await french.get(f"/share/code/png?to={town.path}&where=FR&tongue=fr")
    lines = await french.get(f"/share/code/svg?to={town.path}")

    assert drawn.headers["content-type"] == "image/png"
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn.content)))
    assert read.text == f"http://shop.test{town.path}?for=FR.fr"
    assert lines.text.startswith("<?xml")
    assert (await french.get(f"/share/code/exe?to={town.path}")).status_code == 404


async def test_the_poster_names_the_show(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.get(f"/share/poster?to=/room/{town.show.slug}&tongue=fr")

    assert "Émaux d’hiver" in answer.text
    assert "<svg" in answer.text


async def test_the_picture_is_wide_and_whole(town: Town, french: httpx.AsyncClient) -> None:
    tall = io.BytesIO()
    Image.new("RGB", (600, 1200), (20, 120, 90)).save(tall, "PNG")
    kept = await pictures.keep(town.running.house.scene.files, tall.getvalue())

    shown = await preview(town, f"{town.path}?for=FR.fr")
    answer = await french.get(f"/share/pictures/{kept.file}.jpg")

    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    first = town.product.pictures[0].file
    assert shown["og:image"] == f"http://shop.test/share/pictures/{first}.jpg"
    assert shown["og:image:width"] == "1200"


@pytest.mark.parametrize("name", ["no-picture.jpg", f"{UUID(int=7)}.jpg", f"{UUID(int=7)}.webp"])
async def test_no_picture_where_none_is_kept(french: httpx.AsyncClient, name: str) -> None:
    assert (await french.get(f"/share/pictures/{name}")).status_code == 404
