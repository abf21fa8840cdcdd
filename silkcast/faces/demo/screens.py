# SPDX-License-Identifier: Apache-2.0
"""Screens: pictures of every page, taken of a demo of their own with a real browser.

What is taken stands in `VIEWER`, `STUDIO` and `DESK`: a name, and how to get there from the page before.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from silkcast.faces.demo.counterparts import STOPPING_SECONDS
from silkcast.faces.demo.founding import OPERATOR, PASSWORD

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
SELLER = "qinghe@silkcast.example"
BUYERS = {"fr": "camille@silkcast.example", "en": "jordan@silkcast.example", "ar": "noura@silkcast.example"}
LOCALES = {"fr": "fr-FR", "en": "en-US", "ar": "ar-SA"}
PHONES = {"fr": (390, 844), "en": (390, 844), "ar": (360, 740)}
WIDE = (1440, 900)
SETTLE_MS = 700

Way = Callable[[Any, str], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name and the way to the page."""

    name: str
    way: Way
    is_whole: bool = False
    """The whole page and not only the window."""


def to(path: str) -> Way:
    def way(page: Any, origin: str) -> None:
        page.goto(origin + path)

    return way


def first(path: str, link: str) -> Way:
    """The first link of a page."""

    def way(page: Any, origin: str) -> None:
        page.goto(origin + path)
        page.goto(origin + page.locator(link).first.get_attribute("href"))

    return way


def room(page: Any, origin: str) -> None:
    first("/live", "a[href^='/room/']")(page, origin)
    page.wait_for_function(
        "() => { const film = document.querySelector('video'); return film.currentTime > 1 }"
    )


def shelf(page: Any, origin: str) -> None:
    room(page, origin)
    page.locator("a.shelf-button").click()
    page.locator("#sheet[open] .sheet-page > *").first.wait_for()


def sheet(page: Any, origin: str) -> None:
    room(page, origin)
    page.locator("#pin a[href^='/buy/']").first.click()
    page.locator("#sheet[open] form").first.wait_for()


def address(page: Any, origin: str) -> None:
    page.goto(origin + first_buy(page, origin))
    page.locator("form[action*='/buy/'] button[type=submit], main form button").last.click()
    page.wait_for_load_state()


def first_buy(page: Any, origin: str) -> str:
    page.goto(f"{origin}/shop/qinghe-kiln/celadon-tea-set")
    return str(page.locator("a[href^='/buy/']").first.get_attribute("href"))


def order(page: Any, origin: str) -> None:
    first("/orders", "a[href^='/order/']")(page, origin)


def back(page: Any, origin: str) -> None:
    order(page, origin)
    page.goto(origin + page.locator("a[href*='/return']").first.get_attribute("href"))


VIEWER = (
    Shot("home", to("/"), is_whole=True),
    Shot("live", to("/live")),
    Shot("room", room),
    Shot("shelf", shelf),
    Shot("sheet", sheet),
    Shot("address", address, is_whole=True),
    Shot("shop", to("/shop/qinghe-kiln"), is_whole=True),
    Shot("product", to("/shop/qinghe-kiln/celadon-tea-set"), is_whole=True),
    Shot("not-sold-here", to("/shop/luming-lamps/soy-candle")),
    Shot("search", to("/search?q=tea")),
    Shot("market", to("/market")),
    Shot("orders", to("/orders")),
    Shot("order", order, is_whole=True),
    Shot("return", back, is_whole=True),
    Shot("you", to("/you")),
    Shot("nowhere", to("/no-such-page")),
)
STUDIO = (
    Shot("home", to("/studio/")),
    Shot("products", to("/studio/products")),
    Shot("product", first("/studio/products", "a[href^='/studio/products/0']"), is_whole=True),
    Shot("prices", first("/studio/products", "a[href$='/prices']"), is_whole=True),
    Shot("stock", to("/studio/stock")),
    Shot("orders", to("/studio/orders")),
    Shot("order", first("/studio/orders", "a[href^='/studio/orders/0']"), is_whole=True),
    Shot("returns", to("/studio/returns")),
    Shot("customs", to("/studio/customs")),
    Shot("payouts", to("/studio/payouts")),
    Shot("shows", to("/studio/shows")),
    Shot("live", first("/studio/shows", "a[href$='/live']")),
    Shot("tokens", to("/studio/tokens")),
    Shot("settings", to("/studio/settings"), is_whole=True),
)
DESK = (
    Shot("home", to("/desk/")),
    Shot("orders", to("/desk/orders")),
    Shot("order", first("/desk/orders", "a[href^='/desk/orders/']"), is_whole=True),
    Shot("sellers", to("/desk/sellers")),
    Shot("declarations", to("/desk/declarations")),
    Shot("declaration", first("/desk/declarations", "a[href^='/desk/declarations/0']"), is_whole=True),
    Shot("payments", to("/desk/payments")),
    Shot("ledger", to("/desk/ledger")),
    Shot("failed", to("/desk/failed")),
    Shot("notices", to("/desk/notices")),
    Shot("mailbox", to("/desk/mailbox")),
    Shot("audit", to("/desk/audit")),
    Shot("promises", to("/desk/promises")),
)


