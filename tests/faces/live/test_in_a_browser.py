# SPDX-License-Identifier: Apache-2.0
"""Order in a chat, in real browsers: viewers on phones of 360 pixels, the host before the live desk."""

from __future__ import annotations

from typing import Any

import pytest

from .served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PATIENCE_MS = 45_000


def person(chromium: Any, house: Served, *, session: str = "", locale: str = "en-US") -> Any:
    size = {"width": 1440, "height": 900} if session else {"width": 360, "height": 740}
    context = chromium.new_context(locale=locale, viewport=size)
    if session:
        context.add_cookies([{"name": "session", "value": session, "url": house.origin}])
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


def enter(page: Any, house: Served) -> None:
    page.goto(f"{house.origin}/room/{house.slug}")
    page.wait_for_function("() => customElements.get('sc-chat')")


def say(page: Any, text: str) -> None:
    page.fill(".say input[name=text]", text)
    page.press(".say input[name=text]", "Enter")


def at_the_desk(chromium: Any, house: Served) -> Any:
    host = person(chromium, house, session=house.session)
    host.goto(f"{house.origin}/studio/shows/{house.show}/live")
    host.wait_for_function("() => customElements.get('sc-live-desk')")
    return host


def test_the_host_hides_a_line_and_undoes_it_and_bans_who_said_it(chromium: Any, house: Served) -> None:
    teller, viewer, host = person(chromium, house), person(chromium, house), at_the_desk(chromium, house)
    enter(teller, house)
    enter(viewer, house)
    say(teller, "buy this elsewhere")
    viewer.locator(".chat-line", has_text="buy this elsewhere").wait_for()

    line = host.locator(".live-line", has_text="buy this elsewhere")
    line.locator("form[action$='/hide'] button").click()
    viewer.locator(".chat-line.hidden", has_text="hidden by the host").wait_for()
    assert viewer.locator(".chat-line", has_text="buy this elsewhere").count() == 0

    host.locator(".live-line.hidden form[action$='/show'] button").click()
    viewer.locator(".chat-line", has_text="buy this elsewhere").wait_for()

    summary = line.locator("details.ban > summary")
    summary.focus()
    summary.press("Enter")  # by keyboard alone
    line.locator("details.ban button[value=short]").press("Enter")
    viewer.locator(".chat-line.hidden").wait_for()
    say(teller, "and again")
    refused = teller.locator(".chat-line.sending", has_text="You cannot speak in this chat for now")
    refused.wait_for()
    assert refused.locator("button").count() == 0  # nothing to try again
    assert viewer.locator(".chat-line", has_text="and again").count() == 0

    host.locator(".keeping-box > summary").click()
    host.locator(".keeping form[action$='/lift'] button").click()
    host.locator(".keeping", has_text="Nobody.").wait_for()
    say(teller, "I am sorry")
    viewer.locator(".chat-line", has_text="I am sorry").wait_for()
    assert teller.faults == viewer.faults == host.faults == []


def test_slow_mode_a_pinned_line_and_voices_reach_the_phone(chromium: Any, house: Served) -> None:
    one, other, host = (
        person(chromium, house),
        person(chromium, house, locale="ar-SA"),
        at_the_desk(chromium, house),
    )
    enter(one, house)
    enter(other, house)
    assert other.locator("html").get_attribute("dir") == "rtl"
    say(one, "+1")
    other.locator(".chat-line", has_text="+1").wait_for()
    say(other, "+1")
    one.locator(".chat-line .voices", has_text="×2").wait_for()

    line = host.locator(".live-line", has_text="+1")
    line.locator("form[action$='/pin'] button").click()
    for page in (one, other):
        page.locator("[data-note] .said", has_text="+1").wait_for()
    host.locator(".keeping-box > summary").click()
    host.locator("#slow_seconds").select_option("60")
    host.locator(".keeping form[action$='/speaking'] button").click()
    one.locator("[data-say-note]", has_text="One line every 60 seconds").wait_for()
    say(one, "a question")
    one.locator("[data-say-note]", has_text="Next line in").wait_for()
    assert one.locator(".say button[type=submit]").is_disabled()
    for page in (one, other):
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert one.faults == other.faults == host.faults == []
