# SPDX-License-Identifier: Apache-2.0
"""Pictures by the API: kept once a key, refused when they are none, and only for one's own products."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from silkcast.flows import pictures
from silkcast.plumbing.db import Database
from tests.faces.api.test_api import (
    V1,
    Program,
    client,
    is_problem,
    key,
    made_product,
    program,
    shop_of,
    token,
)

__all__ = ["program"]
TEN_MEGABYTES = pictures.MOST_MEGABYTES * 1024 * 1024


def drawn(width: int = 1200, height: int = 800, kind: str = "JPEG", colour: str = "#a9c4b6") -> bytes:
    """A picture with a camera's words in it."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Somebody's camera"
    Image.new("RGB", (width, height), colour).save(made, kind, exif=exif)
    return made.getvalue()


async def send(
    program: Program, product: str, content: bytes, headers: dict[str, str] | None = None, **asked: str
) -> httpx.Response:
    return await program.http.post(
        f"{V1}/products/{product}/pictures",
        content=content,
        params=asked,
        headers={"content-type": "image/jpeg", **(headers or key())},
    )


def kept_files(program: Program) -> list[Path]:
    return sorted((program.running.house.scene.files.path("pictures") or Path()).glob("*.webp"))


async def pictures_of(program: Program, product: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await program.http.get(f"{V1}/products/{product}")).json()["pictures"]
    return found


async def test_a_picture_is_kept_anew_and_stands_behind_the_others(program: Program) -> None:
    made = await made_product(program)

    first = await send(program, made["id"], drawn(), alt="Une tasse", language="fr")
    second = await send(program, made["id"], drawn(600, 900, "PNG"))

    assert (first.status_code, second.status_code) == (201, 201), second.text
    assert first.headers["etag"] == f'"{first.json()["version"]}"'
    assert first.json()["version"] > made["version"]
    told = await pictures_of(program, made["id"])
    assert [(one["alt"], one["width"], one["height"]) for one in told] == [
        ({"fr": "Une tasse"}, 960, 640),
        (made["names"], 600, 900),
    ]
    assert len(kept_files(program)) == 2 * len(pictures.WIDTHS)
    async with client(program.running, "") as anybody:
        shown = await anybody.get(f"/files/pictures/{told[0]['file']}-640.webp")
    assert shown.headers["content-type"] == "image/webp"
    assert b"Somebody's camera" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (640, 427)


async def test_the_same_key_keeps_one_picture(program: Program) -> None:
    made, once = await made_product(program), key()

    first = await send(program, made["id"], drawn(), once)
    again = await send(program, made["id"], drawn(), once)
    other = await send(program, made["id"], drawn(colour="#222222"), once)
    otherwise = await send(program, made["id"], drawn(), once, alt="A cup")

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert is_problem(other, 409, "answers.key_reused")
    assert is_problem(otherwise, 409, "answers.key_reused")
    assert len(await pictures_of(program, made["id"])) == 1
    assert len(kept_files(program)) == len(pictures.WIDTHS)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(os.urandom(TEN_MEGABYTES), "listing.no_picture", id="10 MB of noise"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"JFIF" * 2**18, "listing.no_picture", id="a head and no picture"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "listing.no_picture", id="a drawing"),
        pytest.param(b"", "listing.no_picture", id="nothing"),
        pytest.param(bytes(TEN_MEGABYTES + 1), "listing.picture_too_large", id="an octet too many"),
    ],
)
async def test_what_is_no_picture_is_refused_and_leaves_nothing(
    program: Program, content: bytes, code: str
) -> None:
    made, once = await made_product(program), key()

    refused = await send(program, made["id"], content, once)

    assert is_problem(refused, 422, code)
    assert await pictures_of(program, made["id"]) == []
    assert kept_files(program) == []
    assert (await send(program, made["id"], drawn(), once)).status_code == 201  # the key is still free


async def test_without_the_scope_or_a_key_nothing_is_kept(program: Program) -> None:
    made = await made_product(program)
    secret = await token(program.database, program.owner, program.shop, "catalog:read", "stock:write")
    place = f"{V1}/products/{made['id']}/pictures"

    async with client(program.running, secret) as reader:
        unscoped = await reader.post(place, content=drawn(), headers=key())
    keyless = await program.http.post(place, content=drawn())

    assert is_problem(unscoped, 403, "api.scope_missing")
    assert is_problem(keyless, 422, "request.bad")
    assert kept_files(program) == []


async def test_anothers_product_is_not_found_whatever_is_sent(program: Program, database: Database) -> None:
    made = await made_product(program)
    owner, shop, _ = await shop_of(database)
    async with client(program.running, await token(database, owner, shop)) as other:
        place = f"{V1}/products/{made['id']}/pictures"
        good = await other.post(place, content=drawn(), headers=key())
        bad = await other.post(place, content=b"no picture", headers=key())

    assert is_problem(good, 404, "catalog.not_found")
    assert is_problem(bad, 404, "catalog.not_found")
    assert await pictures_of(program, made["id"]) == []
    assert kept_files(program) == []
