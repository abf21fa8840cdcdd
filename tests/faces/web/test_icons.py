# SPDX-License-Identifier: Apache-2.0
"""Every icon a template or script asks for is in the sprite's list."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
LISTED = set((ROOT / "web" / "icons.txt").read_text().split())


def asked() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "silkcast" / "faces" / "templates").rglob("*.html"):
        text = path.read_text()
        found |= set(re.findall(r"""(?:icon|draw|icon_button)\(\s*["']([a-z][a-z-]*)["']\s*[,)]""", text))
        found |= set(re.findall(r"""icon(?:_name)?=["']([a-z][a-z-]*)["']""", text))
    for path in (ROOT / "web" / "src").rglob("*.ts"):
        found |= set(re.findall(r"""\bicon\(\s*"([a-z-]+)\"""", path.read_text()))
    return found


def test_every_icon_asked_for_is_listed() -> None:
    assert asked() - LISTED == set()


def test_no_icon_is_listed_twice() -> None:
    names = (ROOT / "web" / "icons.txt").read_text().split()

    assert sorted(set(names)) == sorted(names)
