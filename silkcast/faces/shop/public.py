# SPDX-License-Identifier: Apache-2.0
import re
from contextlib import suppress
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.enums import MediaType

from silkcast.faces.house import House
from silkcast.faces.words.catalog import script_words
from silkcast.ground.refusals import NotFound, Unavailable
from silkcast.plumbing import tongues
from silkcast.plumbing.files.files import BadName, media_type_of
from silkcast.plumbing.metrics import CONTENT_TYPE

PICTURE = re.compile(r"[0-9a-z][0-9a-z.-]*\.(?:webp|avif|jpg|png)")
FOR_GOOD = "public, max-age=31536000, immutable"
ROBOTS = """\
User-agent: *
Disallow: /api/
Disallow: /buy/
Disallow: /desk
Disallow: /live/
Disallow: /log-in
Disallow: /market
Disallow: /order/
Disallow: /orders
Disallow: /search
Disallow: /share
Allow: /share/pictures/
Disallow: /studio
Disallow: /you
"""


@get("/files/pictures/{name:str}")
async def picture(request: Request[Any, Any, State], house: House, name: str) -> Response[bytes]:
    """A picture of a product or shop. Its name changes when it does, so it may be kept for good."""
    if PICTURE.fullmatch(name) is None:
        raise NotFound
    headers = {"cache-control": FOR_GOOD, "etag": f'"{name}"'}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(b"", status_code=304, headers=headers)
    try:
        content = await house.scene.files.get(f"pictures/{name}")
    except BadName:
        raise NotFound from None
    return Response(content, media_type=media_type_of(name), headers=headers)


@get("/words/{file:str}")
async def words(file: str) -> Response[bytes]:
    """The scripts' sentences of a language that came after the scripts were built, by its data alone."""
    language = file.removesuffix(".json")
    if not file.endswith(".json") or not tongues.is_spoken(language):
        raise NotFound
    body = script_words(language).encode()
    return Response(body, media_type=MediaType.JSON, headers={"cache-control": "public, max-age=3600"})


@get("/robots.txt", media_type=MediaType.TEXT)
async def robots() -> str:
    return ROBOTS


@get("/health/live", media_type=MediaType.TEXT)
async def is_live() -> str:
    """The process answers."""
    return "ok\n"


@get("/health/ready")
async def is_ready(house: House) -> Response[dict[str, str]]:
    """Every check passes: send visitors here."""
    said = await house.health.ready()
    return Response(said.answers, status_code=200 if said.is_ready else 503)


@get("/metrics")
async def metrics(house: House) -> Response[bytes]:
    """In Prometheus's own format. While the database is away: what this process knows by itself."""
    with suppress(Unavailable):
        await house.metrics.look(house.database, house.hub)
    return Response(house.metrics.render(), headers={"content-type": CONTENT_TYPE})


ROUTES = (picture, words, robots, is_live, is_ready, metrics)
