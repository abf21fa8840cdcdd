# SPDX-License-Identifier: Apache-2.0
"""What a seller does in the studio, and what is refused beside it."""

from __future__ import annotations

import io
from uuid import UUID

import httpx
from PIL import Image

from silkcast.goods.catalog import service as catalog
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ProductId
from silkcast.ground.places import Country
from silkcast.stage.chat import service as chat
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town

from .conftest import live_show, paid_order, say

TEAPOT = {
    "name-en": "Teapot",
    "name-zh": "茶壶",
    "hs_code": "6911.10",
    "origin": "CN",
    "axis0": "colour",
    "v0-sku": "POT-1",
    "v0-o0-en": "Ink",
    "v0-net": "500",
    "v0-gross": "700",
    "v0-length": "200",
    "v0-width": "150",
    "v0-height": "150",
}


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(written, "JPEG")
    return written.getvalue()


async def test_a_product_is_written_down_pictured_and_offered(town: Town, seller: httpx.AsyncClient) -> None:
    made = await seller.post("/studio/products/new", data=TEAPOT)
    path = made.headers["location"].split("?")[0]
    early = await seller.post(f"{path}/offer")
    sent = await seller.post(f"{path}/pictures", files={"picture": ("pot.jpg", picture(), "image/jpeg")})
    offered = await seller.post(f"{path}/offer")

    assert (made.status_code, early.status_code) == (303, 422)
    assert (sent.status_code, offered.status_code) == (303, 303)
    async with town.database.read() as db:
        product = await catalog.product(db, ProductId(UUID(path.rsplit("/", 1)[1])))
    assert (product.is_listed, product.hs_code) == (True, "691110")
    shown = await seller.get(f"/files/pictures/{product.pictures[0].file}-320.webp")
    assert shown.headers["content-type"] == "image/webp"


async def test_a_code_that_does_not_exist_is_refused(seller: httpx.AsyncClient) -> None:
    answer = await seller.post("/studio/products/new", data={**TEAPOT, "hs_code": "999999"})

    assert answer.status_code == 422
    assert "There is no such code" in answer.text
    assert 'value="POT-1"' in answer.text


async def test_codes_are_suggested_for_words(seller: httpx.AsyncClient) -> None:
    assert "691110" in (await seller.get("/studio/hs?hs_code=porcelain teapot")).text


async def test_codes_are_suggested_from_the_products_own_words_and_none_is_filled_in(
    town: Town, seller: httpx.AsyncClient
) -> None:
    own = {
        "own": "1",
        "name-en": "Tea bowl",
        "name-zh": "茶杯",
        "material-en": "porcelain",
        "material-zh": "瓷",
    }

    found = (await seller.get("/studio/hs", params=own)).text
    nothing = (await seller.get("/studio/hs", params={"own": "1", "name-en": " "})).text
    page = (await seller.get("/studio/products/new")).text

    assert found.index("691110") < found.index("You answer to customs")
    assert "Because of: " in found
    assert "茶杯" in found
    assert "Write the name of the product first" in nothing
    assert "hs-pick" not in page
    field = page[page.index('id="hs_code"') :]
    assert 'value="691110"' not in field[: field.index(">")]


async def test_a_picture_that_is_none_is_refused(town: Town, seller: httpx.AsyncClient) -> None:
    files = {"picture": ("pot.jpg", b"GIF89a" + b"\0" * 200_000, "image/jpeg")}
    large = {"picture": ("pot.jpg", b"\xff\xd8" + b"\0" * (10 * 1024 * 1024), "image/jpeg")}

    none = await seller.post(f"/studio/products/{town.product.id}/pictures", files=files)
    huge = await seller.post(f"/studio/products/{town.product.id}/pictures", files=large)

    assert none.status_code == 422
    assert "not a picture" in none.text
    assert huge.status_code == 422
    assert "10 MB" in huge.text


