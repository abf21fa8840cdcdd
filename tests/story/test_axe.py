# SPDX-License-Identifier: Apache-2.0
"""Every main page before axe, as people open it: in English and Arabic, by day and by night, on a phone and
at a desk. What axe calls serious or critical is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from silkcast.faces.demo.founding import OPERATOR
from silkcast.faces.demo.screens import SELLER, log_in
from silkcast.faces.demo.shots import address, first, room, shelf, sold_out, then, to
from tests.story.watching import Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.video,
    pytest.mark.timeout(600),
]
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
FOUND = """
async (rules) => {
  const runOnly = { type: 'tag', values: rules }
  const found = await axe.run(document, { runOnly, resultTypes: ['violations'] })
  return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .flatMap((one) => one.nodes.slice(0, 3).map(
      (node) => `${one.id}: ${node.target.join(' ')} ${node.html.slice(0, 120)}`))
}
"""


def in_room(way: Any) -> Any:
    """A way through the room, which is on air without a picture here."""

    def on(page: Any, origin: str) -> None:
        page.wait_for_function = lambda *_: None
        way(page, origin)

    return on


SHOP = "/shop/qinghe-kiln"
PRODUCT = first("/studio/products", "a[href^='/studio/products/0']")
VIEWER = {
    "home": to("/"),
    "live": to("/live"),
    "room": in_room(room),
    "shelf": in_room(shelf),
    "shop": to(SHOP),
    "product": to(f"{SHOP}/celadon-tea-set"),
    "not sold here": to("/shop/luming-lamps/soy-candle"),
    "buy": then(to(f"{SHOP}/celadon-tea-set"), "a[href^='/buy/']"),
    "address": address,
    "sold out": sold_out,
    "market": to("/market"),
    "search": to("/search?q=tea"),
    "nothing found": to("/search?q=zzzz"),
    "log in": to("/log-in"),
    "register": to("/register"),
    "prices": to("/prices"),
    "nowhere": to("/no-such-page"),
}
STUDIO = {
    "home": to("/studio"),
    "products": to("/studio/products"),
    "product": PRODUCT,
    "prices": then(PRODUCT, "a[href$='/prices']"),
    "stock": to("/studio/stock"),
    "variant": first("/studio/stock", "a[href^='/studio/stock/0']"),
    "orders": to("/studio/orders"),
    "returns": to("/studio/returns"),
    "customs": to("/studio/customs"),
    "insight": to("/studio/insight"),
    "payouts": to("/studio/payouts"),
    "shows": to("/studio/shows"),
    "plan": to("/studio/shows/new"),
    "live desk": first("/studio/shows", "a[href$='/live']"),
    "settings": to("/studio/settings"),
    "tokens": to("/studio/tokens"),
}
DESK = {
    "home": to("/desk"),
    "orders": to("/desk/orders"),
    "sellers": to("/desk/sellers"),
    "seller": first("/desk/sellers", "td a"),
    "declarations": to("/desk/declarations"),
    "payments": to("/desk/payments"),
    "ledger": to("/desk/ledger"),
    "failed": to("/desk/failed"),
    "messages": to("/desk/notices"),
    "log": to("/desk/audit"),
    "api": to("/api/docs"),
}
PEOPLE = (
    pytest.param(VIEWER, "", "en-US", "light", (360, 740), id="viewer-en-day-phone"),
    pytest.param(VIEWER, "", "ar-SA", "dark", (360, 740), id="viewer-ar-night-phone"),
    pytest.param(VIEWER, "", "en-US", "dark", (1440, 900), id="viewer-en-night-desk"),
    pytest.param(STUDIO, SELLER, "en-GB", "light", (1440, 900), id="seller-en-day-desk"),
    pytest.param(STUDIO, SELLER, "ar-SA", "dark", (360, 740), id="seller-ar-night-phone"),
    pytest.param(DESK, OPERATOR, "en-GB", "dark", (1440, 900), id="operator-en-night-desk"),
    pytest.param(DESK, OPERATOR, "ar-SA", "light", (360, 740), id="operator-ar-day-phone"),
)


def faults_on(page: Any) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(FOUND, list(RULES))
    return found


@pytest.mark.parametrize(("pages", "contact", "locale", "scheme", "size"), PEOPLE)
def test_axe_finds_nothing_serious(
    story: Story,
    chromium: Any,
    pages: dict[str, Any],
    contact: str,
    locale: str,
    scheme: str,
    size: tuple[int, int],
) -> None:
    context = chromium.new_context(
        locale=locale,
        color_scheme=scheme,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        bypass_csp=True,
    )
    context.set_default_timeout(20_000)
    faults: dict[str, list[str]] = {}
    if contact:
        log_in(context.new_page(), story.origin, contact)
    for name, way in pages.items():
        page = context.new_page()
        way(page, story.origin)
        page.wait_for_timeout(300)
        if found := faults_on(page):
            faults[name] = found
        page.close()
    context.close()
    assert faults == {}


def test_axe_finds_what_it_is_for(chromium: Any) -> None:
    page = chromium.new_context(bypass_csp=True).new_page()
    page.set_content("<html lang=en><title>x</title><p style='color:#ccc'>pale</p><button></button>")

    assert {one.split(":")[0] for one in faults_on(page)} >= {"color-contrast", "button-name"}
