# SPDX-License-Identifier: Apache-2.0
"""Rates of tax by date, and the kept VAT of the Union beside a published table."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from silkcast.faces.cli import main
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules, NoSuchRules

TODAY = date(2026, 11, 26)


def general(market: str, on: date) -> set[str]:
    return {one.rate for one in duties.tax_rates(market, on) if one.hs is None}


@pytest.mark.parametrize(
    ("market", "changed", "before", "after"),
    [
        ("DE", date(2020, 7, 1), "19 %", "16 %"),
        ("DE", date(2021, 1, 1), "16 %", "19 %"),
        ("IE", date(2020, 9, 1), "23 %", "21 %"),
        ("LU", date(2023, 1, 1), "17 %", "16 %"),
        ("LU", date(2024, 1, 1), "16 %", "17 %"),
        ("EE", date(2024, 1, 1), "20 %", "22 %"),
        ("EE", date(2025, 7, 1), "22 %", "24 %"),
        ("FI", date(2024, 9, 1), "24 %", "25.5 %"),
        ("SK", date(2025, 1, 1), "20 %", "23 %"),
        ("RO", date(2017, 1, 1), "20 %", "19 %"),
        ("RO", date(2025, 8, 1), "19 %", "21 %"),
        ("GR", date(2016, 6, 1), "23 %", "24 %"),
        ("VN", date(2027, 1, 1), "10 %", "10 %"),
    ],
)
def test_a_rate_is_asked_by_date(market: str, changed: date, before: str, after: str) -> None:
    assert general(market, date.fromordinal(changed.toordinal() - 1)) == {before}
    assert general(market, changed) == {after}


def test_reduced_rates_stand_where_it_is_known_which_goods_take_them() -> None:
    (book,) = {one.rate for one in duties.tax_rates("FI", TODAY) if one.hs == ("4901",)}
    assert book == "13.5 %"
    assert all("4901" in one.not_hs for one in duties.tax_rates("FI", TODAY) if one.hs is None)
    assert {one.mark for one in duties.tax_rates("FI", TODAY)} == {"verified", "knowledge"}


def table(**rates: object) -> str:
    states = {
        code: {"eu_member": code != "CH", "standard": rate, "reduced": []} for code, rate in rates.items()
    }
    return json.dumps({"version": "2026-09-29", "source": "made up", "rates": states})


def test_a_published_table_is_compared_and_a_row_proposed() -> None:
    same, greece, other = duties.compare_vat(table(AT=20.0, CH=8.1, EL=24, FI=26.5), TODAY)
    assert (same.market, same.is_same, same.line) == ("AT", True, "AT ok 20 %")
    assert (greece.market, greece.is_same) == ("GR", True)
    assert not other.is_same
    assert "kept 25.5 %, published 26.5 %" in other.line
    assert "{valid_from: '2026-09-29', charge: {rate: '0.265'}, mark: verified" in other.line


@pytest.mark.parametrize(
    "text",
    [
        "not JSON",
        "[]",
        "{}",
        table(AT="20"),
        table(AT=True),
        table(AT=-1),
        '{"version": "soon", "rates": {}}',
        '{"version": "2026-09-29", "rates": {"AT": {"standard": 20}}}',
    ],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(BrokenRules):
        list(duties.compare_vat(text, TODAY))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["duties", *words])


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (table(AT=20.0), 0, "AT ok 20 %"),
        (table(AT=21.0), 1, "AT differs"),
        (table(XX=21.0), 1, "XX not kept"),
        ("no", 2, "broken"),
    ],
)
def test_the_command_says_by_its_status_what_it_found(
    tmp_path: Path, text: str, status: int, said: str
) -> None:
    path = tmp_path / "table.json"
    path.write_text(text)
    result = run("vat", str(path), "--on", "2026-11-26")
    assert result.exit_code == status
    assert said in result.output


def test_the_taxes_of_a_day_are_printed_with_their_sources() -> None:
    result = run("taxes", "de", "--on", "2020-08-01")
    assert result.exit_code == 0
    assert (
        "16 %  VAT at import, all goods but HS 4901, from 2020-07-01 to 2020-12-31, verified" in result.output
    )
    assert "duty27-eu-vat" in result.output
    assert run("taxes", "qq").exit_code == 1
    with pytest.raises(NoSuchRules):
        duties.tax_rates("QQ", TODAY)
