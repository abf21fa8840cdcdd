# SPDX-License-Identifier: Apache-2.0
"""Local: what a local team changes in its market. Every verb asks whether this person may do this there,
holds it against head office's limits, does it, and writes down what was before and after, who, when and why.

Undoing a change is a change too: it goes back to what was before, by the same right and within the same
limits, as long as nobody changed the same thing again.
"""

from __future__ import annotations

from uuid import UUID

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import ProductNotFound
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import ChangeId, UserId, VariantId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat import service as chat
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.closings.values import Closure
from silkcast.who.identity import managing
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market
from silkcast.who.teams import service as teams
from silkcast.who.teams.errors import BadText, NoBasePrice
from silkcast.who.teams.values import DISCOUNT_KEY, Change, What

RIGHT: dict[What, str] = {
    "price": "market.prices",
    "floor": "market.floors",
    "deal_discount": "market.deals",
    "word": "market.words",
    "text": "market.texts",
}


async def change(
    tx: Tx, user: UserId, market: Country, what: What, key: str, value: str, why: str
) -> Change | None:
    """Set one thing of a market as somebody typed it; empty takes it away. None where it is so already."""
    return await _change(tx, user, market, what, key, value, why, None)


async def undo(tx: Tx, user: UserId, market: Country, id: ChangeId, why: str) -> Change | None:
    """Back to what was before a change."""
    old = await teams.to_undo(tx, market, id)
    return await _change(tx, user, market, old.what, old.key, old.before, why, id)


async def _change(
    tx: Tx,
    user: UserId,
    code: Country,
    what: What,
    key: str,
    value: str,
    why: str,
    undoes: ChangeId | None,
) -> Change | None:
    await managing.check(tx, user, RIGHT[what], code)
    market = markets.market(code, tx.now.date())
    await teams.begin(tx, code, what, key)
    if what in ("price", "floor"):
        label, before, after = await _amount(tx, market, what, key, value)
    elif what == "deal_discount":
        key, label = DISCOUNT_KEY, ""
        before, after = await _discount(tx, code, value)
    elif what == "word":
        label, before, after = await _word(tx, code, key, value)
        key = label
    else:
        label = key
        before, after = await _text(tx, code, key, value)
    if before == after:
        return None
    made = await teams.note(
        tx, code, what, key, label=label, before=before, after=after, why=why, undoes=undoes
    )
    verb = "market.change_undone" if undoes else "market.changed"
    await audit.record(tx, verb, "market", code, what=what, change=str(made.id))
    return made


async def _amount(tx: Tx, market: Market, what: What, key: str, value: str) -> tuple[str, str, str]:
    """A price or a floor of one variant."""
    variant = VariantId(_uuid(key))
    found = (await catalog.variants(tx, [variant])).get(variant)
    if found is None:
        raise ProductNotFound
    now = (await pricing.prices(tx, [variant], market.code)).get(variant)
    if now is None:
        raise NoBasePrice
    base = await teams.base_price(tx, variant, market.code, now.amount)
    limits = await teams.limits(tx, market.code, found.product.seller)
    wanted = pricing.read(value, market.currency) if value.strip() else None
    if wanted is not None:
        teams.check_amount(what, wanted, base, limits)
    if what == "price":
        if wanted is None:
            raise BadText("value")
        before: Money | None = now.amount
        await pricing.set_price(tx, variant, market.code, wanted, currency=market.currency)
        await teams.note_local_price(tx, variant, market.code, base, wanted)
    else:
        floors = (await pricing.floors_everywhere(tx, [variant]))[variant]
        floor = floors.get(market.code)
        before = floor.amount if floor else None
        await pricing.set_floor(tx, variant, market.code, wanted, currency=market.currency)
    return found.variant.sku, _plain(before), _plain(wanted)


def _uuid(key: str) -> VariantId:
    try:
        return VariantId(UUID(key))
    except ValueError:
        raise ProductNotFound from None


def _plain(amount: Money | None) -> str:
    return str(amount.amount) if amount is not None else ""


async def _discount(tx: Tx, market: Country, value: str) -> tuple[str, str]:
    given = value.strip().removesuffix("%").strip()
    if given and not (given.isascii() and given.isdecimal() and len(given) <= 3):
        raise BadText("value")
    if given:
        given = str(int(given))
        teams.check_discount(int(given), await teams.limits(tx, market))
    before = await teams.setting(tx, market, "deal_discount", DISCOUNT_KEY)
    await teams.set_setting(tx, market, "deal_discount", DISCOUNT_KEY, given)
    return before, given


async def _word(tx: Tx, market: Country, word: str, value: str) -> tuple[str, str, str]:
    """On the list or off it: the value is the word, or empty."""
    known = await chat.market_words(tx, market)
    if value.strip():
        word = await chat.add_market_word(tx, market, word)
    else:
        await chat.remove_market_word(tx, market, word)
    return word, word if word in known else "", word if value.strip() else ""


async def _text(tx: Tx, market: Country, language: str, value: str) -> tuple[str, str]:
    if language not in tongues.spoken():
        raise BadText("language")
    words = teams.text_of(value)
    before = await teams.setting(tx, market, "text", language)
    await teams.set_setting(tx, market, "text", language, words)
    return before, words


async def close(
    tx: Tx, user: UserId, market: Country, *, reason: str, link: str = "", refund: bool = False
) -> Closure:
    """A market manager closes their market, if head office lets them. Only the operator closes ahead."""
    await managing.check(tx, user, "market.close", market)
    closure = await closings.close(
        tx, market, reason=reason, link=link, open_orders="refund" if refund else "finish"
    )
    await audit.record(
        tx, "market.closed", "market", market, reason=closure.reason, open_orders=closure.open_orders
    )
    return closure


async def reopen(tx: Tx, user: UserId, market: Country, reason: str) -> Closure:
    await managing.check(tx, user, "market.close", market)
    opened = await closings.reopen(tx, market, reason)
    await audit.record(tx, "market.reopened", "market", market, reason=opened.ended_why)
    return opened


async def text_for(db: Db, market: Country, language: str) -> str:
    """What a market's team tells buyers, in their language, else in English, else in none."""
    found = await teams.texts(db, market)
    return found.get(language) or found.get("en", "")
