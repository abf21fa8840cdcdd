# SPDX-License-Identifier: Apache-2.0
"""Long words and right-to-left pages in a real browser, on a phone of 360 pixels."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PHONE = {"width": 360, "height": 740}
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width && (box.right > wide + 1 || box.left < -1); })
    .filter((one) => getComputedStyle(one).position !== "fixed")
    .map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`).slice(0, 6);
}"""
"""Which elements make a page scroll sideways."""
CUT = """() => [...document.querySelectorAll("button, .button, h1, h2, label")]
  .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
  .map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`)"""
