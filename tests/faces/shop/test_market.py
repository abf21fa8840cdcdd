# SPDX-License-Identifier: Apache-2.0
"""The chooser of the market: fifty-six places, found by any of their names, with and without script."""

from __future__ import annotations

import re

import httpx
import pytest

from silkcast.faces.finding import plain
from silkcast.who.markets import service as markets
from tests.faces.build import Town, visitor


def places(page: str) -> dict[str, str]:
    """Each place on the page and what it is found by."""
    found = re.findall(r'data-finds="([^"]*)"><input type="radio" name="market" value="([A-Z]{2})"', page)
    return {code: finds for finds, code in found}


async def test_every_market_is_there_once_by_region_in_its_own_language(town: Town) -> None:
    async with visitor(town, market="DE", language="fr") as client:
        answer = await client.get("/market")
    shown = places(answer.text)
    today = town.running.house.database.clock.now().date()
    assert set(shown) == {one.code for one in markets.markets(today)}
    assert len(re.findall(r'<details class="region"', answer.text)) == 6
    assert len(re.findall(r'<details class="region" open', answer.text)) == 1, "the chosen one's"
    assert '<bdi lang="de">Deutschland</bdi><bdi class="small ink-3">Allemagne</bdi>' in answer.text
    assert '<bdi lang="fr">France</bdi></span>' in answer.text, "once, where both names are one"


@pytest.mark.parametrize(
    ("find", "codes"),
    [
        ("deutsch", {"DE"}),
        ("ALLEMAGNE", {"DE"}),
        ("österreich", {"AT"}),
        ("osterreich", {"AT"}),
        ("日本", {"JP"}),
        ("brasil", {"BR"}),
        ("السعودية", {"SA"}),
        ("huf", {"HU"}),
        ("united kingdom", {"GB"}),
        ("nowhere at all", set()),
    ],
)
async def test_without_script_the_page_finds_them(town: Town, find: str, codes: set[str]) -> None:
    async with visitor(town, market="US", language="fr") as client:
        answer = await client.get("/market", params={"find": find})
    assert set(places(answer.text)) == codes | {"US"}, "and the one that is chosen stays"


async def test_what_is_too_long_to_be_looked_for_is_refused(french: httpx.AsyncClient) -> None:
    assert (await french.get("/market", params={"find": "x" * 61})).status_code == 422
    assert (await french.get("/market", params={"find": "\x00%&<script>"})).status_code == 200


def test_letters_are_compared_without_their_marks() -> None:
    assert plain("Türkİye ÉIRE Straße") == "turkiye eire strasse"
