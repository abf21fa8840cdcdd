# SPDX-License-Identifier: Apache-2.0
"""No text is left out of the catalog: the main pages, drawn in a language of brackets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from babel import Locale

from silkcast.ground.places import COUNTRIES
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Database
from silkcast.plumbing.tongues import LanguageSettings
from silkcast.stage.rooms import service as rooms
from silkcast.who.identity import service as identity
from tests.faces.build import NOBODY, Town, open_town
from tests.faces.pseudo import CLOSE, OPEN, left_out, pseudo, write_language
from tests.faces.running import ORIGIN, browser, person

ENGLISH = Locale.parse("en")
PEOPLE_WROTE = (
    "A cup on a wooden table|Celadon tea cup|Celadon|Moon white|Winter glazes|Qinghe Kiln|QK|Kiln store"
    "|porcelain|Lin Yue|Mei Lin|ML|CUP-CELADON|CUP-MOON|Tableware and kitchenware; of porcelain or china"
)
NAMES = "Silkcast|Pseudo|sandbox|cod|/shops/|Hong Kong"
DATA = re.compile(
    "|".join(
        (
            PEOPLE_WROTE,
            NAMES,
            *sorted(map(re.escape, ENGLISH.territories.values()), key=len, reverse=True),
            *(re.escape(tongue.name) for tongue in tongues.known().values()),
            rf"\b(?:{'|'.join((*ENGLISH.currencies, *COUNTRIES))})\b",
            r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",
            r"\b(?:AM|PM|kg|mm|cm|MB)\b",
        )
    )
)
"""What is no sentence: what people wrote, names, and what CLDR says."""


@dataclass(frozen=True, slots=True)
class Place:
    town: Town
    owner: str
    operator: str

    async def pages(self, paths: Sequence[str], session: str = "") -> AsyncIterator[tuple[str, str]]:
        async with browser(self.town.running, session) as client:
            client.cookies.update({"market": "FR", "language": "en-XA"})
            for path in paths:
                answer: httpx.Response = await client.get(path)
                assert answer.status_code in (200, 404), path
                yield path, answer.text


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> AsyncIterator[Place]:
    own = tmp_path / "own"
    write_language(own, "en-XA", "Pseudo")
    town = await open_town(
        database,
        tmp_path,
        settings=f'origin = "{ORIGIN}"\n["payment.sandbox"]\nurl = "{NOBODY}"\n[languages]\nfolder = "{own}"',
    )
    async with database.write() as tx:
        session = await identity.open_session(tx, town.seller.owner)
        await rooms.start(tx, town.show.id, town.seller.id)
    operator = await person(database, is_operator=True)
    yield Place(town, session.token, operator.session)
    tongues.use(LanguageSettings())


async def forgotten(pages: AsyncIterator[tuple[str, str]]) -> list[str]:
    found = []
    async for path, text in pages:
        assert '<html lang="en-XA"' in text, path
        assert OPEN in text, path
        found += [f"{path}: {one}" for one in left_out(text) if re.search("[A-Za-z]{2}", DATA.sub("", one))]
    return found


async def test_pages_of_buyers_say_nothing_that_no_catalog_has(place: Place) -> None:
    town = place.town
    paths = (
        *("/", "/live", "/market", "/about", "/prices", "/search?q=cup", "/search?q=nothing", "/nowhere"),
        *("/log-in", "/register", "/legal/terms", "/legal/privacy"),
        *(town.path, f"/shop/{town.seller.slug}", f"/room/{town.show.slug}"),
        *(f"/buy/{town.variant.id}", f"/buy/{town.variant.id}/address", f"/why/{town.variant.id}"),
    )

    assert await forgotten(place.pages(paths)) == []


async def test_pages_of_sellers_say_nothing_that_no_catalog_has(place: Place) -> None:
    shows, products = f"/studio/shows/{place.town.show.id}", f"/studio/products/{place.town.product.id}"
    paths = (
        *("/studio", "/studio/products", "/studio/products/new", products, f"{products}/prices"),
        *("/studio/stock", "/studio/warehouses", "/studio/orders", "/studio/returns", "/studio/customs"),
        *(
            "/studio/shows",
            "/studio/shows/new",
            shows,
            f"{shows}/live",
            f"{shows}/deals",
        ),
        *("/studio/settings", "/studio/tokens", "/studio/payouts"),
    )

    assert await forgotten(place.pages(paths, place.owner)) == []


async def test_pages_of_operators_say_nothing_that_no_catalog_has(place: Place) -> None:
    names = (
        "",
        "/orders",
        "/sellers",
        "/declarations",
        "/audit",
        "/notices",
        "/ledger",
        "/payments",
        "/promises",
    )

    assert await forgotten(place.pages([f"/desk{name}" for name in names], place.operator)) == []


def test_what_is_left_out_is_noticed() -> None:
    page = (
        f"<p>{OPEN}ok %{CLOSE} Sold out</p><img alt='A cup'><bdi>Mei</bdi><p>{OPEN}a <b>b</b>{CLOSE} · 12</p>"
    )

    assert left_out(page) == ["Sold out", "A cup"]


def test_the_pseudo_language_is_longer_and_keeps_its_places() -> None:
    said = pseudo("%(num)s of <b>%(all)s</b> pieces are `sold`.")

    assert said.startswith(OPEN)
    assert said.endswith(CLOSE)
    assert "%(num)s" in said
    assert "<b>%(all)s</b>" in said
    assert "`sold`" in said
    assert len(pseudo("Add to the basket")) >= len("Add to the basket") * 1.4
