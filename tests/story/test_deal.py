# SPDX-License-Identifier: Apache-2.0
"""A flash deal, end to end, in real browsers: the host launches it from the desk; a French phone sees the
countdown and the price, claims and pays; another sees the number fall; a third is in line, and gets what is
given back."""

from __future__ import annotations

from typing import Any

import pytest

from silkcast.faces.demo.screens import SELLER
from tests.story.test_story import LYON, enter_the_room, fill_address, the_show
from tests.story.watching import Story, figure, person, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
BAND = "#pin .deal-band"
CLAIM = "#pin sc-claim button"
LEFT = "#pin sc-stock .words"


def test_a_flash_deal_on_three_phones(story: Story, chromium: Any) -> None:
    host = person(chromium, story, "en-GB", wide=True, contact=SELLER)
    show = the_show(host, story)
    first, second, third = (person(chromium, story, "fr-FR") for _ in range(3))
    for phone in (first, second, third):
        enter_the_room(phone, story)

    launch(host, story, show, units=2)
    price = countdown(first)
    assert "2" in figure(first.locator(LEFT).inner_text())

    claim(first)
    total = first.locator("#sheet[open] .line.total .money-cell").first
    total.wait_for()
    assert figure(total.inner_text()) == figure(price)
    assert first.locator("#sheet .held-band sc-timer").is_visible()
    until(lambda: figure(second.locator(LEFT).inner_text()).startswith("1"), 20, "the number falls")

    claim(second)
    second.locator("#sheet .held-band").wait_for()
    until(lambda: third.locator("#pin sc-stock.gone").count() == 1, 20, "all are spoken for")
    claim(third)
    place = third.locator("#sheet .well.row")
    place.wait_for()
    assert figure(place.inner_text()) == "11", "number 1 of 1"

    second.locator("#sheet button[formaction$='/give-up']").click()
    third.locator("#sheet .held-band").wait_for(timeout=30_000)
    pay(first)
    paid = host.locator("[data-part=deal] .deal-numbers div").nth(1).locator("dd")
    until(lambda: paid.inner_text() == "1", 30, "the desk counts what is paid")
    assert [phone.faults for phone in (first, second, third, host)] == [[], [], [], []]


def launch(host: Any, story: Story, show: str, *, units: int) -> None:
    """By keyboard: an item is chosen, D opens its launcher."""
    host.goto(f"{story.origin}{show}/live")
    row = host.locator("[data-item]").first
    row.focus()
    host.keyboard.press("d")
    launcher = host.locator("form[data-launch]")
    launcher.wait_for()
    launcher.locator("input[name^=units-]").first.fill(str(units))
    launcher.locator("input[name=countdown]").fill("12")
    launcher.locator("button.buy").click()
    host.locator("[data-part=deal] .live-deal").wait_for()


def countdown(phone: Any) -> str:
    """The band counts down to the start, then to the end; the price there, and the old one struck."""
    phone.locator(f"{BAND}.counting").wait_for()
    assert phone.locator(CLAIM).get_attribute("aria-disabled") == "true"
    price = str(phone.locator("#pin .pinned-price .now").inner_text())
    usual = str(phone.locator("#pin .pinned-price s").inner_text())
    assert int(figure(price)) < int(figure(usual))
    phone.locator(f"{BAND}:not(.counting)").wait_for(timeout=20_000)
    return price


def claim(phone: Any) -> None:
    phone.locator(f"{CLAIM}:not([aria-disabled])").click()
    phone.locator("#sheet[open]").wait_for()


def pay(phone: Any) -> None:
    """Address and card, without leaving the room."""
    fill_address(phone, LYON)
    phone.locator("#sheet .sheet-foot button.buy").click()
    frame = phone.frame_locator("iframe.bank-frame")
    frame.locator("input[name=number]").fill("4242 4242 4242 4242")
    frame.locator("input[name=expiry]").fill("12/34")
    frame.locator("#code").fill("123")
    frame.locator("button.buy").click()
    phone.locator("#sheet .sheet-foot a[href^='/order/']").wait_for(timeout=60_000)
