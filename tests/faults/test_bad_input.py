# SPDX-License-Identifier: Apache-2.0
"""Bad input at the doors people and programs come in by: refused with a reason, and nothing is left behind.

What the modules themselves refuse is tested beside them: keys and codecs of a stream in
`tests/engines/video`, money lost on its way in `tests/flows/test_faults.py`, prices in `tests/goods/pricing`.
"""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.values import Available
from silkcast.ground.ids import FileId, new_uuid
from silkcast.plumbing.db import Database
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.values import Parcel
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import SCOPES
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller
from tests.faces.api.test_api import V1, client, is_problem, key
from tests.faces.api.test_window import wish
from tests.faces.build import Town, open_town
from tests.faces.running import Person, browser, person
from tests.trade.shipping.test_service import new
from tests.who.sellers.build import new_seller

TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


@pytest.fixture
async def seller(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(town.running, await session_of(town)) as made:
        yield made


async def session_of(town: Town) -> str:
    async with town.database.write() as tx:
        return (await identity.open_session(tx, town.seller.owner)).token


async def left(town: Town) -> Available:
    async with town.database.read() as db:
        return (await stock.levels(db, [town.variant.id]))[town.variant.id]


def noise() -> bytes:
    """As large as a picture may be, and begins like one."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + random.Random(7).randbytes(TEN_MEGABYTES - 11)


def bomb() -> bytes:
    """A PNG of a few bytes that would be 900 million pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    size = (30_000).to_bytes(4, "big") * 2
    head = chunk(b"IHDR", size + b"\x08\x02\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("octets", "kind"), [(noise(), "image/jpeg"), (bomb(), "image/png")])
async def test_ten_megabytes_that_are_no_picture_leave_nothing(
    town: Town, seller: httpx.AsyncClient, tmp_path: Path, octets: bytes, kind: str
) -> None:
    kept = pictures_in(tmp_path)
    answer = await seller.post(
        f"/studio/products/{town.product.id}/pictures", files={"picture": ("cup.jpg", octets, kind)}
    )
    assert answer.status_code == 422
    assert "not a picture" in answer.text
    assert pictures_in(tmp_path) == kept
    async with town.database.read() as db:
        assert (await catalog.product(db, town.product.id)).pictures == town.product.pictures


def pictures_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.webp"))


async def buy(town: Town, **changes: Any) -> httpx.Response:
    asked = {"variant": str(town.variant.id), "market": "SA", "method": "cod"}
    async with browser(town.running) as http:
        offer = (await http.get(f"{V1}/offers", params=asked)).json()
        body = wish(town, offer["delivery"]["key"], None) | changes
        return await http.post(f"{V1}/checkouts", json=body, headers=key())


async def test_an_address_of_another_country_is_another_price_and_holds_nothing(town: Town) -> None:
    before = await left(town)
    home = {
        "country": "FR",
        "name": "Léa Martin",
        "street": "3 rue des Lilas",
        "city": "Lyon",
        "postcode": "69003",
        "phone": "+33612345678",
    }
    answer = await buy(town, ship_to=home)
    assert answer.status_code in (409, 422)
    assert answer.json()["code"] == "markets.other_country"
    assert await left(town) == before


async def test_sold_out_is_told_with_what_is_left(town: Town) -> None:
    async with town.database.write() as tx:
        there = (await stock.levels(tx, [town.variant.id]))[town.variant.id].free
        await stock.adjust(tx, town.variant.id, town.warehouse.id, 1 - there, "sold in the street")
    before = await left(town)
    answer = await buy(town, wanted=[{"variant": str(town.variant.id), "units": 2}])
    assert is_problem(answer, 409, "stock.short")
    assert answer.json()["facts"]["left"] == 1
    assert await left(town) == before


async def labelled(town: Town) -> Parcel:
    """A parcel of the town's shop with its label in the files."""
    label = FileId(new_uuid())
    await town.running.house.scene.files.put(f"labels/{label}.pdf", b"%PDF-1.7 label", "application/pdf")
    async with town.database.write() as tx:
        parcel = await shipping.plan(tx, new(seller=town.seller.id))
        return await shipping.note_booked(
            tx, parcel.id, tracking="LX123456785CN", waybill_no="LX123456785CN", label=label
        )


async def rival(town: Town) -> tuple[Person, Seller]:
    other = await person(town.database, name="Somebody Else")
    async with town.database.write() as tx:
        shop = await sellers.open_shop(tx, other.user.id, new_seller(slug="another-shop"))
    return other, shop


async def token_of(town: Town, owner: Any, shop: Seller) -> str:
    async with town.database.write() as tx:
        made = await identity.make_token(tx, owner, shop.id, name="program", scopes=SCOPES)
    return made.secret


async def test_another_sellers_label_is_not_found_like_one_that_never_was(
    town: Town, seller: httpx.AsyncClient
) -> None:
    parcel = await labelled(town)
    other, shop = await rival(town)
    own, foreign = (
        await token_of(town, town.seller.owner, town.seller),
        await token_of(town, other.user.id, shop),
    )
    page, path = f"/studio/parcels/{parcel.id}/label.pdf", f"{V1}/parcels/{parcel.id}/label"

    async with client(town.running, own) as http, client(town.running, foreign) as theirs:
        assert (await http.get(path)).content == b"%PDF-1.7 label"
        refused, never = await theirs.get(path), await theirs.get(f"{V1}/parcels/{uuid4()}/label")
    assert refused.status_code == never.status_code == 404
    assert refused.json() == never.json(), "no hint"
    assert (await seller.get(page)).content == b"%PDF-1.7 label"
    async with browser(town.running, other.session) as neighbour:
        assert (await neighbour.get(page)).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"origin": "https://elsewhere.example"}, {"origin": "null"}])
async def test_a_change_that_does_not_say_where_it_comes_from_changes_nothing(
    town: Town, headers: dict[str, str]
) -> None:
    """A session's cookie alone is not enough: forms of our own pages say more without being asked."""
    async with browser(town.running, await session_of(town)) as made:
        del made.headers["sec-fetch-site"]
        answer = await made.post(f"/studio/products/{town.product.id}/withdraw", headers=headers)
    assert is_problem_of_crossing(answer)
    async with town.database.read() as db:
        assert (await catalog.product(db, town.product.id)).status == "listed"


def is_problem_of_crossing(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (403, "request.cross_site")


async def test_the_desk_says_why_a_stream_was_refused(town: Town, seller: httpx.AsyncClient) -> None:
    """What the door does with HEVC is in the contract of the video engines; the seller reads the reason."""
    video: Any = town.running.house.scene.video
    page = f"/studio/shows/{town.show.id}/live/health"
    assert "HEVC" not in (await seller.get(page)).text
    video._stream(town.show.id).refuse("hevc")
    assert "HEVC: use H.264" in (await seller.get(page)).text


def test_the_bomb_is_one() -> None:
    from PIL import Image

    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb()))
