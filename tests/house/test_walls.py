# SPDX-License-Identifier: Apache-2.0
"""The contracts of .importlinter: a small sound house keeps them, each is broken by its own sample."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    "who": ("sellers", "identity"),
    "money": ("ledger", "rates"),
    "goods": ("stock", "catalog"),
    "trade": ("orders", "payments"),
    "stage": ("rooms", "chat"),
    "watch": ("audit", "insight"),
}
FILES = ("service", "values", "events", "errors", "port", "rules", "models", "store", "reactions", "jobs")
SOUND = {
    "main": "import silkcast.faces.shop\nfrom silkcast.goods.stock import models, jobs",
    "faces.shop": "import litestar\nfrom silkcast.flows import checkout\nimport silkcast.who.sellers.service",
    "flows.checkout": "import silkcast.trade.orders.service\nimport silkcast.goods.stock.service",
    "engines.card": "import stripe\nfrom silkcast.trade.payments import port\nimport silkcast.plumbing.http",
    "trade.orders.service": "from silkcast.goods.stock import service\nfrom . import store, rules",
    "goods.stock.store": "import sqlalchemy\nfrom . import models",
    "goods.stock.reactions": "from . import service",
    "plumbing.db": "import sqlalchemy",
    "plumbing.http": "import httpx",
}
BROKEN_BY: dict[str, dict[str, str]] = {
    "floors": {"goods.stock.service": "from silkcast.trade.orders import service"},
    **{
        f"neighbours-{floor}": {f"{floor}.{one}.service": f"from silkcast.{floor}.{other} import service"}
        for floor, (one, other) in MODULES.items()
    },
    **{
        f"door-{floor}": {"flows.checkout": f"from silkcast.{floor}.{one} import store"}
        for floor, (one, _) in MODULES.items()
    },
    "rules-are-pure": {"goods.stock.rules": "import sqlalchemy"},
    "values-are-pure": {"goods.stock.values": "from sqlalchemy import Column"},
    "no-strangers-in-modules": {"trade.payments.service": "import stripe"},
    "engines-know-ports": {"engines.card": "from silkcast.trade.payments import service"},
    "faces-know-no-engine": {"faces.shop": "from silkcast.engines import card"},
    "no-circles": {
        "plumbing.db": "from silkcast.plumbing import http",
        "plumbing.http": "from silkcast.plumbing import db",
    },
}


def contracts() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return [section.rpartition(":")[2] for section in parser.sections() if ":contract:" in section]


def build(folder: Path, written: dict[str, str]) -> None:
    """A house in little: every floor, two modules each, all their files, and what is written in some."""
    names = {
        "main",
        "ground.money",
        "plumbing.db",
        "plumbing.http",
        "flows.checkout",
        "engines.card",
        "faces.shop",
    }
    names |= {
        f"{floor}.{module}.{file}" for floor, pair in MODULES.items() for module in pair for file in FILES
    }
    for name in names:
        file = folder.joinpath("silkcast", *name.split(".")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'"""A sample."""\n{written.get(name, "")}\n')
    for package in (folder / "silkcast").rglob("*"):
        if package.is_dir():
            (package / "__init__.py").touch()
    (folder / "silkcast" / "__init__.py").touch()
    shutil.copy(ROOT / ".importlinter", folder)


def lint(folder: Path, *arguments: str) -> tuple[int, str]:
    answer = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
            *arguments,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, answer.stdout + answer.stderr


def test_each_contract_has_its_bad_sample() -> None:
    assert sorted(contracts()) == sorted(BROKEN_BY)


def test_a_sound_house_keeps_all_contracts(tmp_path: Path) -> None:
    build(tmp_path, SOUND)
    code, said = lint(tmp_path)
    assert code == 0, said
    assert f"{len(BROKEN_BY)} kept, 0 broken" in said


@pytest.mark.parametrize("contract", BROKEN_BY)
def test_the_bad_sample_breaks(contract: str, tmp_path: Path) -> None:
    build(tmp_path, SOUND | BROKEN_BY[contract])
    code, said = lint(tmp_path, "--contract", contract)
    assert code == 1, said
    assert "0 kept, 1 broken" in said


def test_the_walls_of_the_house_stand() -> None:
    code, said = lint(ROOT)
    assert code == 0, said
