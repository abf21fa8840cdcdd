# SPDX-License-Identifier: Apache-2.0
"""A flash deal in real browsers of 360 pixels: one tap in Arabic, and a chat that is entered by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.story.test_axe import AXE, FOUND, RULES

from .served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PATIENCE_MS = 45_000
RIYADH = {
    "name": "نورة العتيبي",
    "street": "شارع العليا 12",
    "city": "الرياض",
    "postcode": "12211",
    "phone": "0501234567",
}
CHAT = "[12:03] Mai: mine\n[12:04] Tom: is it warm?\n"


@pytest.fixture
def phone(chromium: Any, house: Served) -> Iterator[Any]:
    """The shop's owner, who buys too, before a phone in Arabic."""
    context = chromium.new_context(locale="ar-SA", viewport={"width": 360, "height": 740})
    cookies = {"session": house.session, "market": "SA", "language": "ar"}
    context.add_cookies(
        [{"name": name, "value": value, "url": house.origin} for name, value in cookies.items()]
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    assert page.faults == []
    context.close()


def launch(page: Any, house: Served) -> None:
    """Five cups, under the floor; the countdown takes ten seconds."""
    page.goto(f"{house.origin}/studio/products/{house.product}/prices")
    page.fill(f"[name='floor-{house.variant}-SA']", "80")
    page.locator(".save-bar button").click()
    assert fits(page)
    page.goto(f"{house.origin}/studio/shows/{house.show}/deals/new?product={house.product}")
    page.locator("[name=below]").check()
    assert fits(page)
    page.fill(f"[name='units-{house.variant}']", "5")
    page.fill("[name=countdown]", "10")
    page.locator("form[data-launch] button.buy").click()
    page.wait_for_url(f"{house.origin}/studio/shows/{house.show}/live")


def fits(page: Any) -> bool:
    """No wider than its window, and without what axe calls serious."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(FOUND, RULES) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_one_tap_is_switched_on_orders_and_is_called_off(phone: Any, house: Served) -> None:
    phone.goto(f"{house.origin}/buy/{house.variant}/address?payment=cod")
    for name, value in RIYADH.items():
        phone.fill(f"[name={name}]", value)
    phone.locator(".sheet-foot button").click()
    phone.locator("[name=one_tap]").check()
    assert fits(phone)
    phone.locator(".sheet-foot button.buy").click()
    phone.wait_for_url("**/order/*")

    launch(phone, house)
    phone.goto(f"{house.origin}/room/{house.slug}")
    button = phone.locator(".pinned sc-claim button")
    label = phone.locator(".pinned sc-claim").get_attribute("data-one-tap")
    phone.locator(".pinned sc-claim button:not([aria-disabled])").wait_for()
    assert button.text_content().strip() == label, "the price is said before the press"
    assert fits(phone)
    button.press("Enter")

    sheet = phone.locator("dialog[open]")
    sheet.locator(".done-mark").wait_for()
    assert fits(phone)
    assert RIYADH["street"] in sheet.text_content()
    undo = sheet.locator("details.call-off > summary")
    undo.press("Enter")
    sheet.locator("details.call-off button").press("Enter")
    sheet.locator(".done-mark").wait_for(state="detached")
    assert sheet.locator("details.call-off").count() == 0
    phone.goto(f"{house.origin}/you")
    assert fits(phone)


def test_a_chat_is_entered_by_keyboard_and_its_link_is_taken(
    phone: Any, chromium: Any, house: Served
) -> None:
    launch(phone, house)
    phone.goto(f"{house.origin}/studio/shows/{house.show}/live")
    with phone.context.expect_page() as opened:
        phone.locator("a[href$='/chat']").press("Enter")
    page = opened.value
    page.fill("#chat", CHAT)
    page.fill("#since", "")
    page.locator("form button.main").press("Enter")
    page.locator("input[name=pick]:checked").wait_for()
    assert fits(page)
    page.wait_for_timeout(10_000)  # the countdown
    page.reload()
    page.locator("form[action$='/enter'] button.main").press("Enter")
    link = page.locator(".link-copy input").input_value()
    assert fits(page)

    friend = chromium.new_context(locale="ar-SA", viewport={"width": 360, "height": 740}).new_page()
    friend.goto(house.origin + "/" + link.split("/", 3)[3])
    assert fits(friend)
    friend.locator(".sheet-foot button").press("Enter")
    friend.wait_for_url("**/buy/*")
    friend.locator(".held-band").wait_for()
    assert fits(friend)
