# SPDX-License-Identifier: Apache-2.0
"""Pictures of products. The body is the file itself and no form: it is read no further than is allowed."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import QueryParameter

from silkcast.faces.house import House
from silkcast.flows import pictures
from silkcast.flows.errors import PictureTooLarge
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Picture
from silkcast.ground.ids import ProductId
from silkcast.ground.language import Words
from silkcast.plumbing.db import Tx

from .access import Caller, needs
from .answering import Key, etag, is_answered, once
from .shapes.goods import Product, words

MOST_OCTETS = pictures.MOST_MEGABYTES * 1024 * 1024

Alt = Annotated[
    str,
    QueryParameter(
        max_length=400,
        description="What it shows, for those who cannot see it; without it, the product's names.",
    ),
]
Tag = Annotated[
    str,
    QueryParameter(
        pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35, description="The language of `alt`."
    ),
]


@post(
    "/products/{product:uuid}/pictures",
    tags=["Products"],
    operation_id="addPicture",
    **needs("catalog:write"),
)
async def add_picture(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    product: UUID,
    idempotency_key: Key,
    alt: Alt = "",
    language: Tag = "en",
) -> Response[Product]:
    """Add a picture to a product, after those it has. The body is the file: JPEG, PNG, WebP, AVIF or GIF, at
    most 10 MB. It is decoded and written anew in four widths, so nothing that it says of its maker is kept.
    To order pictures or to drop one, revise the product."""
    id = ProductId(product)
    async with house.database.read() as db:
        found = await catalog.product(db, id, seller=caller.seller)
    content = await body_of(request)
    said = words({language: alt}, "alt") if alt else found.names
    mark = mark_of(request, content, said)
    # Decoding takes its time and the files may lie far away: both are done before the transaction.
    is_old = await is_answered(house, caller, idempotency_key)
    kept = None if is_old else await pictures.keep(house.scene.files, content)

    async def make(tx: Tx) -> Product:
        new = kept or await pictures.keep(house.scene.files, content)
        picture = Picture(new.file, said, new.width, new.height)
        return Product.of(await catalog.add_picture(tx, id, picture, seller=caller.seller))

    made = await once(house, caller, request, idempotency_key, Product, make, mark=mark)
    made.headers["etag"] = etag(made.content.version)
    return made


async def body_of(request: Request[Any, Any, Any]) -> bytes:
    """The body, or a refusal as soon as it is longer than a picture may be."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_OCTETS:
            raise PictureTooLarge(pictures.MOST_MEGABYTES)
    return bytes(content)


def mark_of(request: Request[Any, Any, Any], content: bytes, alt: Words) -> bytes:
    """What was asked: the product, the file, what is said of it."""
    said = hashlib.sha256(
        f"{request.method} {request.url.path}\0{sorted(alt.by_language.items())}\0".encode()
    )
    said.update(content)
    return said.digest()


HANDLERS = [add_picture]
