# SPDX-License-Identifier: Apache-2.0
"""A rush for the demo: buyers with browsers of their own run into a flash deal of the house beside us.

    python -m silkcast.faces.demo.rush --port 8000 --deal ID --show ID --variant ID --market FR --market SA

They come in a wave of about twenty seconds, most of them early; some tap twice with the same key, as people
do who are not sure, and some write into the chat. What they were told is printed as a line of JSON twice a
second.
It only speaks to this machine, and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import secrets
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

MOST_AT_ONCE = 200
PATIENCE = 10.0
TRIES = 5
"""How often a buyer who is told `busy` asks again."""
TWICE = 0.06
TALKERS = 0.03
LANGUAGES = {"FR": "fr", "SA": "ar"}
"""Of a market's buyers; of others English."""
SAID = {
    "fr": ("Magnifique !", "Vite vite", "J'en ai une !", "Encore ?"),
    "ar": ("ما شاء الله", "أسرعوا", "حصلت على واحدة!", "هل بقي شيء؟"),
    "en": ("So pretty", "Go go go", "Got one!", "Any left?"),
}


@dataclass(slots=True)
class Told:
    """What the buyers were told so far."""

    buyers: int
    sent: int = 0
    answered: int = 0
    granted: int = 0
    waiting: int = 0
    sold_out: int = 0
    failed: int = 0
    p99_ms: float = 0.0
    is_over: bool = False


@dataclass(slots=True)
class Crowd:
    host: str
    port: int
    deal: str
    show: str
    variants: list[str]
    markets: list[str]
    told: Told
    waits: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))

    async def ask(self, path: str, body: object, cookie: str) -> tuple[int, dict[str, object]]:
        """One request on a connection of its own, as a browser's that has just come."""
        octets = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: {self.host}:{self.port}\r\n"
            f"origin: http://{self.host}:{self.port}\r\n"
            "sec-fetch-site: same-origin\r\ncontent-type: application/json\r\naccept: application/json\r\n"
            f"cookie: {cookie}\r\ncontent-length: {len(octets)}\r\nconnection: close\r\n\r\n"
        )
        async with self.places, asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(self.host, self.port)
            try:
                writer.write(head.encode() + octets)
                answer = await reader.read()
            finally:
                writer.close()
        first, _, rest = answer.partition(b"\r\n\r\n")
        said = json.loads(rest) if rest[:1] == b"{" else {}
        return int(first.split(b" ", 2)[1]), said

    async def buyer(self, comes_in: float, chance: random.Random) -> None:
        """Comes, perhaps says something, and taps."""
        await asyncio.sleep(comes_in)
        market = chance.choice(self.markets)
        language = LANGUAGES.get(market, "en")
        cookie = f"visitor={secrets.token_urlsafe(18)}; market={market}; language={language}"
        wish = {"variant": chance.choice(self.variants), "units": 1, "key": secrets.token_urlsafe(18)}
        taps = [self.tap(wish, cookie)]
        if chance.random() < TWICE:
            taps.append(self.tap(wish, cookie))
        self.told.sent += 1
        began = time.monotonic()
        outcome = (await asyncio.gather(*taps))[0]
        self.waits.append((time.monotonic() - began) * 1000)
        self.outcomes[outcome] += 1
        if chance.random() < TALKERS:
            await self.talk(chance.choice(SAID[language]), cookie)

    async def tap(self, wish: object, cookie: str) -> str:
        """The outcome of a claim, asked again with the same key while the house is busy."""
        for _ in range(TRIES):
            try:
                status, said = await self.ask(f"/deals/{self.deal}/claims", wish, cookie)
            except (OSError, TimeoutError, ValueError, IndexError):
                status, said = 503, {}
            if status != 503:
                return str(said.get("outcome") or "failed")
            await asyncio.sleep(1)
        return "failed"

    async def talk(self, text: str, cookie: str) -> None:
        try:
            await self.ask(f"/live/{self.show}/chat", {"text": text}, cookie)
        except (OSError, TimeoutError, ValueError, IndexError):
            return  # an unheard word matters to nobody

    def look(self) -> Told:
        told = self.told
        told.answered = sum(self.outcomes.values())
        told.granted, told.waiting = self.outcomes["granted"], self.outcomes["waiting"]
        told.sold_out = self.outcomes["sold_out"] + self.outcomes["not_running"]
        told.failed = told.answered - told.granted - told.waiting - told.sold_out
        if self.waits:
            told.p99_ms = round(sorted(self.waits)[int(len(self.waits) * 0.99 - 1e-9)], 1)
        return told


async def rush(crowd: Crowd, seconds: float, wait: float, *, seed: int | None = None) -> Told:
    """All of them, come and answered."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret but the cookies

    async def tell() -> None:
        while True:
            print(json.dumps(asdict(crowd.look())), flush=True)
            await asyncio.sleep(0.5)

    telling = asyncio.create_task(tell())
    await asyncio.sleep(wait)
    # a steep front and a long back, as when a host says "now"
    arrivals = [seconds * chance.betavariate(1.3, 3.2) for _ in range(crowd.told.buyers)]
    await asyncio.gather(*(crowd.buyer(at, chance) for at in arrivals))
    telling.cancel()
    told = crowd.look()
    told.is_over = True
    print(json.dumps(asdict(told)), flush=True)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--deal", required=True)
    parser.add_argument("--show", required=True)
    parser.add_argument("--variant", action="append", required=True)
    parser.add_argument("--market", action="append", required=True, help="where buyers come from")
    parser.add_argument("--buyers", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--wait", type=float, default=0.0, help="seconds until the deal begins")
    asked = parser.parse_args()
    told = Told(asked.buyers)
    crowd = Crowd("127.0.0.1", asked.port, asked.deal, asked.show, asked.variant, asked.market, told)
    asyncio.run(rush(crowd, asked.seconds, asked.wait))


if __name__ == "__main__":
    main()
