# SPDX-License-Identifier: Apache-2.0
"""The design's promises about colour and direction, read from the style files themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "web"
STYLES = sorted((WEB / "src" / "styles").rglob("*.css"))
TOKENS = WEB / "src" / "styles" / "tokens.css"
SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-padding|scroll-margin)-(?:left|right)|(?:left|right))\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|color-mix|lab|lch)\(")


def bare(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def sides(css: str) -> list[str]:
    return SIDES.findall(bare(css))


def colours(css: str) -> list[str]:
    return COLOUR.findall(re.sub(r"url\([^)]*\)", "", bare(css)))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_names_no_side_of_the_screen(path: Path) -> None:
    assert sides(path.read_text()) == []


@pytest.mark.parametrize(
    "path", [path for path in STYLES if path.name != "tokens.css"], ids=lambda path: path.name
)
def test_only_the_token_file_writes_a_colour(path: Path) -> None:
    assert colours(path.read_text()) == []


def test_the_checks_catch_what_they_are_for() -> None:
    assert sides("a { left: 0; }") != []
    assert sides("a { margin-left: 4px; }") != []
    assert sides("a { text-align: right; }") != []
    assert sides("a { background: linear-gradient(to left, x, y); }") == []
    assert colours("a { color: #fff; }") != []
    assert colours("a { color: rgb(0 0 0 / .5); }") != []


def test_templates_carry_no_style_of_their_own() -> None:
    folder = WEB.parent / "silkcast" / "faces" / "templates"
    with_style = [
        path.name for path in folder.rglob("*.html") if re.search(r"\sstyle=|<style", path.read_text())
    ]
    assert with_style == []


# -- contrast -------------------------------------------------------------------------------------

Rgba = tuple[float, float, float, float]


def parse(text: str) -> Rgba:
    if text.startswith("#"):
        return (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16), 1.0)
    red, green, blue, alpha = re.findall(r"[\d.]+", text)
    return (float(red), float(green), float(blue), float(alpha))


def tokens() -> dict[str, tuple[Rgba, Rgba]]:
    css = bare(TOKENS.read_text())
    found = {}
    for name, day, night in re.findall(
        r"--([\w-]+):\s*light-dark\(\s*([^,()]+(?:\([^)]*\))?)\s*,\s*([^,()]+(?:\([^)]*\))?)\s*\);", css
    ):
        found[name] = (parse(day.strip()), parse(night.strip()))
    for name, value in re.findall(r"--(film[\w-]*):\s*(#\w{6}|rgb\([^)]*\));", css):
        found[name] = (parse(value), parse(value))
    return found


def over(top: Rgba, below: Rgba) -> Rgba:
    alpha = top[3]
    mixed = [top[i] * alpha + below[i] * (1 - alpha) for i in range(3)]
    return (mixed[0], mixed[1], mixed[2], 1.0)


def luminance(colour: Rgba) -> float:
    def channel(value: float) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2])


def contrast(one: Rgba, other: Rgba) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


TABLE = [
    ("ink", "surface", 18.1, 15.6),
    ("ink", "canvas", 16.6, 16.8),
    ("ink-2", "surface", 8.2, 9.2),
    ("ink-2", "sunken", 7.0, 10.2),
    ("ink-3", "surface", 5.5, 5.8),
    ("ink-3", "canvas", 5.1, 6.3),
    ("ink-3", "sunken", 4.7, 6.5),
    ("on-inverse", "inverse", 17.3, 16.0),
    ("on-buy", "buy", 5.1, 5.1),
    ("on-buy", "buy-top", 4.55, 4.55),
    ("buy", "surface", 5.1, 3.5),
    ("jade", "surface", 6.5, 9.2),
    ("jade", "jade-wash", 5.6, 8.0),
    ("saffron", "saffron-wash", 6.4, 8.7),
    ("on-saffron", "saffron-fill", 8.7, 8.7),
    ("indigo", "surface", 8.5, 9.0),
    ("indigo", "indigo-wash", 7.2, 8.0),
    ("madder", "surface", 7.4, 8.4),
    ("madder", "madder-wash", 6.3, 7.9),
    ("edge", "surface", 3.6, 4.1),
    ("focus", "canvas", 6.9, 8.4),
]


@pytest.mark.parametrize(("text", "ground", "day", "night"), TABLE)
def test_the_contrast_table_holds(text: str, ground: str, day: float, night: float) -> None:
    known = tokens()

    measured = [contrast(known[text][theme], known[ground][theme]) for theme in (0, 1)]

    assert measured[0] == pytest.approx(day, abs=0.1)
    assert measured[1] == pytest.approx(night, abs=0.1)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("chart", range(1, 6))
def test_chart_colours_stand_out(chart: int, theme: int) -> None:
    known = tokens()

    assert contrast(known[f"chart-{chart}"][theme], known["surface"][theme]) >= (3.0, 5.7)[theme]


@pytest.mark.parametrize(
    ("text", "ground", "at_least"),
    [
        ("film-ink", "film-glass", 5.9),
        ("film-ink-2", "film-glass", 5.2),
        ("film-name", "film-glass", 4.5),
        ("film-host", "film-glass", 4.5),
        ("film-ink", "film-order", 6.5),
    ],
)
def test_glass_passes_on_pure_white_video(text: str, ground: str, at_least: float) -> None:
    known = tokens()
    white: Rgba = (255.0, 255.0, 255.0, 1.0)
    glass = over(known[ground][0], white)

    measured = contrast(over(known[text][0], glass), glass)

    assert measured == pytest.approx(at_least, abs=0.15)
    assert measured >= 4.45
