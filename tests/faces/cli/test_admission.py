# SPDX-License-Identifier: Apache-2.0
"""`silkcast admission check`: a file with line and reason, a SKU market by market."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from silkcast.faces.cli import main
from silkcast.faces.cli.admission import BROKEN, NOT_EVERYWHERE, OK, check_sku
from silkcast.goods.catalog import service as catalog
from silkcast.ground.language import Words
from silkcast.plumbing.db import Database
from silkcast.plumbing.packs import HOUSE
from tests.goods.catalog.build import new_product, new_variant
from tests.who.sellers.build import open_shop


def run(*words: str) -> tuple[int, str]:
    made = CliRunner().invoke(main, ["admission", "check", *words])
    return made.exit_code, made.output


def test_a_file_of_the_house_is_good() -> None:
    status, said = run(str(HOUSE / "sa" / "barred.toml"))
    assert status == OK
    assert said.endswith("rows\n")


def test_a_bad_file_is_told_with_line_and_reason(tmp_path: Path) -> None:
    (tmp_path / "sa").mkdir()
    bad = tmp_path / "sa" / "barred.toml"
    bad.write_text('\n[[row]]\ncode = "alcohol"\n')
    assert run(str(bad)) == (BROKEN, f"{bad}:2: what is missing\n")
    assert run(str(tmp_path / "none.toml"))[0] == BROKEN


async def test_a_sku_is_asked_of_every_market(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    async with database.write() as tx:
        shop = await open_shop(tx)
        for sku, name in (("WINE-1", "Red wine"), ("CUP-1", "Tea cup")):
            new = new_product(names=Words({"en": name, "zh": "货"}), variants=(new_variant(sku=sku),))
            await catalog.draft(tx, shop.id, new)

    assert await check_sku(database, "WINE-1") == NOT_EVERYWHERE
    lines = capsys.readouterr().out.splitlines()
    assert "SA barred" in lines
    assert "   barred alcohol (alcohol) by wine [knowledge]" in lines
    assert await check_sku(database, "CUP-1") == OK
    assert await check_sku(database, "CUP") == BROKEN
