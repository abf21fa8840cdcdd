# SPDX-License-Identifier: Apache-2.0
"""The house keeps its own rules, and each rule catches what it is for."""

from __future__ import annotations

import ast
from pathlib import Path, PurePath

import pytest

from .rules import RULES, Rule

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "silkcast").rglob("*.py"))
MOST_LINES = 400


@pytest.fixture(scope="module")
def trees() -> dict[PurePath, ast.Module]:
    return {PurePath(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in SOURCES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule, trees: dict[PurePath, ast.Module]) -> None:
    broken = [f"{path}:{line}" for path, tree in trees.items() for line in rule(path, tree)]
    assert broken == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_bad_sample_is_caught_and_the_good_one_let_be(rule: Rule) -> None:
    (bad_path, bad), (good_path, good) = RULES[rule]
    assert rule(PurePath(bad_path), ast.parse(bad)), "the rule is blind"
    assert rule(PurePath(good_path), ast.parse(good)) == []


def has_licence(text: str) -> bool:
    return text.startswith("# SPDX-License-Identifier: Apache-2.0\n")


def test_each_file_names_its_licence() -> None:
    files = [file for folder in ("silkcast", "tests", "bench") for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 50
    assert [str(file.relative_to(ROOT)) for file in files if not has_licence(file.read_text())] == []
    assert not has_licence('"""No licence."""\n')


def test_no_file_is_too_long_to_read() -> None:
    lengths = {file.relative_to(ROOT): len(file.read_text().splitlines()) for file in SOURCES}
    assert {str(path): length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_the_two_commands_are_in_the_readme_and_in_the_makefile() -> None:
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for command in ("demo", "test"):
        assert f"make {command}" in readme
        assert f"\n{command}:" in makefile
