# SPDX-License-Identifier: Apache-2.0
"""A market's file that cannot be read keeps the site shut, and the operator hears which line it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from silkcast.plumbing import packs
from tests.faces.running import free_port


def serve(folder: Path, packs_folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "SILKCAST_HOUSE__FOLDER": str(folder),
        "SILKCAST_PACKS__FOLDER": str(packs_folder),
        "SILKCAST_SITE__PORT": str(free_port()),
    }
    return subprocess.run(
        [sys.executable, "-m", "silkcast", "serve", *more],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | settings,
        cwd=folder,
    )


@pytest.mark.parametrize("more", [(), ("--workers", "2")])
def test_the_site_does_not_open_over_a_broken_market(tmp_path: Path, more: tuple[str, ...]) -> None:
    text = packs.files("market.toml")["SG"].read_text().replace('"SGD"', '"SGX"')
    (tmp_path / "packs" / "sg").mkdir(parents=True)
    (tmp_path / "packs" / "sg" / "market.toml").write_text(text)
    line = text.splitlines().index('currency = "SGX"') + 1

    done = serve(tmp_path, tmp_path / "packs", *more)

    assert done.returncode == 1
    assert f"sg/market.toml:{line}: currency: no such currency: 'SGX'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "postgres").exists(), "nothing was started"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("rates.toml", '[[rate]]\nbase = "USD"\n', "sg/rates.toml: unknown or missing"),
        ("sizes.toml", '[[table]]\nkind = "hats"\n', "sg/sizes.toml:2: 'hats' is none of"),
    ],
)
def test_nor_over_broken_rates_or_sizes(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / "packs" / "sg").mkdir(parents=True)
    (tmp_path / "packs" / "sg" / name).write_text(text)

    done = serve(tmp_path, tmp_path / "packs")

    assert done.returncode == 1
    assert words in done.stderr
