# SPDX-License-Identifier: Apache-2.0
"""What the story needs: a demo of its own, an encoder, and people before their browsers."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from silkcast.faces.demo import film
from silkcast.faces.demo.screens import log_in

T = TypeVar("T")
IS_LIT = """
() => {
  const film = document.querySelector('video')
  if (!film || film.readyState < 2) return 0
  const canvas = document.createElement('canvas')
  canvas.width = 32; canvas.height = 32
  const drawn = canvas.getContext('2d')
  drawn.drawImage(film, 0, 0, 32, 32)
  const pixels = drawn.getImageData(0, 0, 32, 32).data
  let sum = 0
  for (let i = 0; i < pixels.length; i += 4) sum += pixels[i] + pixels[i + 1] + pixels[i + 2]
  return sum / (32 * 32 * 3)
}
"""


@dataclass(frozen=True, slots=True)
class Story:
    """A demo that runs: its address, its folder, and what it prints."""

    origin: str
    folder: Path


@contextmanager
def opening() -> Iterator[None]:
    """Demos open one after another, in whatever worker: two at once would find the same ports free."""
    with (Path(tempfile.gettempdir()) / "silkcast-tests-opening.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def demo(folder: Path) -> Iterator[Story]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SILKCAST_")}
    options = ("--folder", str(folder), "--bare", "--day-seconds", "1")
    said = (folder.parent / "demo.log").open("w+")
    log = folder.parent / "demo.log"
    command = [sys.executable, "-u", "-m", "silkcast", "demo", *options]
    process = None
    try:
        with opening():
            process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environ)
            begun = process
            until(
                lambda: "Ctrl-C ends it" in log.read_text() or begun.poll() is not None, 240, "the demo opens"
            )
        assert process.poll() is None, log.read_text()
        port = tomllib.loads((folder / "demo.toml").read_text())["site"]["port"]
        yield Story(f"http://127.0.0.1:{port}", folder)
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(30)
            finally:
                process.kill()
        said.close()


def until(look: Callable[[], T], seconds: float, what: str) -> T:
    """What `look` finds, as soon as it is something."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.4)


def push(address: str) -> subprocess.Popen[bytes]:
    """A seller's encoder: a bright moving picture with sound, sent by RTMP until it is ended."""
    source = ("-f", "lavfi", "-i", "testsrc2=size=360x640:rate=30", "-f", "lavfi", "-i", "sine=frequency=330")
    encode = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p")
    shape = ("-g", "30", "-keyint_min", "30", "-bf", "0", "-b:v", "500k", "-c:a", "aac", "-ar", "44100")
    command = [film.ffmpeg(), "-v", "error", "-re", *source, *encode, *shape, "-f", "flv", address]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


@contextmanager
def encoder(address: str) -> Iterator[None]:
    process = push(address)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def person(chromium: Any, story: Story, locale: str, *, wide: bool = False, contact: str = "") -> Any:
    """A browser of somebody: a phone, or a desk; logged in where they have an account."""
    size = {"width": 1440, "height": 900} if wide else {"width": 360, "height": 740}
    context = chromium.new_context(locale=locale, viewport=size, has_touch=not wide)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    if contact:
        log_in(page, story.origin, contact)
    return page


def plays(viewer: Any) -> None:
    """The clock of the film goes on, and there is light in its pictures."""
    moment = "() => document.querySelector('video').currentTime"

    def goes_on() -> bool:
        before = viewer.evaluate(moment)  # anew each time: after a break it may count from another start
        viewer.wait_for_timeout(1200)
        return bool(viewer.evaluate(moment) > before + 0.5)

    until(lambda: viewer.evaluate(moment) > 0.5, 60, "the film plays")
    until(goes_on, 60, "the film goes on")
    until(lambda: viewer.evaluate(IS_LIT) > 20, 20, "the picture is not black")


def figure(text: str) -> str:
    """The digits of a price, whatever the language parts them with."""
    western = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    return re.sub(r"\D", "", western)
