# SPDX-License-Identifier: Apache-2.0
"""Shots: which pages are pictured, and how a browser gets to each. A name, and the way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

QINGHE = "/shop/qinghe-kiln"
RECEIVERS = {
    "fr": {"name": "Camille Moreau", "street": "14 rue des Tables Claudiennes", "postcode": "69001"}
    | {"city": "Lyon", "phone": "06 12 34 56 78"},
    "en": {"name": "Jordan Reyes", "street": "2104 Willow Creek Dr, Apt 6", "postcode": "78741"}
    | {"city": "Austin", "phone": "512 555 0142"},
    "ar": {"name": "نورة العتيبي", "street": "شارع العليا 12", "postcode": "12211"}
    | {"city": "الرياض", "phone": "0501234567"},
}
CHOICES = {"en": {"region": "TX"}}
PLAYS = "() => { const film = document.querySelector('video'); return film && film.currentTime > 0.2 }"

Way = Callable[[Any, str], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name and the way to the page."""

    name: str
    way: Way
    is_whole: bool = False
    """The whole page and not only the window."""
    allowed: tuple[int, ...] = ()
    """Answers that would else count as a fault: the page of an error is a page too."""


def to(path: str) -> Way:
    def way(page: Any, origin: str) -> None:
        page.goto(origin + path)

    return way


def first(path: str, link: str) -> Way:
    """The first link of a page."""

    def way(page: Any, origin: str) -> None:
        page.goto(origin + path)
        page.goto(origin + page.locator(link).first.get_attribute("href"))

    return way


def then(way: Way, *presses: str) -> Way:
    """A page, and what is pressed on it."""

    def on(page: Any, origin: str) -> None:
        way(page, origin)
        for press in presses:
            page.locator(press).first.click()
            page.wait_for_load_state()

    return on


def room(page: Any, origin: str) -> None:
    """The demo's own room, whoever else is on air."""
    page.goto(f"{origin}{QINGHE}")
    page.goto(origin + page.locator("a[href^='/room/']").first.get_attribute("href"))
    page.wait_for_function(PLAYS)


def wide_room(page: Any, origin: str) -> None:
    page.goto(f"{origin}/shop/luming-lamps")
    page.goto(origin + page.locator("a[href^='/room/']").first.get_attribute("href"))
    page.wait_for_function(PLAYS)


def replay(page: Any, origin: str) -> None:
    page.goto(f"{origin}{QINGHE}")
    page.goto(origin + page.locator("a[href^='/room/']").last.get_attribute("href"))
    page.wait_for_function(PLAYS)


def market(page: Any, origin: str) -> None:
    room(page, origin)
    page.locator(".market-pill:visible, .room-top a.chip:visible").first.click()
    page.locator("#sheet[open] form").first.wait_for()


def shelf(page: Any, origin: str) -> None:
    room(page, origin)
    page.locator("a.shelf-button:visible, a.strip-all:visible").first.click()
    page.locator("#sheet[open] .sheet-page > *").first.wait_for()


def sheet(page: Any, origin: str) -> None:
    """The buy sheet over the room, of whatever is pinned and sold here."""
    room(page, origin)
    page.locator("#pin a[href^='/buy/']").first.click()
    page.locator("#sheet[open] form").first.wait_for()


def address(page: Any, origin: str) -> None:
    """The sheet's second page, filled in."""
    page.goto(origin + _buy_of(page, origin, "celadon-tea-set"))
    page.locator("a[href*='/address']").first.click()
    page.locator("input[name=street]").wait_for()
    language = str(page.evaluate("document.documentElement.lang"))[:2]
    for name, text in RECEIVERS[language].items():
        page.locator(f"[name={name}]").fill(text)
    for name, value in CHOICES.get(language, {}).items():
        page.locator(f"[name={name}]").select_option(value)


