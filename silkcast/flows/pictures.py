# SPDX-License-Identifier: Apache-2.0
"""Pictures: what a seller uploads is read, stripped of what it says of its maker, and kept in four widths.

Nothing of the file itself is handed on: it is decoded to pixels and written anew, so what is not a picture
(and what hides in one) ends here.
"""

from __future__ import annotations

import asyncio
import io
import warnings
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageOps

from silkcast.ground.ids import FileId, new_uuid
from silkcast.plumbing.files import Files
from silkcast.plumbing.files.files import NoSuchFile

from .errors import NoPicture, PictureTooLarge

MOST_MEGABYTES = 10
MOST_PIXELS = 40_000_000
WIDTHS = (160, 320, 640, 960)
SHARED = (1200, 630)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that is kept: its id, and the size of its largest copy."""

    file: FileId
    width: int
    height: int


def name_of(file: FileId, width: int) -> str:
    """Where one width of a picture lies."""
    return f"pictures/{file}-{width}.webp"


def shared_name(file: FileId) -> str:
    """Where the copy lies that chats show beside a link."""
    return f"pictures/{file}-shared.jpg"


async def shared(files: Files, file: FileId) -> bytes:
    """The picture as chats show it: 1200 by 630, JPEG, whole, on a calm ground of its own colour.

    Made when it is first asked for; `NoSuchFile` where no such picture is kept.
    """
    name = shared_name(file)
    with suppress(NoSuchFile):
        return await files.get(name)
    content = await files.get(name_of(file, WIDTHS[-1]))
    octets = await asyncio.to_thread(_shared, content)
    await files.put(name, octets, "image/jpeg")
    return octets


def _shared(content: bytes) -> bytes:
    picture = _decoded(content).convert("RGB")
    ground = picture.resize((1, 1), Image.Resampling.BOX).resize(SHARED)
    picture = ImageOps.contain(picture, SHARED, Image.Resampling.LANCZOS)
    ground.paste(picture, ((SHARED[0] - picture.width) // 2, (SHARED[1] - picture.height) // 2))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=84, optimize=True)
    return written.getvalue()


async def keep(files: Files, content: bytes) -> Kept:
    """Keep a picture, or refuse what is none."""
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise PictureTooLarge(MOST_MEGABYTES)
    copies = await asyncio.to_thread(copies_of, content)
    file = FileId(new_uuid())
    for width, (octets, _) in copies.items():
        await files.put(name_of(file, width), octets, "image/webp")
    return Kept(file, *copies[WIDTHS[-1]][1])


def copies_of(content: bytes) -> dict[int, tuple[bytes, tuple[int, int]]]:
    """The picture in each width, never larger than it came, with its true size."""
    picture = _decoded(content)
    copies = {}
    for width in WIDTHS:
        copy = picture.copy()
        copy.thumbnail((width, width * 3), Image.Resampling.LANCZOS)
        written = io.BytesIO()
        copy.save(written, "WEBP", quality=80, method=4)
        copies[width] = (written.getvalue(), copy.size)
    return copies


def _decoded(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS or min(found.size) < 16:
                    raise NoPicture
                found.load()
                upright = ImageOps.exif_transpose(found)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):
        raise NoPicture from None
    if upright.mode not in ("RGB", "RGBA"):
        upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean
