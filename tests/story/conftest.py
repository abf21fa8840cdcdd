# SPDX-License-Identifier: Apache-2.0
"""A demo and a browser for each story. Its browser is closed before the next test of the worker begins: while
it is open, no loop can run beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from silkcast.faces.demo.screens import FLAGS, browser
from tests.story.watching import Story, demo

CAMERAS = "--use-fake-device-for-media-stream=device-count=2"
"""Two cameras of Chromium's own, that draw a clock and beep. Whether a page may use them is asked as ever."""


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with tempfile.TemporaryDirectory(prefix="silkcast-story-") as made:
        Path(made).chmod(0o755)  # so that the user PostgreSQL runs as can enter
        with demo(Path(made) / "demo") as running:
            yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser(), args=[*FLAGS, CAMERAS])
        yield found
        found.close()