def addressed(page: Any, origin: str) -> None:
    """The sheet once it knows where to: payment, and Pay with the amount."""
    address(page, origin)
    page.locator(".sheet-foot button").last.click()
    page.locator("input[name=delivery]").first.wait_for(state="attached")


def ordered(page: Any, origin: str) -> None:
    """After Pay, in the room: the provider's page stands in the sheet."""
    addressed(page, origin)
    sheet(page, origin)
    page.locator("#sheet[open] .sheet-foot button.buy").click()
    page.locator("#sheet[open] iframe.bank-frame, #sheet[open] a[href^='/order/']").first.wait_for()


def why(page: Any, origin: str) -> None:
    page.goto(origin + _buy_of(page, origin, "celadon-tea-set"))
    page.goto(origin + page.locator("a[href^='/why/']").first.get_attribute("href"))


def sold_out(page: Any, origin: str) -> None:
    """A variant of which nothing is left, chosen in the sheet."""
    page.goto(origin + _buy_of(page, origin, "bud-vase"))
    gone = page.locator(".choice.gone input[name=variant]").first.get_attribute("value")
    page.goto(f"{origin}/buy/{gone}")


def _buy_of(page: Any, origin: str, product: str) -> str:
    page.goto(f"{origin}{QINGHE}/{product}")
    return str(page.locator("a[href^='/buy/']").first.get_attribute("href"))


def order(page: Any, origin: str) -> None:
    first("/orders", "a[href^='/order/']")(page, origin)


