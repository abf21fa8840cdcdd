# SPDX-License-Identifier: Apache-2.0
"""Every page of the studio opens for its seller, and for nobody else."""

from __future__ import annotations

import httpx
import pytest

from tests.faces.build import Town
from tests.faces.running import browser, person

from .conftest import live_show, paid_order, say

PAGES = (
    "/studio",
    "/studio?days=30",
    "/studio/products",
    "/studio/products?q=cup&status=listed",
    "/studio/products/new",
    "/studio/stock",
    "/studio/warehouses",
    "/studio/orders",
    "/studio/orders?tab=all&market=FR&q=x",
    "/studio/returns",
    "/studio/customs",
    "/studio/payouts",
    "/studio/tokens",
    "/studio/settings",
    "/studio/glossary",
    "/studio/shows",
    "/studio/shows/new",
)
TABLES = ("orders", "returns", "customs", "payouts", "stock")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_opens_for_the_seller(seller: httpx.AsyncClient, path: str) -> None:
    answer = await seller.get(path)

    assert answer.status_code == 200, answer.text[:400]
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("language", ["zh", "fr", "ar"])
async def test_pages_are_drawn_in_every_language(
    seller: httpx.AsyncClient, town: Town, language: str
) -> None:
    order = await paid_order(town)
    seller.cookies.set("language", language)

    for path in (*PAGES, f"/studio/orders/{order}", *paths_of(town)):
        answer = await seller.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text or path.endswith(("/run", "/live/deal"))


def paths_of(town: Town) -> tuple[str, ...]:
    return (
        f"/studio/products/{town.product.id}",
        f"/studio/products/{town.product.id}/prices?cost=80",
        f"/studio/stock/{town.variant.id}",
        f"/studio/shows/{town.show.id}",
        f"/studio/shows/{town.show.id}?key=1",
        f"/studio/shows/{town.show.id}/plan",
        f"/studio/shows/{town.show.id}/live",
        f"/studio/shows/{town.show.id}/live/run",
        f"/studio/shows/{town.show.id}/live/deal",
        f"/studio/shows/{town.show.id}/deals",
        f"/studio/shows/{town.show.id}/deals/new?product={town.product.id}",
        f"/studio/shows/{town.show.id}/coupons/new",
    )


async def test_another_sellers_things_are_not_found(
    town: Town, seller: httpx.AsyncClient, neighbour: httpx.AsyncClient
) -> None:
    order = await paid_order(town)

    for path in (f"/studio/orders/{order}", *paths_of(town)):
        assert (await seller.get(path)).status_code == 200, path
        assert (await neighbour.get(path)).status_code == 404, path


async def test_another_seller_changes_nothing(town: Town, neighbour: httpx.AsyncClient) -> None:
    order = await paid_order(town)
    await live_show(town)
    said = await say(town, "bonsoir")
    show, product = f"/studio/shows/{town.show.id}", f"/studio/products/{town.product.id}"

    for path in (
        f"/studio/orders/{order}/send",
        f"/studio/orders/{order}/cancel",
        f"{product}",
        f"{product}/withdraw",
        f"{product}/offer",
        f"{product}/prices",
        f"/studio/stock/{town.variant.id}",
        f"{show}/start",
        f"{show}/end",
        f"{show}/key",
        f"{show}/say",
        f"{show}/pin/{town.product.id}",
        f"{show}/unpin",
        f"{show}/lines/{said}/hide",
        f"{show}/plan",
    ):
        answer = await neighbour.post(path, data={"text": "hello"})
        assert answer.status_code == 404, path


async def test_who_is_not_logged_in_is_led_to_the_log_in(town: Town, stranger: httpx.AsyncClient) -> None:
    for path in (*PAGES, *paths_of(town)):
        answer = await stranger.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/log-in?next=%2Fstudio")


async def test_a_post_from_another_site_is_refused(town: Town, seller: httpx.AsyncClient) -> None:
    foreign = {"sec-fetch-site": "cross-site"}

    answer = await seller.post(f"/studio/products/{town.product.id}/withdraw", headers=foreign)

    assert answer.status_code == 403
    assert "For sale" in (await seller.get(f"/studio/products/{town.product.id}")).text


async def test_who_has_no_shop_is_asked_to_open_one(town: Town) -> None:
    new = await person(town.database)
    async with browser(town.running, new.session) as client:
        led = await client.get("/studio")
        asked = await client.get("/studio/open")

    assert (led.status_code, led.headers["location"]) == (303, "/studio/open")
    assert asked.status_code == 200


@pytest.mark.parametrize("name", TABLES)
async def test_a_table_is_handed_out_for_spreadsheets(
    town: Town, seller: httpx.AsyncClient, name: str
) -> None:
    await paid_order(town)

    answer = await seller.get(f"/studio/{name}.csv")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].endswith(f'"{name}.csv"')


async def test_an_address_that_names_nothing_is_not_found(seller: httpx.AsyncClient) -> None:
    for path in ("/studio/orders/nonsense", "/studio/products/nonsense", "/studio/shows/nonsense/live"):
        assert (await seller.get(path)).status_code == 404
