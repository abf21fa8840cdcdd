# SPDX-License-Identifier: Apache-2.0
"""Cases of the format: those that hold, those that do not, and files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from silkcast.faces.cli import main
from silkcast.goods.duties import service as duties

CASES = Path(__file__).with_name("cases.yaml")
Step = tuple[str | int, ...]


@pytest.mark.parametrize("checked", list(duties.check(CASES.read_bytes())), ids=lambda checked: checked.id)
def test_our_cases_hold(checked: Any) -> None:
    assert checked.outcome == "ok", checked.line


def run(path: Path) -> Result:
    return CliRunner().invoke(main, ["duties", "check", str(path)])


def changed(tmp_path: Path, *steps: tuple[Step, Any]) -> Path:
    """The first case alone, with values put at places; `...` takes a key away."""
    document = yaml.safe_load(CASES.read_text())
    document["cases"] = [document["cases"][0]]
    for step, value in steps:
        at = document["cases"][0]
        for key in step[:-1]:
            at = at[key]
        if value is ...:
            del at[step[-1]]
        else:
            at[step[-1]] = value
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def test_the_command_says_ok_and_ends_with_0() -> None:
    result = run(CASES)
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "PER-UNIT ok"


def test_a_figure_that_differs_is_a_mismatch_and_ends_with_1(tmp_path: Path) -> None:
    result = run(changed(tmp_path, (("expected", "tax"), "0.775")))
    assert result.exit_code == 1
    assert result.output == 'PER-UNIT MISMATCH expected {"tax": "0.775"} got {"tax": "0.774"}\n'


def test_a_refusal_that_does_not_come_is_a_mismatch(tmp_path: Path) -> None:
    result = run(changed(tmp_path, (("expected",), {"status": "refused", "code": "no_rate"})))
    assert result.exit_code == 1
    assert "MISMATCH" in result.output


def test_a_refusal_not_expected_is_a_mismatch(tmp_path: Path) -> None:
    result = run(changed(tmp_path, (("as_of",), "2026-11-23")))
    assert result.exit_code == 1
    assert '"code": "no_rate"' in result.output


ROW: Step = ("rules", "components", 0, "rows", 0)
TAX_ROW: Step = ("rules", "components", 1, "rows", 0)
LINE: Step = ("shipment", "lines", 0)
BROKEN: list[tuple[Step, Any]] = [
    (("surprise",), 1),
    (("title",), ...),
    (("as_of",), "2026-02-30"),
    (("market",), "Kuwait"),
    (("shipment", "channel"), "balloon"),
    (("shipment", "incoterm"), "EXW"),
    (("shipment", "origin"), False),
    (("shipment", "freight"), "-1.000"),
    (("shipment", "freight"), "1.0005"),
    (("shipment", "freight"), 1.5),
    (("shipment", "lines"), []),
    (("shipment", "seller_bears"), ["dutty"]),
    (("shipment", "buyer"), {"quota_used": {"nothing": "1"}}),
    ((*LINE, "hs"), "96170"),
    ((*LINE, "hs"), "9617.00"),
    ((*LINE, "hs"), 961700),
    ((*LINE, "quantity"), 0),
    ((*LINE, "quantity"), "3"),
    ((*LINE, "quantity"), True),
    ((*LINE, "unit_value"), "4,25"),
    ((*LINE, "unit_value"), "1e3"),
    ((*LINE, "unit_value"), "٤٫٢٥"),
    ((*LINE, "discount"), "99.000"),
    (("rules", "value_basis"), "ddp"),
    (("rules", "decimals"), "3"),
    (("rules", "rounding", "step"), "0.0005"),
    (("rules", "rounding", "mode"), "nearest"),
    (("rules", "rounding", "step"), ...),
    (("rules", "valid_to"), "2025-12-31"),
    (("rules", "exchange", 0, "rate"), "0"),
    (("rules", "exchange", 0, "mark"), "rumour"),
    (("rules", "quotas", 0, "counts"), "weight"),
    (("rules", "components", 1, "name"), "duty"),
    (("rules", "components", 0, "name"), "freight"),
    (("rules", "components", 0, "kind"), "toll"),
    ((*ROW, "valid_from"), ...),
    ((*ROW, "mark"), ...),
    ((*ROW, "collected_by"), ...),
    ((*ROW, "base"), ["goods"]),
    ((*ROW, "charge"), {"per_unit": "1", "fixed": "1"}),
    ((*ROW, "charge"), {"fixed": "-1"}),
    ((*ROW, "charge"), {"sum": []}),
    ((*ROW, "charge"), {"rate": "0.1"}),
    ((*ROW, "lines"), {"hs": "9617"}),
    ((*ROW, "when"), {"channel": "express"}),
    ((*ROW, "when"), {"weather": ["dry"]}),
    ((*ROW, "when"), {"measured": [{"of": "goods"}]}),
    ((*ROW, "when"), {"measured": [{"of": "quota.none", "over": "1"}]}),
    ((*ROW, "when"), {"measured": [{"of": "units", "over": "1", "currency": "USD"}]}),
    ((*ROW, "when"), {"not": {"measured": [{"of": "goods", "over": "1", "part": "excess"}]}}),
    ((*TAX_ROW, "base"), ...),
    ((*TAX_ROW, "base"), ["vat"]),
    ((*TAX_ROW, "charge"), {"rate": "1", "inside": True}),
    ((*TAX_ROW, "charge"), {"rate": "1", "divisor": "0"}),
    ((*TAX_ROW, "share"), "1.01"),
    ((*TAX_ROW, "when"), {"measured": [{"of": "goods", "from": "1", "part": "excess"}]}),
    (("expected", "status"), "fine"),
    (("expected", "toll"), "1"),
]


@pytest.mark.parametrize(("step", "value"), BROKEN, ids=lambda part: str(part)[:60])
def test_what_breaks_the_format_is_reported_with_its_place(tmp_path: Path, step: Step, value: Any) -> None:
    result = run(changed(tmp_path, (step, value)))
    assert result.exit_code == 2, result.output
    assert result.output.startswith("PER-UNIT broken: file.cases[0]")


def test_two_rates_of_one_pair_in_force_together_are_refused(tmp_path: Path) -> None:
    rate = {"from": "USD", "to": "KWD", "rate": "0.3", "valid_from": "2026-01-01", "mark": "example"}
    later = rate | {"valid_from": "2026-11-22"}
    assert run(changed(tmp_path, (("rules", "exchange"), [rate, later]))).exit_code == 2
    apart = rate | {"valid_to": "2026-11-21"}
    assert run(changed(tmp_path, (("rules", "exchange"), [apart, later]))).exit_code == 1


def test_rows_that_apply_together_name_one_collector(tmp_path: Path) -> None:
    row = {"valid_from": "2026-01-01", "charge": {"fixed": "1"}, "mark": "example", "collected_by": "border"}
    rows = [row, row | {"collected_by": "seller"}]
    result = run(changed(tmp_path, (("rules", "components", 0, "rows"), rows)))
    assert result.exit_code == 2
    assert "duties.unclear_collector" in result.output


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"cases: {}",
        b"- 1",
        b"cases: [",
        b"\xff\xfe\x00",
        b"cases: []\ncases: []",
        b"cases: []\nother: 1",
        b"? [a]\n: b",
    ],
)
def test_a_file_that_holds_no_cases_is_broken(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(text)
    result = run(path)
    assert result.exit_code == 2
    assert "broken" in result.output


def test_a_charge_nested_in_itself_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, ((*ROW, "charge"), {"sum": ["HERE"]}))
    path.write_text(
        path.read_text().replace("charge:\n          sum:\n          - HERE", "charge: &loop {sum: [*loop]}")
    )
    assert "*loop" in path.read_text()
    assert run(path).exit_code == 2
