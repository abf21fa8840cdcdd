# SPDX-License-Identifier: Apache-2.0
"""The quote by HTTP, asked in every wrong way: an offer that adds up or a refusal, never a fault."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from silkcast.faces.api import access
from silkcast.plumbing.db import Database
from tests.faces.build import Town, open_town, visitor

STRANGE = [
    "",
    " ",
    "\x00",
    "ZZ",
    "fr",
    "FRA",
    "../FR",
    "F\u0052\u0301",
    "٣",
    "-1",
    "1e9",
    "NaN",
    "9" * 400,
    "{}",
    "%00",
    "😀",
]


@pytest.fixture
async def town(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(access, "PUBLIC_PER_MINUTE", 1_000_000)
    return await open_town(database, tmp_path)


@pytest.fixture
async def client(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town) as client:
        yield client


async def test_an_offer_adds_up_and_tells_its_steps(town: Town, client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/offers", params={"variant": str(town.variant.id), "market": "FR"})
    assert answer.status_code == 200
    offer = answer.json()
    at_checkout = [line for line in offer["lines"] if line["collected_at"] == "checkout"]
    assert sum(Decimal(line["amount"]["amount"]) for line in at_checkout) == Decimal(offer["total"]["amount"])
    taxed = next(line for line in offer["lines"] if line["kind"] == "tax")
    codes = [step["code"] for step in taxed["steps"]]
    assert codes[-2:] == ["base", "rate"]
    assert taxed["steps"][-1]["mark"] in ("verified", "knowledge")
    assert taxed["steps"][-1]["valid_from"]


async def test_whatever_is_asked_nothing_breaks(town: Town, client: httpx.AsyncClient) -> None:
    by = random.Random(4)
    good = {
        "variant": str(town.variant.id),
        "market": "FR",
        "units": "1",
        "delivery": "x/y",
        "method": "card",
    }
    outcomes = set()
    for _ in range(150):
        asked = {name: of for name, of in good.items() if name in ("variant", "market") or by.random() < 0.5}
        for name in by.sample(sorted(good), by.randint(0, 2)):
            asked[name] = by.choice([*STRANGE, "US", "SA", "SG", "cod", "1000", "1001", "0"])
        if by.random() < 0.1:
            asked.pop(by.choice(sorted(asked)))
        answer = await client.get("/api/v1/offers", params=asked)
        outcomes.add(answer.status_code)
        assert answer.status_code < 500, asked
        if answer.status_code == 200:
            assert Decimal(answer.json()["total"]["amount"]) > 0
        else:
            assert answer.json()["code"], asked
    assert {200, 404} < outcomes


@pytest.mark.parametrize("market", STRANGE)
async def test_a_strange_market_is_refused(town: Town, client: httpx.AsyncClient, market: str) -> None:
    answer = await client.get("/api/v1/offers", params={"variant": str(town.variant.id), "market": market})
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]
