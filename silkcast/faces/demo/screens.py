# SPDX-License-Identifier: Apache-2.0
"""Screens: pictures of every page, taken of a demo with a real browser. What is taken stands in `shots`.

A page counts as broken when it cannot be reached, when its scripts fail, when something it asks for is
refused, or when it is wider than its window.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from silkcast.faces.demo import shots
from silkcast.faces.demo.counterparts import STOPPING_SECONDS
from silkcast.faces.demo.film import ffmpeg
from silkcast.faces.demo.founding import OPERATOR, PASSWORD
from silkcast.faces.demo.shots import Shot
from silkcast.faces.demo.world import PICTURES

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
SELLER_WIDE = "luming@silkcast.example"
BUYERS = {"fr": "camille@silkcast.example", "en": "jordan@silkcast.example", "ar": "noura@silkcast.example"}
LOCALES = {"fr": "fr-FR", "en": "en-US", "ar": "ar-SA", "zh": "zh-CN"}
PHONE = (390, 844)
SMALLEST = (360, 740)
WIDE = (1440, 900)
SETTLE_MS = 450
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HEIGHT = "document.documentElement.scrollHeight"
HIGHEST = 6000
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Series:
    """One browser with one person before it, and what they look at."""

    kind: str
    shots: Sequence[Shot]
    locale: str
    size: tuple[int, int]
    contact: str = ""
    scheme: str = "light"

    def wanted(self, only: str) -> list[tuple[str, Shot]]:
        """By the whole name of each picture."""
        named = ((f"{self.kind}-{shot.name}", shot) for shot in self.shots)
        return [(name, shot) for name, shot in named if only in name]


def all_series() -> Iterator[Series]:
    small = [shot for shot in shots.VIEWER if shot.name in shots.PHONE]
    for language, locale in LOCALES.items():
        contact = BUYERS.get(language, "")
        seen = small if contact else small[:4]
        yield Series(f"small-{language}", seen, locale, SMALLEST, contact)
    for language in ("fr", "ar"):
        yield Series(f"viewer-{language}", shots.VIEWER, LOCALES[language], PHONE, BUYERS[language])
    yield Series("night-ar", small, LOCALES["ar"], SMALLEST, BUYERS["ar"], "dark")
    for language in ("en", "ar"):
        yield Series(f"stranger-{language}", shots.STRANGER, LOCALES[language], SMALLEST)
    yield Series("wide-en", shots.VIEWER, LOCALES["en"], WIDE, BUYERS["en"])
    yield Series("wide-ar", shots.VIEWER[:8], LOCALES["ar"], WIDE, BUYERS["ar"])
    for scheme in ("light", "dark"):
        yield Series(f"studio-{scheme}", shots.STUDIO, "en-GB", WIDE, SELLER, scheme)
    yield Series("desk-light", shots.DESK, "en-GB", WIDE, OPERATOR)
    yield Series("desk-dark", shots.DESK[:6], "en-GB", WIDE, OPERATOR, "dark")
    yield Series("studio-ar", shots.STUDIO[:14], LOCALES["ar"], WIDE, SELLER)
    yield Series("studio-zh", shots.STUDIO[:1], LOCALES["zh"], WIDE, SELLER)
    yield Series("studio-phone", shots.STUDIO, "en-GB", SMALLEST, SELLER)
    yield Series("desk-phone", shots.DESK, LOCALES["ar"], SMALLEST, OPERATOR)


@dataclass(slots=True)
class Camera:
    """Takes the pictures and remembers what was wrong."""

    chromium: Any
    origin: str
    out: Path
    tell: Tell
    faults: list[str] = field(default_factory=list)
    _heard: list[str] = field(default_factory=list)
    _allowed: tuple[int, ...] = ()

    def series(self, one: Series, only: str) -> None:
        wanted = one.wanted(only)
        if not wanted:
            return
        self.tell(f"{one.kind}: {len(wanted)} pictures")
        context = self.chromium.new_context(
            locale=one.locale,
            viewport={"width": one.size[0], "height": one.size[1]},
            device_scale_factor=2 if one.size[0] < 600 else 1,
            has_touch=one.size[0] < 600,
            reduced_motion="reduce",
            color_scheme=one.scheme,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        self._listen(page)
        try:
            if one.contact:
                log_in(page, self.origin, one.contact)
            for name, shot in wanted:
                self._picture(page, name, shot)
        finally:
            context.close()

    def _listen(self, page: Any) -> None:
        def answered(response: Any) -> None:
            if response.status >= 400 and response.status not in self._allowed:
                self._heard.append(f"{response.status} {response.url.removeprefix(self.origin)}")

        def said(message: Any) -> None:  # that a file was refused is told by `answered`, with its address
            if message.type == "error" and not message.text.startswith("Failed to load resource"):
                self._heard.append(message.text)

        page.on("pageerror", lambda error: self._heard.append(str(error)))
        page.on("console", said)
        page.on("response", answered)

    def _picture(self, page: Any, name: str, shot: Shot) -> None:
        self._heard.clear()
        self._allowed = shot.allowed
        try:
            shot.way(page, self.origin)
            page.wait_for_timeout(SETTLE_MS)
            with self._as_high_as(page) if shot.is_whole else nullcontext():
                page.screenshot(path=self.out / f"{name}.png")
            wider = page.evaluate(WIDER)
            if wider > 0:
                self._heard.append(f"{wider} px wider than its window")
        except Exception as error:
            self._heard.append(f"no picture: {str(error).splitlines()[0]}")
        for fault in dict.fromkeys(self._heard):
            self.faults.append(f"{name}: {fault}")
            self.tell(f"FAULT {name}: {fault}")

    @contextmanager
    def _as_high_as(self, page: Any) -> Iterator[None]:
        """A window as high as the page, so that bars at its foot stand at its foot."""
        size = page.viewport_size
        high = max(size["height"], min(page.evaluate(HEIGHT), HIGHEST))
        page.set_viewport_size({"width": size["width"], "height": high})
        page.wait_for_timeout(SETTLE_MS)
        try:
            yield
        finally:
            page.set_viewport_size(size)


@contextmanager
def demo(folder: Path, tell: Tell) -> Iterator[str]:
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
            else:
                raise RuntimeError("the demo ended before it was on air")
            settings = tomllib.loads((folder / "demo.toml").read_text("utf-8"))
            yield f"http://127.0.0.1:{settings['site']['port']}"
        finally:
            process.terminate()
            try:
                process.wait(STOPPING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def log_in(page: Any, origin: str, contact: str) -> None:
    page.goto(f"{origin}/log-in?by=password")
    page.fill("input[name=contact]", contact)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: "/log-in" not in address)


def show_to_hold(page: Any, origin: str) -> str:
    """The shop's show that is on air or the next one; planned now where all are over."""
    page.goto(f"{origin}/studio/shows")
    card = page.locator("a.show-card:not(.ended)")
    if card.count():
        return str(card.first.get_attribute("href")).removesuffix("/live")
    page.goto(f"{origin}/studio/shows/new")
    page.fill("[name=title-en]", "Lights, once more")
    page.fill("[name=starts_at]", page.evaluate("`${new Date().getFullYear() + 1}-01-01T20:00`"))
    for tick in page.locator("input[name^='run-']").all()[:4]:
        tick.check()
    page.locator(".desk-page form button[type=submit]").last.click()
    page.wait_for_url("**/studio/shows/0*")
    return str(page.evaluate("location.pathname"))


