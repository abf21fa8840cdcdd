# SPDX-License-Identifier: Apache-2.0
"""Every page draws itself in every language, and what people wrote stays text."""

from __future__ import annotations

import re
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from silkcast.faces.format import Format
from silkcast.faces.render import TEMPLATES, direction_of, render
from silkcast.faces.shop.price_words import rate_text
from silkcast.faces.visit import Visit
from silkcast.ground.language import Language
from silkcast.plumbing import tongues

sys.path.insert(0, str(Path(__file__).parent))
from samples import PAGES

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
IDS = [f"{number}-{name}" for number, (name, _) in enumerate(PAGES)]


def visit(language: str) -> Visit:
    market = {"ar": "SA", "fr": "FR", "zh": "SG"}.get(language, "US")
    digits = "arab" if market == "SA" else "latn"
    return Visit(Language(language), market, "EUR", date(2026, 11, 22), digits=digits, path="/here?x=1&y=2")


class Tree(HTMLParser):
    """Complains of tags that close what is not open, and of ids that stand twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]} on line {self.getpos()[0]}")
        else:
            self.open.pop()


@pytest.mark.parametrize("language", tongues.spoken())
@pytest.mark.parametrize(("template", "view"), PAGES, ids=IDS)
def test_a_page_is_whole(template: str, view: object, language: str) -> None:
    page = render(template, view, visit(language))

    tree = Tree()
    tree.feed(page)
    assert tree.faults == []
    assert tree.open == []
    assert sorted(set(tree.ids)) == sorted(tree.ids)
    assert "<Kiln>" not in page
    assert "<looks>" not in page
    assert not re.search(r"%\(\w+\)s", page)
    assert " style=" not in page
    if template not in ("room/card.html", "room/coupons.html"):
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


NEVER_A_FRAGMENT = {"buy/back.html", "buy/card.html"}
"""What stands in a frame of the sheet: the provider's card form, and what the bank's page comes back to."""


@pytest.mark.parametrize(
    "template",
    sorted({name for name, _ in PAGES if name.startswith(("buy/", "room/s"))} - NEVER_A_FRAGMENT),
)
def test_a_fragment_is_the_inside_alone(template: str) -> None:
    view = next(view for name, view in PAGES if name == template)

    inside = render(template, view, visit("en"), fragment=True)

    assert "<html" not in inside
    assert "sheet-head" in inside


def test_no_template_is_left_without_a_sample() -> None:
    drawn = {name for name, _ in PAGES}
    folders = ("shop", "room", "buy", "order", "account")
    there = {
        str(path.relative_to(TEMPLATES)) for folder in folders for path in (TEMPLATES / folder).glob("*.html")
    }

    assert there - drawn == set()


def test_a_messages_direction_is_its_own() -> None:
    assert direction_of("It looks calm") == "ltr"
    assert direction_of("12, عمر") == "rtl"
    assert direction_of("!!") == "auto"


@pytest.mark.parametrize(
    ("language", "market", "written"),
    [
        ("en", "US", "7.5%"),
        ("fr", "FR", "7,5%"),
        ("ru", "RU", "7,5%"),
        ("pt-BR", "BR", "7,5%"),
        ("ja", "JP", "7.5%"),
    ],
)
def test_a_rate_has_the_readers_decimal_sign(language: str, market: str, written: str) -> None:
    assert rate_text("7.5 %", Format(language, market, today=date(2026, 11, 22))) == written
