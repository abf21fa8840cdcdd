# SPDX-License-Identifier: Apache-2.0
"""The wheel is whole: an installed Silkcast needs neither this folder nor Node."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from silkcast.plumbing import tongues

ROOT = Path(__file__).parents[2]
LEFT_OUT = ("silkcast/faces/demo/scenes/", "silkcast/faces/static/built/")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel made from this folder."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        return set(content.namelist())


def test_every_file_of_the_package_that_git_keeps_is_in_it(held: set[str]) -> None:
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "silkcast"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    wanted = {name for name in kept if name and (ROOT / name).exists() and not name.startswith(LEFT_OUT)}
    assert wanted - held == set()
    assert {Path(name).suffix for name in wanted} >= {".html", ".yaml", ".toml", ".sql", ".mako", ".png"}


def test_what_is_built_is_in_it(held: set[str]) -> None:
    built = {name for name in held if name.startswith("silkcast/faces/static/built/")}
    assert "silkcast/faces/static/built/manifest.json" in built
    assert any(name.endswith(".js") for name in built)
    assert any(name.endswith(".css") for name in built)
    for language in tongues.spoken():
        assert f"silkcast/faces/words/{language.replace('-', '_')}/LC_MESSAGES/silkcast.mo" in held


def test_what_is_only_for_builders_is_not(held: set[str]) -> None:
    assert not [name for name in held if name.startswith(("tests/", "web/", "bench/", LEFT_OUT[0]))]
    assert not [name for name in held if "__pycache__" in name or "node_modules" in name]


def test_the_command_and_the_engines_are_named_in_it(held: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in held)
    assert any(name.endswith("LICENSE") for name in held)
