# SPDX-License-Identifier: Apache-2.0
"""The scripts' own checks and tests, and how much script a room asks for."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
from pathlib import Path

import pytest

from silkcast.faces.assets import MANIFEST, STATIC, manifest

WEB = Path(__file__).parents[3] / "web"
MOST_ROOM_BYTES = 100_000

pytestmark = pytest.mark.skipif(
    not (WEB / "node_modules").exists() or not MANIFEST.exists(), reason="`make web` brings what this needs"
)


def run(tool: str, *words: str) -> subprocess.CompletedProcess[str]:
    builder = runpy.run_path(str(WEB / "build.py"))
    node = builder["system_node"]() or builder["wheel_node"]()
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    program = WEB / "node_modules" / ".bin" / tool
    return subprocess.run(
        [str(program), *words], cwd=WEB, env=env, capture_output=True, text=True, check=False
    )


def test_types_hold() -> None:
    done = run("tsc", "--noEmit")

    assert done.returncode == 0, done.stdout


def test_the_scripts_own_tests_pass() -> None:
    done = run("vitest", "run")

    assert done.returncode == 0, done.stdout


def chunks(source: str) -> set[str]:
    """A script and all it needs at once, by file name; what is fetched later on its own is not counted."""
    built = json.loads(MANIFEST.read_text())
    entry = built[source]
    return {entry["file"]}.union(*(chunks(name) for name in entry.get("imports", ())))


def test_a_room_asks_for_little_script() -> None:
    assert sum((STATIC / "built" / name).stat().st_size for name in chunks("src/room.ts")) < MOST_ROOM_BYTES


def test_the_player_is_fetched_only_when_there_is_a_picture() -> None:
    assert not any("hls" in name for name in chunks("src/room.ts"))
    assert any("hls" in name for name in manifest())


def test_everything_the_layouts_ask_for_is_built() -> None:
    asked = {"src/site.ts", "src/room.ts", "src/card.ts", "src/studio.ts", "icons.svg"}
    asked |= {f"src/styles/{name}.css" for name in ("site", "room", "studio")}

    assert asked <= set(manifest())
    assert all((STATIC / "built" / manifest()[name].file).exists() for name in asked)