@contextmanager
def wide_stream(chromium: Any, origin: str) -> Iterator[None]:
    """A second shop on air, with a picture that is wider than high, as a camera program would send it."""
    context = chromium.new_context(locale="en-GB", viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()
    log_in(page, origin, SELLER_WIDE)
    show = show_to_hold(page, origin)
    page.goto(f"{origin}{show}?key=1")
    server = page.locator("#key dd code").first.inner_text()
    key = page.locator("#key code.key").inner_text()
    picture = ("-loop", "1", "-framerate", "25", "-i", str(PICTURES / "live-l.jpg"))
    sound = ("-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo")
    encode = ("-vf", "scale=1280:720", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage")
    shape = ("-pix_fmt", "yuv420p", "-g", "25", "-b:v", "900k", "-c:a", "aac", "-f", "flv", f"{server}/{key}")
    command = [ffmpeg(), "-v", "error", "-re", *picture, *sound, *encode, *shape]
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nothing, stderr=nothing) as encoder:  # noqa: S603 our own encoder
        try:
            start = page.locator(f"form[action='{show}/start'] button")
            if start.count():
                start.first.click()
                page.wait_for_load_state()
            page.goto(f"{origin}{show}/live")
            page.locator("li[data-pin] form[action*='/pin/'] button").first.click()
            yield
            page.goto(f"{origin}{show}/live")
            page.locator("details.ask summary").first.click()
            page.locator(f"form[action='{show}/end'] button").click()
        finally:
            encoder.terminate()
            context.close()


def take(chromium: Any, origin: str, out: Path, only: str, tell: Tell) -> list[str]:
    """Every picture whose name has `only` in it; what was wrong with any of them."""
    out.mkdir(parents=True, exist_ok=True)
    camera = Camera(chromium, origin, out, tell)
    wanted = [one for one in all_series() if one.wanted(only)]
    is_wide_wanted = any(shot.name == "room-wide" for one in wanted for _, shot in one.wanted(only))
    if is_wide_wanted:
        with wide_stream(chromium, origin):
            for one in wanted:
                camera.series(one, only)
    else:
        for one in wanted:
            camera.series(one, only)
    return camera.faults


def everything(out: Path, folder: Path, only: str, tell: Tell, wait: float = 45.0, at: str = "") -> list[str]:
    """Take every picture, of the demo at that address or else of one that is started for it and whose
    orders are let travel first."""
    if at:
        return _with_browser(at.rstrip("/"), out, only, tell)
    with demo(folder, tell) as origin:
        tell("letting the first orders travel")
        time.sleep(wait)
        return _with_browser(origin, out, only, tell)


def _with_browser(origin: str, out: Path, only: str, tell: Tell) -> list[str]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
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
