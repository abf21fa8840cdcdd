# SPDX-License-Identifier: Apache-2.0
"""Buyers who keep on buying while the house is being killed, and remember every answer they were given."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx

from silkcast.ground.ids import VariantId

V1 = "/api/v1"
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "code": "123"}
PAUSE_SECONDS = 0.3
ANSWERED = 201

Way = Literal["card", "leaves", "cash"]
WAYS: tuple[Way, ...] = ("card", "cash", "card", "leaves")
HOMES: Mapping[str, dict[str, str]] = {
    "FR": {
        "country": "FR",
        "name": "Léa Martin",
        "street": "3 rue des Lilas",
        "city": "Lyon",
        "postcode": "69003",
        "phone": "+33612345678",
    },
    "SA": {
        "country": "SA",
        "name": "Nora Ali",
        "street": "22 King Fahd Road",
        "city": "Riyadh",
        "postcode": "12211",
        "phone": "+966512345678",
    },
}


@dataclass
class Wanted:
    """One thing somebody wants: its key, what was asked under it, and what was answered, if anything was."""

    key: str
    way: Way
    body: dict[str, Any]
    number: str = ""
    secret: str = ""
    page: str = ""
    is_paid: bool = False
    lost: int = 0
    """Requests that were never answered, or with a fault."""

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.number)


@dataclass
class Crowd:
    """All of them, with what they want."""

    origin: str
    variants: tuple[VariantId, ...]
    delivery: dict[str, str] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    is_over: bool = False

    @property
    def acknowledged(self) -> list[Wanted]:
        return [one for one in self.wanted if one.is_acknowledged]

    async def learn(self) -> None:
        """Which delivery there is, as a shop window asks it."""
        async with client("127.0.0.9") as http:
            for market, method in (("FR", "card"), ("SA", "cod")):
                asked = {"variant": str(self.variants[0]), "market": market, "method": method}
                answer = await http.get(f"{self.origin}{V1}/offers", params=asked)
                self.delivery[market] = answer.json()["delivery"]["key"]

    def wish(self, choice: random.Random, way: Way) -> Wanted:
        market, method = ("SA", "cod") if way == "cash" else ("FR", "card")
        kinds = choice.sample(self.variants, choice.choice((1, 1, 2)))
        home = HOMES[market]
        body = {
            "market": market,
            "wanted": [{"variant": str(kind), "units": choice.randint(1, 2)} for kind in kinds],
            "buyer_name": home["name"],
            "phone": home["phone"],
            "ship_to": home,
            "delivery": self.delivery[market],
            "method": method,
        }
        return Wanted(str(uuid4()), way, body)

    async def buy_on(self, number: int) -> None:
        """One buyer: a thing after the other until all is over. Each comes from an address of their own,
        since the house counts how often anybody asks."""
        choice = random.Random(number)
        async with client(f"127.0.0.{10 + number}") as http:
            for turn in range(400):
                if self.is_over:
                    return
                one = self.wish(choice, WAYS[turn % len(WAYS)])
                self.wanted.append(one)
                await self.ask(http, one)
                if not one.is_acknowledged:
                    await asyncio.sleep(2 * PAUSE_SECONDS)
                    if choice.random() < 0.5:
                        await self.ask(http, one)  # some ask again at once, the others when all is over
                if one.is_acknowledged and one.way == "card":
                    await self.pay(http, one)
                await asyncio.sleep(PAUSE_SECONDS)

    async def ask(self, http: httpx.AsyncClient, one: Wanted) -> None:
        """Ask, or ask again: an answer that differs from the one before is a broken promise."""
        headers = {"idempotency-key": one.key}
        try:
            answer = await http.post(f"{self.origin}{V1}/checkouts", json=one.body, headers=headers)
        except httpx.TransportError:
            one.lost += 1
            return
        if answer.status_code != ANSWERED:
            one.lost += answer.status_code >= 500
            self.refusals.append(f"{answer.status_code} {answer.text[:200]}")
            return
        told = answer.json()
        if one.is_acknowledged:
            assert (told["number"], told["secret"]) == (one.number, one.secret), (
                "the same key, the same order"
            )
        one.number, one.secret = told["number"], told["secret"]
        if told["next_step"]:
            one.page = told["next_step"]["address"]

    async def pay(self, http: httpx.AsyncClient, one: Wanted) -> None:
        """Fill in the provider's page, which outlives the house."""
        if one.page:
            answer = await http.post(one.page, data=CARD)
            one.is_paid = answer.status_code == 303

    @property
    def units(self) -> dict[UUID, int]:
        """Units acknowledged, by variant."""
        found: dict[UUID, int] = {}
        for one in self.acknowledged:
            for line in one.body["wanted"]:
                found[UUID(line["variant"])] = found.get(UUID(line["variant"]), 0) + line["units"]
        return found


@asynccontextmanager
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with httpx.AsyncClient(transport=transport, timeout=10, trust_env=False) as made:
        yield made
