# SPDX-License-Identifier: Apache-2.0
"""What the docs say is so: links lead somewhere, files named are there, code that claims to run runs, and the
pages of the reference that follow from the code follow from it now."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from silkcast.faces.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:silkcast|tests|docs|bench|web)/[\w./-]+)`")
CALLED = re.compile(r"(?:^|`|\$ )silkcast ([a-z]+)", re.MULTILINE)
MADE = ("silkcast/faces/static/built", "bench/out")
"""Made by `make`, not kept."""
BLOCK = re.compile(r"^( *)```(python|sh) runnable\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def broken_links(page: Path) -> list[str]:
    found = []
    for link in LINK.findall(prose(page)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_names_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []
    named = [name.rstrip(".") for name in NAMED.findall(prose(page)) if not name.startswith(MADE)]
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert [name for name in CALLED.findall(page.read_text("utf-8")) if name not in COMMANDS] == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    rooms = [page for page in PAGES if page.parent.name in ("tutorial", "how-to", "topics", "reference")]
    missing = [page.name for page in rooms if f"{page.parent.name}/{page.name}" not in index]
    assert missing == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](page.md#one) [b](page.md#two) [c](gone.md) [d](https://example.org)\n")
    assert broken_links(page) == ["page.md#two", "gone.md"]


def runnable() -> list[tuple[str, str, str]]:
    return [
        (str(page.relative_to(ROOT)), language, textwrap.dedent(code))
        for page in PAGES
        for _, language, code in BLOCK.findall(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("page", "language", "code"), runnable())
def test_code_that_claims_to_run_runs(page: str, language: str, code: str) -> None:
    command = [sys.executable, "-"] if language == "python" else ["sh", "-e"]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command,
        input=code,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        check=False,
    )
    assert done.returncode == 0, f"{page}: {done.stdout}{done.stderr}"


def test_some_code_claims_to_run() -> None:
    assert {language for _, language, _ in runnable()} == {"python", "sh"}


def test_the_reference_is_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, "docs/reference/write.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
