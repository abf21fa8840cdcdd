# SPDX-License-Identifier: Apache-2.0
"""What a room allows, and the shop's own blocked words."""

from __future__ import annotations

from silkcast.ground.ids import SellerId, ShowId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.errors import TooManyWords
from silkcast.stage.chat.events import SpeakingChanged
from silkcast.stage.chat.rules import blocked
from silkcast.stage.chat.rules import keeping as rules
from silkcast.stage.chat.store import keeping as store
from silkcast.stage.chat.values import Speaking


async def speaking(db: Db, show: ShowId) -> Speaking:
    found, _ = await store.speaking(db, show)
    return found


async def allow(tx: Tx, show: ShowId, wanted: Speaking) -> Speaking:
    """Slow mode, links, who may speak: for this show from now on. The same again changes nothing."""
    rules.check_speaking(wanted)
    before, _ = await store.speaking(tx, show)
    if before != wanted:
        await store.put_speaking(tx, show, wanted)
        tx.announce(SpeakingChanged(show))
    return wanted


async def words(db: Db, seller: SellerId) -> tuple[str, ...]:
    """The shop's own list; the house's comes on top."""
    return await store.words(db, seller)


async def add_word(tx: Tx, seller: SellerId, word: str) -> str:
    """Hold lines with this word in all shows of the shop."""
    checked = blocked.check_word(word)
    if len(await store.words(tx, seller)) >= blocked.MOST_WORDS:
        raise TooManyWords(blocked.MOST_WORDS)
    await store.add_word(tx, seller, checked)
    return checked


async def remove_word(tx: Tx, seller: SellerId, word: str) -> None:
    """Again: nothing more happens."""
    await store.remove_word(tx, seller, word)


async def market_words(db: Db, market: Country) -> tuple[str, ...]:
    """What a market's team keeps out of lines from there, in every room."""
    return await store.market_words(db, market)


async def add_market_word(tx: Tx, market: Country, word: str) -> str:
    checked = blocked.check_word(word)
    if len(await store.market_words(tx, market)) >= blocked.MOST_WORDS:
        raise TooManyWords(blocked.MOST_WORDS)
    await store.add_market_word(tx, market, checked)
    return checked


async def remove_market_word(tx: Tx, market: Country, word: str) -> None:
    """Again: nothing more happens."""
    await store.remove_market_word(tx, market, word)
