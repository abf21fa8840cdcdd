# SPDX-License-Identifier: Apache-2.0
"""The chat in the reader's language, in a real browser: by mouse, by keyboard, and all as it comes."""

from __future__ import annotations

from typing import Any

import pytest

from .served import Served
from .test_in_a_browser import enter, person, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_line_is_translated_in_place_and_its_original_is_one_press_away(
    chromium: Any, house: Served
) -> None:
    writer, reader = person(chromium, house, locale="fr-FR"), person(chromium, house)
    enter(writer, house)
    enter(reader, house)
    say(writer, "Merci beaucoup")

    line = reader.locator(".chat-line", has_text="Merci beaucoup")
    line.locator(".translating button").first.wait_for()
    number = line.get_attribute("data-id")
    line = reader.locator(f".chat-line[data-id='{number}']")
    button = line.locator(".translating button").first
    assert button.inner_text() == "Translate"
    assert "wrote" in button.get_attribute("aria-label")
    assert writer.locator(".chat-line .translating").count() == 0

    button.focus()
    reader.keyboard.press("Enter")
    line.locator(".said", has_text="Thank you very much").wait_for()
    assert line.locator(".said").get_attribute("lang") == "en"
    assert "Translated by machine from French" in line.locator("[role=status]").inner_text()
    assert button.inner_text() == "Show original"
    assert reader.evaluate("document.activeElement.textContent") == "Show original"

    reader.keyboard.press("Enter")
    line.locator(".said", has_text="Merci beaucoup").wait_for()
    assert line.locator("[role=status]").inner_text() == ""
    assert reader.faults == writer.faults == []


def test_all_lines_are_translated_as_they_come_and_it_stays_so(chromium: Any, house: Served) -> None:
    writer, reader = person(chromium, house, locale="fr-FR"), person(chromium, house)
    enter(writer, house)
    enter(reader, house)
    say(writer, "Bonsoir")
    line = reader.locator(".chat-line", has_text="Bonsoir")
    line.locator(".translating button").first.click()
    reader.locator(".chat-line .all-too").first.click()

    say(writer, "Trop mignon")
    reader.locator(".said", has_text="So cute").wait_for()
    reader.reload()
    reader.locator(".said", has_text="So cute").wait_for()
    reader.locator(".said", has_text="Good evening").wait_for()

    reader.locator(".chat-line .all-too").first.click()
    reader.locator(".said", has_text="Trop mignon").wait_for()
    assert reader.locator(".said", has_text="So cute").count() == 0
    assert reader.faults == []


def test_a_line_that_cannot_be_translated_stays_and_says_so(chromium: Any, house: Served) -> None:
    writer, reader = person(chromium, house, locale="fr-FR"), person(chromium, house)
    enter(writer, house)
    enter(reader, house)
    reader.route("**/translation", lambda route: route.fulfill(status=503, body="{}"))
    say(writer, "Magnifique")

    line = reader.locator(".chat-line", has_text="Magnifique")
    line.locator(".translating button").first.click()
    line.locator("[role=status]", has_text="Not translated now.").wait_for()
    assert line.locator(".translating button").first.inner_text() == "Translate"