def back(page: Any, origin: str) -> None:
    """The return's form of the first order that may come back; of one under way, what it says about that."""
    page.goto(f"{origin}/orders")
    found = page.locator("a[href^='/order/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for href in found:
        page.goto(origin + href)
        link = page.locator("a[href$='/return']")
        if link.count():
            page.goto(origin + link.first.get_attribute("href"))
            return
    raise LookupError("no order may come back yet")


def wrong_contact(page: Any, origin: str) -> None:
    page.goto(f"{origin}/register")
    page.locator("input[name=contact]").fill("not an address")
    page.locator("input[name=contact]").blur()


def share(page: Any, origin: str) -> None:
    """The sheet that makes a link, over a product."""
    page.goto(f"{origin}{QINGHE}/celadon-tea-set")
    page.locator("a[href^='/share']").first.click()
    page.locator("#sheet[open] input#share-link, main input#share-link").first.wait_for()


def deal_of(way: Way) -> Way:
    """A page below the first show that is on air."""

    def on(page: Any, origin: str) -> None:
        way(page, origin)
        page.goto(
            origin + page.locator("a[href$='/deals/new'], a[href$='/deals']").first.get_attribute("href")
        )

    return on


STRANGER = (
    Shot("log-in", to("/log-in")),
    Shot("register", to("/register")),
    Shot("register-wrong", wrong_contact),
    Shot("orders", to("/orders")),
    Shot("terms", to("/legal/terms"), is_whole=True),
    Shot("prices", to("/prices"), is_whole=True),
    Shot("about", to("/about"), is_whole=True),
)
VIEWER = (
    Shot("home", to("/"), is_whole=True),
    Shot("live", to("/live")),
    Shot("room", room),
    Shot("room-wide", wide_room),
    Shot("room-replay", replay),
    Shot("room-market", market),
    Shot("shelf", shelf),
    Shot("sheet", sheet),
    Shot("sheet-address", address, is_whole=True),
    Shot("sheet-addressed", addressed, is_whole=True),
    Shot("sheet-ordered", ordered),
    Shot("sheet-why", why, is_whole=True),
    Shot("sold-out", sold_out),
    Shot("shop", to(QINGHE), is_whole=True),
    Shot("product", to(f"{QINGHE}/celadon-tea-set"), is_whole=True),
    Shot("not-sold-here", to("/shop/luming-lamps/soy-candle")),
    Shot("share", share),
    Shot("poster", to(f"/share/poster?to={QINGHE}/celadon-tea-set"), is_whole=True),
    Shot("search", to("/search?q=tea")),
    Shot("search-nothing", to("/search?q=zzzzzz")),
    Shot("market", to("/market")),
    Shot("orders", to("/orders")),
    Shot("order", order, is_whole=True),
    Shot("return", back, is_whole=True),
    Shot("you", to("/you")),
    Shot("nowhere", to("/no-such-page"), allowed=(404,)),
)
PHONE = ("room", "room-wide", "shelf", "sheet", "sheet-addressed", "product", "order")
"""What is pictured again on the smallest phone, in every language."""
STUDIO = (
    Shot("home", to("/studio/"), is_whole=True),
    Shot("products", to("/studio/products")),
    Shot("product", first("/studio/products", "a[href^='/studio/products/0']"), is_whole=True),
    Shot("product-new", to("/studio/products/new"), is_whole=True),
    Shot("prices", then(first("/studio/products", "a[href^='/studio/products/0']"), "a[href$='/prices']")),
    Shot("stock", to("/studio/stock"), is_whole=True),
    Shot("stock-variant", first("/studio/stock", "a[href^='/studio/stock/0']"), is_whole=True),
    Shot("warehouses", to("/studio/warehouses")),
    Shot("orders", to("/studio/orders?tab=all")),
    Shot("orders-to-pack", to("/studio/orders")),
    Shot("orders-none", to("/studio/orders?tab=all&q=zzzz")),
    Shot("order", first("/studio/orders?tab=all", "a[href^='/studio/orders/0']"), is_whole=True),
    Shot("returns", to("/studio/returns")),
    Shot("customs", to("/studio/customs?which=all")),
    Shot("insight", to("/studio/insight"), is_whole=True),
    Shot("payouts", to("/studio/payouts"), is_whole=True),
    Shot("shows", to("/studio/shows"), is_whole=True),
    Shot("show", first("/studio/shows", "a[href^='/studio/shows/0']:not([href$='/live'])"), is_whole=True),
    Shot("show-new", to("/studio/shows/new"), is_whole=True),
    Shot("times", to("/studio/shows/times"), is_whole=True),
    Shot("deal-new", deal_of(first("/studio/shows", "a[href$='/live']")), is_whole=True),
    Shot("return", first("/studio/returns", "a[href^='/studio/returns/0']"), is_whole=True),
    Shot("live", first("/studio/shows", "a[href$='/live']")),
    Shot("tokens", to("/studio/tokens")),
    Shot("settings", to("/studio/settings"), is_whole=True),
)
DESK = (
    Shot("home", to("/desk/"), is_whole=True),
    Shot("orders", to("/desk/orders")),
    Shot("order", first("/desk/orders", "td a[href^='/desk/orders/']"), is_whole=True),
    Shot("sellers", to("/desk/sellers")),
    Shot("seller", first("/desk/sellers", "td a[href^='/desk/sellers/']")),
    Shot("markets", to("/desk/markets")),
    Shot("market", to("/desk/markets/FR"), is_whole=True),
    Shot("market-prices", to("/desk/markets/FR/prices"), is_whole=True),
    Shot("market-changes", to("/desk/markets/FR/changes")),
    Shot("market-team", to("/desk/markets/FR/team"), is_whole=True),
    Shot("appeals", to("/desk/appeals")),
    Shot("declarations", to("/desk/declarations")),
    Shot("declaration", first("/desk/declarations", "td a[href^='/desk/declarations/0']"), is_whole=True),
    Shot("payments", to("/desk/payments")),
    Shot("ledger", to("/desk/ledger")),
    Shot("failed", to("/desk/failed")),
    Shot("notices", to("/desk/notices")),
    Shot("mailbox", to("/desk/mailbox")),
    Shot("audit", to("/desk/audit")),
    Shot("promises", to("/desk/promises")),
    Shot("api", to("/api/docs")),
    Shot("nowhere", to("/desk/no-such-page"), allowed=(404,)),
)