async def test_prices_are_set_and_a_wrong_one_is_not(town: Town, seller: httpx.AsyncClient) -> None:
    path, field = f"/studio/products/{town.product.id}/prices", f"price-{town.variant.id}"

    wrong = await seller.post(path, data={f"{field}-FR": "0", f"{field}-SG": "12.345"})
    right = await seller.post(path, data={f"{field}-FR": "26,50", f"{field}-SA": ""})

    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2
    assert right.status_code == 303
    async with town.database.read() as db:
        known = (await pricing.prices_everywhere(db, [town.variant.id]))[town.variant.id]
    assert str(known[Country("FR")].amount.amount) == "26.50"
    assert Country("SA") not in known


async def test_stock_is_received_and_never_counted_below_nothing(
    town: Town, seller: httpx.AsyncClient
) -> None:
    path, place = f"/studio/stock/{town.variant.id}", str(town.warehouse.id)

    came = await seller.post(path, data={"kind": "receive", "warehouse": place, "units": "5"})
    below = await seller.post(path, data={"kind": "count", "warehouse": place, "units": "-99"})

    assert (came.status_code, below.status_code) == (303, 422)
    async with town.database.read() as db:
        assert (await stock.levels(db, [town.variant.id]))[town.variant.id].on_hand == 25


async def test_a_tokens_secret_is_shown_once(seller: httpx.AsyncClient) -> None:
    made = await seller.post("/studio/tokens", data={"name": "ERP", "scope": "orders:read", "days": "30"})
    strange = await seller.post("/studio/tokens", data={"name": "ERP", "scope": "everything"})

    assert "silk_" in made.text
    assert "silk_" not in (await seller.get("/studio/tokens")).text
    assert strange.status_code == 422


async def test_the_stream_key_is_hidden_until_asked_for(town: Town, seller: httpx.AsyncClient) -> None:
    async with town.database.read() as db:
        key = await rooms.stream_key(db, town.show.id, town.seller.id)
    path = f"/studio/shows/{town.show.id}"

    assert key not in (await seller.get(path)).text
    assert key in (await seller.get(f"{path}?key=1")).text
    await seller.post(f"{path}/key")
    assert key not in (await seller.get(f"{path}?key=1")).text


async def test_the_host_pins_answers_and_keeps_order(town: Town, seller: httpx.AsyncClient) -> None:
    path = f"/studio/shows/{town.show.id}"
    early = await seller.post(f"{path}/pin/{town.product.id}")
    await live_show(town)
    held = await say(town, "cheaper at http://elsewhere.example")

    pinned = await seller.post(f"{path}/pin/{town.product.id}", headers={"x-fragment": "1"})
    await seller.post(f"{path}/say", data={"text": "Good evening"})
    await seller.post(f"{path}/lines/{held}/show")

    assert (early.status_code, pinned.status_code) == (409, 204)
    async with town.database.read() as db:
        pin = await rooms.pinned(db, town.show.id)
        said = [line.text for line in await chat.recent(db, town.show.id)]
    assert pin is not None
    assert pin.product == town.product.id
    assert sorted(said) == ["Good evening", "cheaper at http://elsewhere.example"]
    ended = await seller.post(f"{path}/end")
    assert ended.headers["location"] == path


async def test_orders_are_sent_by_jobs_of_their_own(town: Town, seller: httpx.AsyncClient) -> None:
    order = await paid_order(town)

    sent = await seller.post("/studio/orders/send", data={"order": str(order)})
    listed = await seller.get("/studio/orders")

    assert sent.headers["location"] == "/studio/orders?sent=1"
    assert str(order) in listed.text


async def test_a_shop_is_opened_and_its_address_is_its_own(town: Town, seller: httpx.AsyncClient) -> None:
    given = {
        "name-en": "Qinghe Kiln",
        "slug": "a-new-address",
        "city": "Jingdezhen",
        "country": "CN",
        "street": "1 Kiln Road",
        "legal_name": "Qinghe Ceramics",
        "contact": "Lin Yue",
    }
    saved = await seller.post("/studio/settings", data=given)
    broken = await seller.post("/studio/settings", data={**given, "slug": "Not A Slug"})

    assert (saved.status_code, broken.status_code) == (303, 422)
