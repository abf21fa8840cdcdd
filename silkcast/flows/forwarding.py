# SPDX-License-Identifier: Apache-2.0
"""Forwarding: orders out of a pasted chat go into the queue of the taps, in the chat's order.

Nobody of the chat has a browser here, so each name stands for a buyer: a digest of the name, made with the
house's own key and for one deal. A message has a key too: its minute, name and words, and how often just that
was said before. So the same chat pasted twice, or a longer piece of it, asks for nothing a second time. The
chat itself is kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from silkcast.ground.ids import OrderId, VariantId, new_uuid
from silkcast.plumbing.db import swift_uuid
from silkcast.plumbing.vault import Vault
from silkcast.stage.deals import handing
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.comments import hearing
from silkcast.stage.deals.comments.hearing import Heard, Passed, When
from silkcast.stage.deals.committer import Tell
from silkcast.stage.deals.errors import Busy, ClaimNotKnown
from silkcast.stage.deals.lots import Given
from silkcast.stage.deals.values import Answer, Claim, Deal, Outcome, Want, claim_key
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.closings.errors import MarketIsClosed
from silkcast.who.markets.values import Market

from .claiming import Counter
from .commenting import Commenting

MOST_TRIES, TRY_AGAIN_SECONDS = 40, 0.05
"""For all of a chat together: then it is told that the queue is full."""


@dataclass(frozen=True, slots=True)
class Found:
    """An order in a chat, and its key: the name of its tick on the page."""

    heard: Heard
    key: UUID
    buyer: UUID


@dataclass(frozen=True, slots=True)
class Read:
    """A chat as it was understood."""

    orders: tuple[Found, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """An order that the host wants entered, and of which variant."""

    found: Found
    variant: VariantId


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a pick: what it was told, and its claim as it stands now."""

    picked: Picked
    told: Outcome | None = None
    claim: Claim | None = None
    place: int = 0
    word: str = ""
    """What the claim's link ends with, while nobody has taken it over and there is something to take."""
    refused: str = ""
    """The code of why there is no answer: not sold there, the queue is full, or nobody knows yet."""


async def read(
    commenting: Commenting, deal: Deal, chat: str, market: Market, language: str, when: When
) -> Read:
    """What a pasted chat orders of a deal, as people of a market say it."""
    messages = hearing.cut(chat)
    shelf = await commenting.shelf(deal, market)
    heard, passed = await asyncio.to_thread(
        hearing.hear,
        messages,
        shelf,
        market=market.code,
        language=language,
        limit=deal.limit,
        when=when,
    )
    vault = commenting.counter.scene.database.vault
    return Read(tuple(found(vault, deal, one) for one in heard), passed)


def found(vault: Vault, deal: Deal, heard: Heard) -> Found:
    said = heard.said
    buyer = digest(vault, "deals.chat_buyer", deal.id, heard.person)
    words = (buyer, said.day, said.at, said.text, heard.again, heard.part)
    key = claim_key(deal.id, buyer, digest(vault, "deals.chat_line", *words).bytes)
    return Found(heard, key, buyer)


def digest(vault: Vault, context: str, *parts: object) -> UUID:
    """Nobody can try names on it without the house's key."""
    return swift_uuid(vault.blind("\0".join(map(str, parts)), context)[:16])


async def enter(
    counter: Counter, deal: Deal, picks: Sequence[Picked], market: Market, language: str
) -> tuple[Entered, ...]:
    """Claim what was picked, one behind the other. Prices are worked out before the first one goes in."""
    wants: list[Want | str] = [await want(counter, deal, pick, market, language) for pick in picks]
    answers = await asyncio.gather(*await hand_in(counter, deal, wants))
    return await as_they_stand(counter, picks, answers)


async def want(counter: Counter, deal: Deal, pick: Picked, market: Market, language: str) -> Want | str:
    """The claim of a pick, or the code of why there can be none."""
    found = pick.found
    units = found.heard.units
    seat = await counter.seat(deal.id, pick.variant)
    try:
        terms = await counter.terms((deal.id, pick.variant, str(market.code), language, units), market)
    except (NotSoldHere, MarketIsClosed) as refusal:
        return refusal.code
    return Want(seat.lane, found.key, found.buyer, units, terms, OrderId(new_uuid()), str(market.code))


async def hand_in(
    counter: Counter, deal: Deal, wants: Sequence[Want | str]
) -> list[asyncio.Future[Answer | str]]:
    """All in their order. Where the queue is full they stand and wait, and nobody behind passes; if it stays
    full, the rest is told so."""
    loop = asyncio.get_running_loop()
    answers: list[asyncio.Future[Answer | str]] = []
    left = MOST_TRIES
    for one in wants:
        answer: asyncio.Future[Answer | str] = loop.create_future()
        answers.append(answer)
        if isinstance(one, str):
            answer.set_result(one)
            continue
        while left:
            try:
                counter.put(str(deal.show), one, teller(answer))
                break
            except Busy:
                left -= 1
                await asyncio.sleep(TRY_AGAIN_SECONDS)
        else:
            answer.set_result(Busy.code)
    return answers


def teller(answer: asyncio.Future[Answer | str]) -> Tell:
    def tell(given: Given) -> None:
        if not answer.done():
            answer.set_result(given.code if isinstance(given, Busy) else given or ClaimNotKnown.code)

    return tell


async def as_they_stand(
    counter: Counter, picks: Sequence[Picked], answers: Sequence[Answer | str]
) -> tuple[Entered, ...]:
    """What was told then is told again; what became of it since is looked up."""
    told = [one for one in answers if isinstance(one, Answer) and one.number]
    entered = []
    async with counter.scene.database.read() as db:
        names = {(one.lane, one.number) for one in told}
        claims, taken = await deals.named(db, names), await handing.taken_among(db, names)
        for pick, answer in zip(picks, answers, strict=True):
            if isinstance(answer, str):
                entered.append(Entered(pick, refused=answer))
                continue
            claim = claims.get((answer.lane, answer.number))
            place = await deals.place_of(db, claim) if claim else 0
            is_to_take = claim is not None and claim.state in ("open", "waiting")
            is_to_take = is_to_take and (answer.lane, answer.number) not in taken
            word = handing.word_of(db, answer.claim) if is_to_take else ""
            entered.append(Entered(pick, answer.outcome, claim, place, word))
    return tuple(entered)
