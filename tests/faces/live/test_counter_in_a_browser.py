# SPDX-License-Identifier: Apache-2.0
"""What is asked at the counter, on a phone of 360 px, in English and Arabic: typed, kept, withdrawn from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from silkcast.goods.pricing import service as pricing
from silkcast.ground.clock import SetClock
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.money.rates import service as rates
from silkcast.plumbing.db import Tx
from silkcast.plumbing.postgres import Postgres
from silkcast.trade.orders import service as orders
from silkcast.who.sellers import answering
from silkcast.who.sellers.values import Answerable
from tests.conftest import NOON
from tests.faces.build import Town
from tests.trade.orders.build import new_order

from .served import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FITS = "document.documentElement.scrollWidth <= innerWidth"
SECRET: list[str] = []


async def counter(tx: Tx, town: Town) -> None:
    """The cup is sold in Korea too, somebody answers for it in the EU, and there is a French order."""
    await rates.load_shipped_rates(tx)
    won = Money.of("18000", "KRW")
    await pricing.set_price(tx, town.variant.id, Country("KR"), won, currency=Currency("KRW"))
    long = "Anna Weber und Töchter Marktüberwachungsgesellschaft mbH"
    who = Answerable(
        "EU", long, "Lindenstraße 4, 10969 Berlin, Deutschland", "product-safety@weber-toechter.example"
    )
    await answering.name(tx, town.seller.id, who)
    placed = await orders.place(tx, new_order(seller=town.seller.id), key="a-french-order")
    SECRET.append(placed.secret)


@pytest.fixture
def shop(postgres: Postgres, tmp_path: Path) -> Iterator[Served]:
    with served(postgres, tmp_path, clock=SetClock(NOON), opened=counter) as running:
        yield running


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_counter_fits_a_phone(chromium: Any, shop: Served, tmp_path: Path, language: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    cookies = {"market": "KR", "language": language}
    context.add_cookies(
        [{"name": name, "value": value, "url": shop.origin} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{shop.origin}/buy/{shop.variant}/address")
    field = page.locator("input[name=number_PCCC]")
    assert field.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert page.evaluate(FITS)
    page.screenshot(path=tmp_path / f"address-{language}.png", full_page=True)
    for name, text in {
        "name": "김민서", "city": "중구", "street": "세종대로 110", "postcode": "04524",
        "phone": "01012345678", "number_PCCC": "P123456789012",
    }.items():  # fmt: skip
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=region]").select_option("서울특별시")
    page.locator("footer.sheet-foot button[type=submit]").click()
    tail = page.locator("bdi[dir=ltr]", has_text="…012")
    tail.wait_for()
    assert "P123456789012" not in page.content()
    assert page.evaluate(FITS)

    context.add_cookies([{"name": "market", "value": "FR", "url": shop.origin}])
    page.goto(f"{shop.origin}/order/{SECRET[-1]}")
    page.locator("a[href$='/withdraw']").click()
    page.locator("form.journey button[type=submit]").wait_for()
    assert page.evaluate(FITS)
    page.screenshot(path=tmp_path / f"withdraw-{language}.png", full_page=True)
    page.locator("form.journey button[type=submit]").click()
    page.locator("[role=status]").first.wait_for()
    assert page.evaluate(FITS)

    page.goto(f"{shop.origin}/shop/qinghe-kiln/celadon-cup")
    assert page.get_by_text("product-safety@weber-toechter.example").is_visible()
    assert page.evaluate(FITS), "a long name and address wrap"
    page.screenshot(path=tmp_path / f"product-{language}.png", full_page=True)
    context.close()
