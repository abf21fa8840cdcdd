# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from click.testing import CliRunner
from defusedxml.ElementTree import fromstring

from silkcast.faces.cli import main
from silkcast.plumbing.db import Database
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from tests.trade.customs import build
from tests.trade.orders.build import new_order


@pytest.fixture
async def numbers(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[str, str]:
    """An order that is declared and one that is not, in the database the command opens."""
    async with database.write() as tx:
        declared = (await orders.place(tx, new_order(), key="one")).order
        waiting = (await orders.place(tx, new_order(), key="two")).order
        await customs.draft(tx, build.facts(order=declared.id, order_no=declared.number))

    key = base64.urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()
    (tmp_path / "vault.keys").write_text(f"1:{key}\n")
    (tmp_path / "vault.keys").chmod(0o600)
    monkeypatch.setenv("SILKCAST_HOUSE__FOLDER", str(tmp_path))
    monkeypatch.setenv("SILKCAST_DATABASE__URL", database.url.render_as_string(hide_password=False))
    return declared.number, waiting.number


async def test_export_writes_four_files(numbers: tuple[str, str], tmp_path: Path) -> None:
    command = ["customs", "export", "--order", numbers[0].lower(), "--out", str(tmp_path / "papers")]
    done = await asyncio.to_thread(CliRunner().invoke, main, command)
    assert done.exit_code == 0, done.output
    files = [Path(line) for line in done.output.split()]
    assert [file.name for file in files] == [f"{numbers[0]}-CEB{kind}.xml" for kind in (303, 403, 505, 603)]
    for file in files:
        root = fromstring(file.read_bytes())
        assert root.tag.startswith("{http://www.chinaport.gov.cn/ceb}CEB")


async def test_export_says_when_there_is_nothing(numbers: tuple[str, str], tmp_path: Path) -> None:
    for number, words in (("ZZZZZZZZZZ", "no order"), (numbers[1], "nothing declared")):
        command = ["customs", "export", "--order", number, "--out", str(tmp_path / "papers")]
        done = await asyncio.to_thread(CliRunner().invoke, main, command)
        assert (done.exit_code, words in done.output) == (1, True)
    assert not (tmp_path / "papers").exists()
