# SPDX-License-Identifier: Apache-2.0
"""Pictures of the studio: addresses of kept files, and uploads."""

from __future__ import annotations

from litestar.datastructures import UploadFile

from silkcast.faces.shop.views import Image
from silkcast.flows import pictures
from silkcast.flows.errors import NoPicture, PictureTooLarge
from silkcast.flows.pictures import WIDTHS
from silkcast.goods.catalog.values import Picture, Product
from silkcast.ground.ids import FileId
from silkcast.plumbing.files import Files


def address_of(file: FileId, width: int) -> Image:
    return Image(
        address=f"/files/{pictures.name_of(file, width)}",
        sizes=", ".join(f"/files/{pictures.name_of(file, one)} {one}w" for one in WIDTHS),
    )


def image_of(picture: Picture, language: str) -> Image:
    plain = address_of(picture.file, 320)
    return Image(plain.address, picture.alt.text(language), picture.width, picture.height, plain.sizes)


def first_image(product: Product, language: str) -> Image | None:
    return image_of(product.pictures[0], language) if product.pictures else None


async def kept(files: Files, upload: object) -> pictures.Kept | None:
    """The uploaded picture, kept; None where the field was left empty."""
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    content = await upload.read(pictures.MOST_MEGABYTES * 1024 * 1024 + 1)
    if len(content) > pictures.MOST_MEGABYTES * 1024 * 1024:
        raise PictureTooLarge(pictures.MOST_MEGABYTES)
    if not content:
        raise NoPicture
    return await pictures.keep(files, content)
