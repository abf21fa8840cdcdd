# SPDX-License-Identifier: Apache-2.0
"""Long words, and pages from right to left, in a real browser on a phone of 360 pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faces.pseudo import OPEN, spoken_from, write_language

from .served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const sticksOut = (one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1);
  };
  const named = (one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`;
  return [...document.querySelectorAll("body *:not(.desk-side *)")].filter(sticksOut).map(named).slice(0, 6);
}"""
"""What makes the page scroll sideways; nothing if it does not."""
CUT = """() => {
  const isCut = (one) => one.offsetParent && !one.classList.contains("seen-by-ear")
    && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible";
  const named = (one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`;
  return [...document.querySelectorAll("button, .button, h1, h2, label")].filter(isCut).map(named);
}"""
"""Words that are cut off where one has to read them whole."""


def reader(chromium: Any, house: Served, language: str, market: str, session: str = "") -> Any:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    chosen = {"language": language, "market": market, **({"session": session} if session else {})}
    context.add_cookies(
        [{"name": name, "value": value, "url": house.origin} for name, value in chosen.items()]
    )
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


def places(house: Served) -> tuple[tuple[str, ...], tuple[str, ...]]:
    product = f"/studio/products/{house.product}"
    return (
        (
            *("/", "/live", "/market", "/prices", "/log-in", "/register", "/shop/qinghe-kiln"),
            *("/shop/qinghe-kiln/celadon-cup", f"/room/{house.slug}", f"/buy/{house.variant}/address"),
        ),
        (
            *("/studio", "/studio/products", "/studio/products/new", product, f"{product}/prices"),
            *("/studio/stock", "/studio/warehouses", "/studio/orders", "/studio/settings", "/studio/payouts"),
            *(f"/studio/shows/{house.show}", f"/studio/shows/{house.show}/live"),
        ),
    )


def test_words_that_are_two_fifths_longer_fit_on_a_phone(
    chromium: Any, house: Served, tmp_path: Path
) -> None:
    write_language(tmp_path / "own", "en-XA", "Pseudo")
    with spoken_from(tmp_path / "own"):
        for session, paths in zip(("", house.session), places(house), strict=True):
            page = reader(chromium, house, "en-XA", "FR", session)
            for path in paths:
                page.goto(house.origin + path)
                assert OPEN in page.inner_text("body"), path
                assert page.evaluate(SIDEWAYS) == [], path
                assert page.evaluate(CUT) == [], path
            assert page.faults == []


def test_scripts_speak_a_language_that_came_after_they_were_built(
    chromium: Any, house: Served, tmp_path: Path
) -> None:
    write_language(tmp_path / "own", "en-XA", "Pseudo")
    with spoken_from(tmp_path / "own"):
        page = reader(chromium, house, "en-XA", "FR")
        with page.expect_response(lambda answer: answer.url.endswith("/words/en-XA.json")) as answered:
            page.goto(f"{house.origin}/room/{house.slug}")

        assert answered.value.ok
        page.wait_for_function("() => customElements.get('sc-chat')")
        assert page.faults == []


def test_arabic_pages_are_mirrored_and_nothing_sticks_out(chromium: Any, house: Served) -> None:
    for session, paths in zip(("", house.session), places(house), strict=True):
        page = reader(chromium, house, "ar", "SA", session)
        for path in paths:
            page.goto(house.origin + path)
            assert page.evaluate("() => getComputedStyle(document.body).direction") == "rtl", path
            assert page.evaluate(SIDEWAYS) == [], path
            assert page.evaluate(CUT) == [], path


def test_amounts_and_codes_stand_apart_from_the_words_round_them(chromium: Any, house: Served) -> None:
    page = reader(chromium, house, "ar", "SA")
    page.goto(f"{house.origin}/shop/qinghe-kiln/celadon-cup")

    price = page.locator(".price .now .money, .now.money, .money").first
    assert price.evaluate("(one) => one.tagName") == "BDI"
    assert "ر.س" in price.inner_text()
    back = page.locator(".icon.turns").first
    assert back.evaluate("(one) => getComputedStyle(one).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    first, last = (page.locator(name).first.bounding_box() for name in (".top .wordmark", ".top .chip"))
    assert first["x"] > last["x"]  # the mark stands where reading begins


def test_controls_of_the_picture_are_not_mirrored(chromium: Any, house: Served) -> None:
    page = reader(chromium, house, "ar", "SA")
    page.goto(f"{house.origin}/room/{house.slug}")
    page.wait_for_function("() => customElements.get('sc-chat')")

    for name in ("[data-sound] .icon", "[data-play] .icon"):
        assert page.locator(name).first.evaluate("(one) => getComputedStyle(one).transform") == "none"
    clock = page.locator(".running bdi, .running").first
    assert clock.evaluate("(one) => getComputedStyle(one.querySelector('bdi') ?? one).direction") == "ltr"


def test_a_chat_of_two_directions_keeps_each_line_in_its_own(chromium: Any, house: Served) -> None:
    page = reader(chromium, house, "ar", "SA")
    page.goto(f"{house.origin}/room/{house.slug}")
    page.wait_for_function("() => customElements.get('sc-chat')")
    said = {"How much is it, 12 EUR?": "ltr", "كم السعر؟ 12 EUR": "rtl"}
    for text in said:
        page.fill(".say input[name=text]", text)
        page.press(".say input[name=text]", "Enter")
        page.locator(".chat-line", has_text=text).wait_for()

    for text, runs in said.items():
        expect(page.locator(".chat-line:not(.sending)", has_text=text)).to_have_css("direction", runs)
    box = page.locator(".say input[name=text]")
    box.fill("Hello")
    assert box.evaluate("(one) => getComputedStyle(one).direction") == "ltr"
    box.fill("مرحبا")
    assert box.evaluate("(one) => getComputedStyle(one).direction") == "rtl"


@pytest.mark.parametrize(
    ("tag", "face"),
    [
        ("th", "Noto Sans Thai"),
        ("ja", "Noto Sans CJK JP"),
        ("zh-Hant", "Noto Sans CJK TC"),
        ("zh", "Noto Sans CJK SC"),
    ],
)
def test_each_script_asks_for_its_own_face(chromium: Any, house: Served, tag: str, face: str) -> None:
    page = reader(chromium, house, "en", "SG")
    page.goto(house.origin)
    page.evaluate(
        "(tag) => document.body.insertAdjacentHTML('beforeend', `<p id=it lang=${tag}>直骨 ภาษา</p>`)", tag
    )

    asked = page.locator("#it").evaluate("(one) => getComputedStyle(one).fontFamily")

    assert face in asked
    others = {"Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK SC"} - {face}
    assert not any(other in asked for other in others)
