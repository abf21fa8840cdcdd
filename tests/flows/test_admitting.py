# SPDX-License-Identifier: Apache-2.0
"""What a market bars is not pinned, not priced, not claimed and not bought there, and is elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from silkcast.flows import admitting, offers
from silkcast.flows.claiming import Counter
from silkcast.flows.errors import BadPaper, PaperTooLarge, PinBarred, SaleBarred, SalePapersNeeded
from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import AppealOutdated, BadAppeal, NothingToAppeal
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import ProductNotFound
from silkcast.goods.catalog.values import NewProduct, NewVariant, Product
from silkcast.ground.ids import SellerId, ShowId, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.plumbing.db import Tx
from silkcast.plumbing.files.files import NoSuchFile
from silkcast.stage.deals.committer import Committer
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow
from silkcast.watch.audit import service as audit
from silkcast.watch.notices import service as notices
from silkcast.who.markets import service as markets
from tests.flows.build import World
from tests.flows.shop import STOCK
from tests.flows.test_claiming import finish, open_deal, tap

SA, FR = Country("SA"), Country("FR")
WINE = Words({"en": "Red wine from Jura", "zh": "红酒"})
TOY = Words({"en": "Wooden toy", "zh": "木制玩具"})
SWORD = Words({"en": "Samurai sword, sharp", "zh": "武士刀"})


async def rename(tx: Tx, product: Product, names: Words) -> Product:
    new = NewProduct(
        slug=product.slug,
        names=names,
        hs_code=product.hs_code,
        origin=product.origin,
        variants=tuple(
            NewVariant(one.sku, one.net, one.gross, one.size, one.options, one.unit_code)
            for one in product.variants
        ),
        material=product.material,
        descriptions=product.descriptions,
        pictures=product.pictures,
    )
    return await catalog.revise(tx, product.id, new, seller=product.seller, version=product.version)


async def become(world: World, names: Words) -> Product:
    """The cup is called something else."""
    async with world.database.write() as tx:
        return await rename(tx, await catalog.product(tx, world.products["cup"].id), names)


async def test_wine_is_not_bought_from_saudi_arabia_and_nothing_moves(world: World) -> None:
    await become(world, WINE)

    with pytest.raises(SaleBarred) as refused:
        await world.buy("SA", {"cup": 1})

    assert (refused.value.code, refused.value.reason) == ("admission.barred", "barred.alcohol")
    assert (refused.value.rows, refused.value.mark) == (("alcohol",), "knowledge")
    assert await world.free() == (STOCK, STOCK)


async def test_papers_are_asked_for_until_a_person_has_seen_them(world: World) -> None:
    toy = await become(world, TOY)
    with pytest.raises(SalePapersNeeded) as refused:
        await world.buy("FR", {"cup": 1})
    assert refused.value.code == "admission.papers_needed"

    async with world.database.write() as tx:
        until = tx.now.date() + timedelta(days=30)
        await admitting.rule(tx, toy.id, FR, "admit", reason="EN 71 seen", until=until, by=None)

    assert (await world.buy("FR", {"cup": 1})).order.market == FR
    await become(world, Words({"en": "Wooden toy with bells", "zh": "木制玩具铃"}))
    with pytest.raises(SalePapersNeeded):
        await world.buy("FR", {"cup": 1})


async def test_pages_say_why_and_other_goods_of_the_page_have_their_price(world: World) -> None:
    await become(world, WINE)
    both = [world.variant("cup"), world.variant("bowl")]
    async with world.database.read() as db:
        found = await offers.for_pages(db, both, world.market("SA"), world.scene.carriers.values())

    assert isinstance(found[both[0]], SaleBarred)
    assert isinstance(found[both[1]], offers.Whole)


async def test_a_person_may_bar_what_no_row_names_and_a_change_lifts_nothing(world: World) -> None:
    cup = world.products["cup"]
    async with world.database.write() as tx:
        until = tx.now.date() + timedelta(days=1)
        await admitting.rule(tx, cup.id, FR, "bar", reason="recalled", until=until, by=None)
        (entry,) = await audit.entries(tx, object_id=str(cup.id))
    assert (entry.verb, entry.facts["reason"], entry.facts["market"]) == (
        "admission.barred",
        "recalled",
        "FR",
    )
    await become(world, Words({"en": "Celadon cup", "zh": "杯"}))
    with pytest.raises(SaleBarred) as refused:
        await world.buy("FR", {"cup": 1})
    assert refused.value.reason == "barred.ruling"

    world.clock.at += timedelta(days=2)
    assert (await world.buy("FR", {"cup": 1})).order.market == FR


async def a_show(tx: Tx, seller: SellerId, product: Product) -> ShowId:
    plan = NewShow(Words({"en": "Tea"}), tx.now + timedelta(hours=1), (product.id,))
    show = await rooms.plan_show(tx, seller, plan)
    await rooms.start(tx, show.id, seller)
    return show.id


async def test_what_one_market_may_buy_is_pinned_and_what_none_may_is_not(world: World) -> None:
    wine = await become(world, WINE)
    async with world.database.write() as tx:
        show = await a_show(tx, world.shop.id, wine)
        here = [one.code for one in markets.markets(tx.now.date())]
        assert SA in (await admitting.barred_in(tx, [wine]))[wine.id]
        for market in here:
            until = tx.now.date() + timedelta(days=9)
            decision = "admit" if market == "SG" else "bar"
            await admitting.rule(
                tx,
                wine.id,
                market,
                decision,
                reason="so",
                until=until,
                by=None,  # type: ignore[arg-type]
            )
        assert (await admitting.pin(tx, show, world.shop.id, wine.id)).product == wine.id
        await rooms.unpin(tx, show, world.shop.id)

    await become(world, SWORD)
    with pytest.raises(PinBarred):
        async with world.database.write() as tx:
            await admitting.pin(tx, show, world.shop.id, wine.id)
    async with world.database.read() as db:
        assert all(pin.unpinned_at is not None for pin in await rooms.pins(db, show))


async def test_a_deals_terms_are_refused_once_and_worked_out_anew_after_a_ruling(world: World) -> None:
    toy = await become(world, TOY)
    deal = await open_deal(world)
    counter = Counter(world.scene, Committer(world.database))
    key = (deal.id, world.variant("cup"), "FR", "en", 1)
    for _ in range(2):
        with pytest.raises(SalePapersNeeded):
            await counter.terms(key, world.market("FR"))

    async with world.database.write() as tx:
        until = tx.now.date() + timedelta(days=30)
        await admitting.rule(tx, toy.id, FR, "admit", reason="EN 71 seen", until=until, by=None)
    with pytest.raises(SalePapersNeeded):
        await counter.terms(key, world.market("FR"))
    counter.forget([world.variant("cup")])

    terms = await counter.terms(key, world.market("FR"))
    assert counter.terms_known(key, world.clock.now().date()) == terms


async def test_a_claim_of_what_was_barred_since_is_not_finished(world: World) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    answer = await tap(world, deal, buyer)
    async with world.database.write() as tx:
        until = tx.now.date() + timedelta(days=1)
        cup = world.products["cup"].id
        await admitting.rule(tx, cup, FR, "bar", reason="recalled", until=until, by=None)

    with pytest.raises(SaleBarred):
        await finish(world, answer, buyer)


async def test_an_appeal_goes_to_the_log_and_its_answer_to_the_seller(world: World) -> None:
    toy = await become(world, TOY)
    paper = await admitting.keep_paper(world.scene.files, b"%PDF-1.7 certificate")
    async with world.database.write() as tx:
        asked = await admitting.appeal(tx, world.shop.id, toy.id, "FR", "EN 71 attached", paper)
    async with world.database.write() as tx:
        until = tx.now.date() + timedelta(days=30)
        await admitting.answer(tx, asked.id, until=until, words="Seen.", by=None)
        verdict = (await admitting.by_market(tx, toy))[FR]
        verbs = [one.verb for one in await audit.entries(tx, object_id=str(toy.id))]
    await world.quiet()

    assert await admitting.paper_of(world.scene.files, asked) == b"%PDF-1.7 certificate"
    assert (verdict.standing, verbs) == ("admitted", ["admission.admitted", "admission.appealed"])
    async with world.database.read() as db:
        told = await notices.notices(db, about=toy.id)
    assert [one.kind for one in told] == ["appeal_answered"]


async def test_an_appeal_that_cannot_be_is_refused(world: World) -> None:
    cup = world.products["cup"].id
    async with world.database.write() as tx:
        with pytest.raises(NothingToAppeal):
            await admitting.appeal(tx, world.shop.id, cup, "FR", "please")
        with pytest.raises(BadAppeal):
            await admitting.appeal(tx, world.shop.id, cup, "XX", "please")
        with pytest.raises(ProductNotFound):
            await admitting.appeal(tx, SellerId(new_uuid()), cup, "FR", "please")


async def test_a_changed_product_is_not_admitted_as_it_was(world: World) -> None:
    toy = await become(world, TOY)
    async with world.database.write() as tx:
        asked = await admitting.appeal(tx, world.shop.id, toy.id, "FR", "EN 71")
    await become(world, Words({"en": "Wooden toy knife", "zh": "玩具"}))
    with pytest.raises(AppealOutdated):
        async with world.database.write() as tx:
            await admitting.answer(tx, asked.id, until=tx.now.date(), words="Seen.", by=None)
    async with world.database.read() as db:
        assert (await admission.the_appeal(db, asked.id)).state == "open", "nothing moved"


@pytest.mark.parametrize("content", [b"", b"<script>", b"GIF89a", b" %PDF-1.7"])
async def test_a_paper_is_a_pdf_or_a_picture(world: World, content: bytes) -> None:
    with pytest.raises(BadPaper):
        await admitting.keep_paper(world.scene.files, content)


async def test_a_paper_has_a_size(world: World) -> None:
    with pytest.raises(PaperTooLarge):
        await admitting.keep_paper(world.scene.files, b"%PDF-" + b"0" * (10 * 1024 * 1024))
    with pytest.raises(NoSuchFile):
        await world.scene.files.get("papers/none.pdf")
