# SPDX-License-Identifier: Apache-2.0
"""A local team changes its own market within head office's limits, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from silkcast.flows import local
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import ChangeId, UserId, VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Actor, Tx
from silkcast.stage.chat import service as chat
from silkcast.stage.deals.errors import DiscountTooHigh
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import MarketIsClosed
from silkcast.who.identity import managing
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import (
    NoSuchManager,
    NoSuchUser,
    NotYourMarket,
    RightMissing,
    UnknownRight,
)
from silkcast.who.identity.values import MARKET_RIGHTS
from silkcast.who.teams import service as teams
from silkcast.who.teams.errors import (
    AlreadyUndone,
    BadLimits,
    BadText,
    BeyondLimits,
    ChangedSince,
    NoBasePrice,
    NoSuchChange,
)
from silkcast.who.teams.values import Limits
from tests.flows.shop import open_the_shop
from tests.stage.deals.build import stall

FR, US = Country("FR"), Country("US")
WIDE = Limits(FR, None, price_down=20, price_up=10, floor_down=50, floor_up=0, deal_most=40, why="a season")


@pytest.fixture
async def cup(tx: Tx) -> VariantId:
    """12.50 EUR in France."""
    _, _, products = await open_the_shop(tx)
    return products["cup"].variants[0].id


@pytest.fixture
async def manager(tx: Tx, cup: VariantId) -> UserId:
    """May do everything in France, within wide limits."""
    user = await identity.register(
        tx, contact="lea@example.org", password="kiln-and-clay-88", name="Léa", language="fr"
    )
    await managing.grant(tx, user.id, FR, MARKET_RIGHTS, "knows France")
    await teams.set_limits(tx, WIDE)
    tx.actor = Actor("user", user.id, "Léa")
    return user.id


async def price(tx: Tx, cup: VariantId, market: Country = FR) -> str:
    return str((await pricing.prices(tx, [cup], market))[cup].amount.amount)


async def test_a_price_within_limits_is_set_and_written_down(tx: Tx, manager: UserId, cup: VariantId) -> None:
    made = await local.change(tx, manager, FR, "price", str(cup), "11.00", "a rival")

    assert await price(tx, cup) == "11.00"
    assert made is not None
    assert (made.before, made.after, made.why, made.by, made.at) == (
        "12.50",
        "11.00",
        "a rival",
        manager,
        tx.now,
    )
    assert await local.change(tx, manager, FR, "price", str(cup), "11.00", "again") is None
    assert [one.id for one in await teams.changes(tx, FR)] == [made.id]
    (entry,) = await audit.entries(tx, object_id="FR")
    assert (entry.verb, entry.facts["what"]) == ("market.changed", "price")


async def test_limits_are_held_against_the_shops_own_price(tx: Tx, manager: UserId, cup: VariantId) -> None:
    """Twenty percent down of 12.50 is 10.00, however often it is asked."""
    await local.change(tx, manager, FR, "price", str(cup), "10.00", "as low as can be")
    for amount in ("9.99", "13.76"):
        with pytest.raises(BeyondLimits) as refused:
            await local.change(tx, manager, FR, "price", str(cup), amount, "more")
        assert refused.value.facts() == {"what": "price", "least": "10.00 EUR", "most": "13.75 EUR"}
    assert await price(tx, cup) == "10.00"

    await pricing.set_price(tx, cup, FR, Money.of("20.00", "EUR"), currency="EUR")
    await local.change(tx, manager, FR, "price", str(cup), "22.00", "from the shop's newer price")
    assert await price(tx, cup) == "22.00"


async def test_a_shop_may_have_limits_of_its_own(tx: Tx, manager: UserId, cup: VariantId) -> None:
    from silkcast.goods.catalog import service as catalog

    seller = (await catalog.variants(tx, [cup]))[cup].product.seller
    await teams.set_limits(tx, replace(WIDE, seller=seller, price_down=0))

    with pytest.raises(BeyondLimits):
        await local.change(tx, manager, FR, "price", str(cup), "12.49", "not for this shop")
    assert (await teams.limits(tx, FR)).price_down == 20
    assert [one.why for one in await teams.limits_history(tx, FR)] == ["a season", "a season"]


async def test_without_limits_nothing_moves(tx: Tx, manager: UserId, cup: VariantId) -> None:
    await managing.grant(tx, manager, US, MARKET_RIGHTS, "America too")

    with pytest.raises(BeyondLimits):
        await local.change(tx, manager, US, "price", str(cup), "13.99", "no limits were set")
    with pytest.raises(BeyondLimits):
        await local.change(tx, manager, US, "deal_discount", "most", "5", "no limits were set")


@pytest.mark.parametrize(
    ("what", "key", "value"),
    [
        ("price", "cup", "12.00"),
        ("floor", "cup", "9.00"),
        ("deal_discount", "most", "10"),
        ("word", "grossier", "grossier"),
        ("text", "fr", "Bonjour"),
    ],
)
async def test_another_market_and_a_right_that_is_missing(
    tx: Tx, manager: UserId, cup: VariantId, what: local.What, key: str, value: str
) -> None:
    key = str(cup) if key == "cup" else key
    with pytest.raises(NotYourMarket) as stranger:
        await local.change(tx, manager, US, what, key, value, "over the sea")
    assert stranger.value.code == "identity.not_your_market"

    await managing.grant(tx, manager, FR, {"market.appeals"}, "only appeals now")
    with pytest.raises(RightMissing) as missing:
        await local.change(tx, manager, FR, what, key, value, "no longer")
    assert missing.value.code == "identity.right_missing"
    assert await teams.changes(tx) == []

    await managing.revoke(tx, manager, FR, "left us")
    with pytest.raises(NotYourMarket):
        await local.change(tx, manager, FR, what, key, value, "gone")


async def test_permission_is_a_plain_question(tx: Tx, manager: UserId) -> None:
    somebody = await identity.register(
        tx, contact="ann@example.org", password="kiln-and-clay-88", name="Ann", language="en"
    )
    assert await managing.may(tx, manager, "market.appeals", FR)
    assert not await managing.may(tx, manager, "market.appeals", US)
    assert not await managing.may(tx, somebody.id, "market.appeals", FR)
    await identity.make_operator(tx, somebody.id)
    assert await managing.may(tx, somebody.id, "market.appeals", FR)
    with pytest.raises(UnknownRight):
        await managing.may(tx, manager, "market.everything", FR)
    with pytest.raises(UnknownRight):
        await managing.grant(tx, manager, FR, (), "nothing")
    with pytest.raises(NoSuchUser):
        await managing.grant(tx, UserId(new_uuid()), FR, {"market.words"}, "nobody")
    with pytest.raises(NoSuchManager):
        await managing.revoke(tx, somebody.id, FR, "never was")


async def test_floor_discount_word_and_text(tx: Tx, manager: UserId, cup: VariantId) -> None:
    await local.change(tx, manager, FR, "floor", str(cup), "8.00", "costs")
    await local.change(tx, manager, FR, "deal_discount", "most", "30 %", "no more than that")
    await local.change(tx, manager, FR, "word", "grossier", "grossier", "a rude word")
    await local.change(tx, manager, FR, "text", "fr", "Livraison sous 10 jours", "strikes")

    floors = await pricing.floors_everywhere(tx, [cup])
    assert str(floors[cup][FR].amount.amount) == "8.00"
    assert await teams.deal_discounts(tx) == {FR: 30}
    assert await chat.market_words(tx, FR) == ("grossier",)
    assert await local.text_for(tx, FR, "fr") == "Livraison sous 10 jours"
    assert await local.text_for(tx, FR, "ar") == ""
    for what, key, value in (
        ("floor", str(cup), "6.24"),
        ("floor", str(cup), "12.51"),
        ("deal_discount", "most", "41"),
    ):
        with pytest.raises(BeyondLimits):
            await local.change(tx, manager, FR, what, key, value, "too far")  # type: ignore[arg-type]
    for what, key, value in (
        ("deal_discount", "most", "a lot"),
        ("text", "tlh", "nuqneH"),
        ("text", "fr", "x" * 601),
        ("price", str(cup), ""),
    ):
        with pytest.raises(BadText):
            await local.change(tx, manager, FR, what, key, value, "wrong")  # type: ignore[arg-type]
    with pytest.raises(BadText):
        await local.change(tx, manager, FR, "text", "fr", "Autre", "  ")
    assert len(await teams.changes(tx, FR)) == 4


async def test_what_is_not_sold_there_has_no_local_price(tx: Tx, manager: UserId, cup: VariantId) -> None:
    await pricing.clear_price(tx, cup, FR)
    with pytest.raises(NoBasePrice):
        await local.change(tx, manager, FR, "price", str(cup), "12.00", "not sold")


async def test_one_change_is_undone_and_the_undoing_is_a_change(
    tx: Tx, manager: UserId, cup: VariantId
) -> None:
    first = await local.change(tx, manager, FR, "price", str(cup), "11.00", "a rival")
    words = await local.change(tx, manager, FR, "word", "grossier", "grossier", "a rude word")
    assert first is not None
    assert words is not None

    undone = await local.undo(tx, manager, FR, first.id, "the rival is gone")

    assert undone is not None
    assert (undone.before, undone.after, undone.undoes) == ("11.00", "12.50", first.id)
    assert await price(tx, cup) == "12.50"
    with pytest.raises(AlreadyUndone):
        await local.undo(tx, manager, FR, first.id, "twice")
    await local.undo(tx, manager, FR, undone.id, "the rival is back")
    assert await price(tx, cup) == "11.00"
    await local.undo(tx, manager, FR, words.id, "not so rude")
    assert await chat.market_words(tx, FR) == ()
    for market, id in ((US, first.id), (FR, ChangeId(UUID(int=1)))):
        with pytest.raises(NoSuchChange):
            await local.undo(tx, manager, market, id, "not there")


async def test_an_older_change_is_not_undone_over_a_newer_one(
    tx: Tx, manager: UserId, cup: VariantId
) -> None:
    first = await local.change(tx, manager, FR, "price", str(cup), "11.00", "a rival")
    await local.change(tx, manager, FR, "price", str(cup), "10.50", "another rival")
    assert first is not None
    with pytest.raises(ChangedSince):
        await local.undo(tx, manager, FR, first.id, "too late")
    assert await price(tx, cup) == "10.50"


async def test_who_may_close_closes_their_market_only(tx: Tx, manager: UserId) -> None:
    with pytest.raises(NotYourMarket):
        await local.close(tx, manager, US, reason="over the sea")
    await local.close(tx, manager, FR, reason="a strike")
    with pytest.raises(MarketIsClosed):
        await closings.check(tx, FR)
    await managing.grant(tx, manager, FR, {"market.words"}, "no closing any more")
    with pytest.raises(RightMissing):
        await local.reopen(tx, manager, FR, "over")
    with pytest.raises(RightMissing):
        await local.close(tx, manager, FR, reason="again")


async def test_a_deal_heeds_the_discount_of_the_market(tx: Tx) -> None:
    """39.00 instead of 50.00 is 22 percent."""
    await teams.set_setting(tx, FR, "deal_discount", "most", "22")
    made = await stall(tx)
    assert made.deal.lanes
    await teams.set_setting(tx, FR, "deal_discount", "most", "21")
    with pytest.raises(DiscountTooHigh) as refused:
        await stall(tx)
    assert refused.value.facts() == {"market": "FR", "most": 21}


@pytest.mark.parametrize(
    "changes", [{"price_down": 100}, {"price_up": 1001}, {"floor_down": -1}, {"deal_most": 96}]
)
async def test_limits_that_cannot_be(tx: Tx, changes: Mapping[str, int]) -> None:
    with pytest.raises(BadLimits):
        await teams.set_limits(tx, replace(WIDE, **changes))
    with pytest.raises(BadText):
        await teams.set_limits(tx, replace(WIDE, why=""))


async def test_changes_are_found_and_read_by_pages(tx: Tx, manager: UserId) -> None:
    for number in range(5):
        await local.change(tx, manager, FR, "text", "fr", f"Texte {number}", f"reason {number}")

    first = await teams.changes(tx, FR, limit=2)
    rest = await teams.changes(tx, FR, before=(first[-1].at, first[-1].id), limit=9)

    assert [one.why for one in (*first, *rest)] == [f"reason {number}" for number in (4, 3, 2, 1, 0)]
    assert [one.after for one in await teams.changes(tx, search="reason 3")] == ["Texte 3"]
    assert await teams.changes(tx, FR, what="price") == []
    assert await teams.changes(tx, search="100%") == []
