# SPDX-License-Identifier: Apache-2.0
"""Every main page before axe, as people open it: in English and Arabic, by day and by night, on a phone and
at a desk. What axe calls serious or critical is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from silkcast.faces.demo.founding import OPERATOR
from silkcast.faces.demo.screens import SELLER, log_in
from silkcast.faces.demo.shots import DESK, STRANGER, STUDIO
from silkcast.faces.demo.shots import VIEWER as SEEN
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


NOT_HERE = ("room-replay", "order", "return", "sheet", "sheet-ordered", "declaration")
"""What needs a film or a past order: the demo here is bare. The story's own tests walk through them."""


def in_room(way: Any) -> Any:
    """A way through the room, which is on air without a picture here."""

    def on(page: Any, origin: str) -> None:
        page.wait_for_function = lambda *_: None
        way(page, origin)

    return on


VIEWER = {shot.name: in_room(shot.way) for shot in (*STRANGER, *SEEN) if shot.name not in NOT_HERE}
SELLER_PAGES = {shot.name: in_room(shot.way) for shot in STUDIO if shot.name not in NOT_HERE}
OPERATOR_PAGES = {shot.name: shot.way for shot in DESK if shot.name not in NOT_HERE}
PEOPLE = (
    pytest.param(VIEWER, "", "en-US", "light", (360, 740), id="viewer-en-day-phone"),
    pytest.param(VIEWER, "", "ar-SA", "dark", (360, 740), id="viewer-ar-night-phone"),
    pytest.param(VIEWER, "", "en-US", "dark", (1440, 900), id="viewer-en-night-desk"),
    pytest.param(SELLER_PAGES, SELLER, "en-GB", "light", (1440, 900), id="seller-en-day-desk"),
    pytest.param(SELLER_PAGES, SELLER, "ar-SA", "dark", (360, 740), id="seller-ar-night-phone"),
    pytest.param(OPERATOR_PAGES, OPERATOR, "en-GB", "dark", (1440, 900), id="operator-en-night-desk"),
    pytest.param(OPERATOR_PAGES, OPERATOR, "ar-SA", "light", (360, 740), id="operator-ar-day-phone"),
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