@contextmanager
def demo(folder: Path, tell: Callable[[str], None]) -> Iterator[str]:
    """A demo as the program it is; its address once it is on air."""
    command = [sys.executable, "-m", "silkcast", "demo", "--folder", str(folder), "--day-seconds", "1.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 ourselves
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith("·"):
                    tell(line.strip().removeprefix("· "))
                if "Ctrl-C ends it" in line:
                    break
            settings = tomllib.loads((folder / "demo.toml").read_text("utf-8"))
            yield f"http://127.0.0.1:{settings['site']['port']}"
        finally:
            process.terminate()
            try:
                process.wait(STOPPING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def log_in(page: Any, origin: str, contact: str) -> None:
    page.goto(f"{origin}/log-in")
    page.fill("input[name=contact]", contact)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: "/log-in" not in address)


def take(chromium: Any, origin: str, out: Path, only: str, tell: Callable[[str], None]) -> list[str]:
    """Every picture whose name has `only` in it; the names of those that could not be taken."""
    missing: list[str] = []
    out.mkdir(parents=True, exist_ok=True)

    def series(
        kind: str, shots: tuple[Shot, ...], contact: str, locale: str, size: tuple[int, int], **more: Any
    ) -> None:
        wanted = [shot for shot in shots if only in f"{kind}-{shot.name}"]
        if not wanted:
            return
        context = chromium.new_context(
            locale=locale,
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=2 if size[0] < 600 else 1,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(12_000)
        page = context.new_page()
        log_in(page, origin, contact)
        for shot in wanted:
            name = f"{kind}-{shot.name}"
            try:
                shot.way(page, origin)
                page.wait_for_timeout(SETTLE_MS)
                page.screenshot(path=out / f"{name}.png", full_page=shot.is_whole)
            except Exception as error:
                missing.append(name)
                tell(f"no picture of {name}: {str(error).splitlines()[0]}")
        context.close()

    for language, contact in BUYERS.items():
        series(f"viewer-{language}", VIEWER, contact, LOCALES[language], PHONES[language])
    for scheme in ("light", "dark"):
        series(f"studio-{scheme}", STUDIO, SELLER, "en-GB", WIDE, color_scheme=scheme)
        series(f"desk-{scheme}", DESK, OPERATOR, "en-GB", WIDE, color_scheme=scheme)
    series("studio-zh", STUDIO[:1], SELLER, "zh-CN", WIDE)
    series("wide-en", VIEWER[:4], BUYERS["en"], "en-US", WIDE)
    return missing


def everything(
    out: Path, folder: Path, only: str, tell: Callable[[str], None], wait: float = 45.0
) -> list[str]:
    """Start a demo, let its orders travel, take every picture."""
    from playwright.sync_api import sync_playwright

    with demo(folder, tell) as origin, sync_playwright() as playwright:
        tell("letting the first orders travel")
        time.sleep(wait)
        chromium = playwright.chromium.launch(executable_path=browser(), args=list(FLAGS))
        try:
            return take(chromium, origin, out, only, tell)
        finally:
            chromium.close()


def browser() -> str:
    """Chromium on this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise FileNotFoundError("no Chromium on this machine: install chromium")
    return found
