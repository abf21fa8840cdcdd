# SPDX-License-Identifier: Apache-2.0
"""Cases asked of our own rules: what holds, what differs and why, what we keep no rules for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from silkcast.faces.cli import main

CASE = """
id: FR-1
title: A cup
market: FR
as_of: '2026-11-22'
shipment:
  currency: EUR
  origin: CN
  channel: post
  incoterm: DDP
  scheme: IOSS
  lines:
  - {hs: '691110', description: cup, quantity: 1, unit_value: '19.90', discount: '0', net_weight_kg: '0.4'}
  freight: '6.00'
  insurance: '0.00'
rules:
  name: what the law is said to be
  valid_from: '2026-07-01'
  currency: EUR
  decimals: 2
  value_basis: cif
  components:
  - name: duty
    kind: duty
    rows:
    - {name: flat, valid_from: '2026-07-01', charge: {per_code: '2.00'}, collected_by: border, mark: example}
expected: {status: ok, customs_value: '25.90', duty: '3.00', tax: '5.78', landed_total: '34.68'}
"""


def run(tmp_path: Path, *cases: dict[str, Any]) -> Result:
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump({"cases": list(cases)}))
    return CliRunner().invoke(main, ["duties", "check", "--rules", str(path)])


@pytest.fixture
def case() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(CASE)
    return found


def test_what_our_law_says_too_is_ok_whatever_the_rules_of_the_case(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    result = run(tmp_path, case)
    assert result.output == "FR-1 ok\n"
    assert result.exit_code == 0


def test_what_differs_is_told_row_by_row_with_date_mark_and_source(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    case["expected"]["duty"] = "2.00"
    result = run(tmp_path, case)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == 'FR-1 MISMATCH expected {"duty": "2.00"} got {"duty": "3.00"}'
    assert lines[1] == "    duty duty, ours: 3.00, paid at checkout"
    assert lines[2].startswith("        flat duty for each kind: 1 × 3.00 = 3.00; from 2026-07-01 to ")
    assert "; verified; Council Regulation (EU) 2026/382" in lines[2]
    assert lines[3] == "    duty duty, case: 2.00, paid at checkout"
    assert lines[4] == "        flat: 1 × 2.00 = 2.00; from 2026-07-01; example"
    assert len(lines) == 5


def test_the_rules_of_the_day_are_asked(tmp_path: Path, case: dict[str, Any]) -> None:
    case["as_of"] = "2026-06-30"
    result = run(tmp_path, case)
    assert 'got {"duty": "0.00"' in result.output
    assert "relief up to 150 EUR" in result.output


def test_a_market_without_rules_and_goods_without_a_rate_are_not_covered(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    other = case | {"id": "XZ-1", "market": "XZ"}
    candle = yaml.safe_load(CASE) | {"id": "US-1", "market": "US"}
    candle["shipment"]["lines"][0]["hs"] = "340600"
    result = run(tmp_path, other, candle)
    assert result.exit_code == 0
    first, second = result.output.splitlines()
    assert first == "XZ-1 not covered: no rules are kept for XZ on 2026-11-22"
    assert second.startswith("US-1 not covered: ")


def test_a_refusal_against_an_amount_is_told_with_its_reason(tmp_path: Path, case: dict[str, Any]) -> None:
    case["shipment"]["currency"] = "USD"
    result = run(tmp_path, case)
    assert result.exit_code == 1
    assert "    refused, ours: no rate from USD" in result.output


def test_a_broken_case_is_broken_here_too(tmp_path: Path, case: dict[str, Any]) -> None:
    case["shipment"]["freight"] = "-1"
    result = run(tmp_path, case)
    assert result.exit_code == 2
    assert result.output.startswith("FR-1 broken: file.cases[0].shipment.freight (line ")
