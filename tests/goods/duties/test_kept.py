# SPDX-License-Identifier: Apache-2.0
"""Files of rules with something wrong: refused whole, with line and reason; the old rules stay in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from silkcast.faces.cli import main
from silkcast.goods.duties import packs as kept
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules, NoSuchRules
from silkcast.goods.duties.values import Line, Shipment
from silkcast.plumbing import packs

TODAY = date(2026, 11, 22)
GOOD = """\
market: XA
edition: HS 2022
covers: ['6911']
sources: {S1: 'a journal'}
rule_sets:
- name: XA before
  valid_from: '2025-01-01'
  valid_to: '2025-12-31'
  currency: EUR
  decimals: 2
  value_basis: cif
  components: []
- name: XA now
  valid_from: '2026-01-01'
  currency: EUR
  decimals: 2
  value_basis: cif
  exchange:
  - {from: USD, to: EUR, rate: '0.9', valid_from: '2026-01-01', valid_to: '2026-06-30', mark: ours}
  - {from: USD, to: EUR, rate: '0.8', valid_from: '2026-07-01', mark: ours}
  limits:
  - {code: too_heavy, valid_from: '2026-01-01', when: {measured: [{of: units, over: '99'}]}, mark: knowledge}
  components:
  - name: duty
    kind: duty
    rows:
    - name: tariff
      valid_from: '2026-01-01'
      valid_to: '2026-06-30'
      lines: {hs: ['6911']}
      base: [customs_value]
      charge: {rate: '0.10'}
      collected_by: border
      mark: knowledge
    - name: tariff
      valid_from: '2026-07-01'
      lines: {hs: ['6911']}
      base: [customs_value]
      charge: {rate: '0.12'}
      collected_by: border
      mark: verified
      src: [S1]
    - name: levy
      lines: {not_hs: ['69']}
      valid_from: '2026-01-01'
      charge: {fixed: '1', currency: USD}
      collected_by: border
      mark: ours
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(packs, "_folders", (packs.HOUSE, tmp_path))
    monkeypatch.setattr(kept, "LOOK_EVERY", -1.0)
    monkeypatch.setattr(kept, "_kept", {})
    monkeypatch.setattr(kept, "_listed", {})
    monkeypatch.setenv("SILKCAST_PACKS__FOLDER", str(tmp_path))
    yield tmp_path
    packs.use(packs.PackSettings())


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["duties", *words])


def written(folder: Path, text: str) -> Path:
    path = folder / "fresh.yaml"
    path.write_text(text)
    return path


def duty() -> str:
    cup = Line("691110", "cup", 1, Decimal("10.00"), Decimal(0), Decimal("0.4"))
    sent = Shipment("EUR", "CN", "post", "DDP", "none", (cup,), Decimal(0), Decimal(0))
    return str(duties.landed_cost(duties.rules_for("XA", TODAY), sent, TODAY).duty)


NEXT = "    - name: tariff\n      valid_from: '2026-07-01'"
NOW = "XA now\n  valid_from: '2026-01-01'\n  currency: EUR\n  decimals: 2"
FAULTS = [
    (NEXT, NEXT.replace("07-01", "06-30"), 35, "in force twice from 2026-06-30 to 2026-06-30"),
    (NEXT, NEXT.replace("07-01", "07-03"), 35, "a gap, nothing speaks for 2026-07-01 to 2026-07-02"),
    ("'0.8', valid_from: '2026-07-01'", "'0.8', valid_from: '2026-08-01'", 20, "USD to EUR: a gap"),
    ("'0.8', valid_from: '2026-07-01'", "'0.8', valid_from: '2026-06-01'", 18, "two rates from USD to EUR"),
    (NOW, NOW.replace("01-01", "02-01"), 13, "nothing speaks for 2026-01-01 to 2026-01-31"),
    (NOW, NOW.replace("2026-01", "2025-12"), 13, "two rule sets speak for one day"),
    ("\n      src: [S1]", "", 35, "verified, and no source is named"),
    ("src: [S1]", "src: [S2]", 35, "the source 'S2' is not among the sources"),
    ("mark: knowledge}\n  comp", "mark: verified}\n  comp", 22, "too_heavy: verified, and no source"),
    (NOW, NOW.replace("EUR", "EUX"), 15, "there is no currency EUX"),
    ("{fixed: '1', currency: USD}", "{fixed: '1', currency: USX}", 43, "there is no currency USX"),
    ("{from: USD, to: EUR, rate: '0.9'", "{from: UXD, to: EUR, rate: '0.9'", 19, "no currency UXD"),
    (NOW, NOW.replace("decimals: 2", "decimals: 3"), 16, "EUR has no such minor unit"),
    ("collected_by: border\n      mark: v", "collected: border\n      mark: v", 40, "not known here"),
    ("mark: ours}\n", "mark: example}\n", 19, "an example is no law"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_is_refused_with_line_and_reason_and_the_old_rules_stay(
    folder: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert run("load", str(written(folder, GOOD))).exit_code == 0
    assert duty() == "1.20"
    assert old in GOOD
    bad = GOOD.replace(old, new, 1)

    with pytest.raises(BrokenRules) as refused:
        kept.read_pack(bad, "XA")
    assert reason in refused.value.reason
    assert refused.value.line == line

    result = run("load", str(written(folder, bad)))
    assert result.exit_code == 2
    assert "the rules there were stay in force" in result.stderr
    assert f"(line {line})" in result.stderr
    assert duty() == "1.20"
    assert (folder / "xa" / "duties.yaml").read_text() == GOOD


def test_a_file_put_in_force_is_read_by_those_who_run(folder: Path) -> None:
    assert run("load", str(written(folder, GOOD))).exit_code == 0
    assert duty() == "1.20"
    result = run("load", str(written(folder, GOOD.replace("'0.12'", "'0.15'"))))
    assert result.exit_code == 0
    assert "XA: rules in force 2025-01-01 to 2025-12-31, 2026-01-01 to open; rows: 1 knowledge, 1 ours" in (
        result.output
    )
    assert duty() == "1.50"


def test_a_file_spoilt_in_its_place_leaves_the_old_rules_in_force(folder: Path) -> None:
    run("load", str(written(folder, GOOD)))
    assert duty() == "1.20"
    (folder / "xa" / "duties.yaml").write_text(GOOD + "surprise: 1\n")
    assert duty() == "1.20"
    (folder / "xa" / "duties.yaml").write_text(GOOD.replace("'0.12'", "'0.20'"))
    assert duty() == "2.00"


def test_a_file_spoilt_before_the_start_gives_a_market_without_rules_and_no_error(folder: Path) -> None:
    (folder / "xa").mkdir()
    (folder / "xa" / "duties.yaml").write_text("market: [")
    with pytest.raises(NoSuchRules):
        duties.rules_for("XA", TODAY)


def test_reading_changes_nothing(folder: Path) -> None:
    result = run("read", str(written(folder, GOOD)), str(written(folder, GOOD)))
    assert result.exit_code == 0
    assert not (folder / "xa").exists()
    assert run("read", str(written(folder, GOOD.replace("HS 2022", "''")))).exit_code == 2


def test_rows_that_add_up_by_intent_are_no_fault() -> None:
    layer = GOOD.replace("- name: levy", "- name: tariff")
    assert kept.read_pack(layer, "XA")
    both = layer.replace("not_hs: ['69']", "hs: ['691110']")
    with pytest.raises(BrokenRules, match="in force twice"):
        kept.read_pack(both, "XA")


@pytest.mark.parametrize("market", duties.markets())
def test_every_file_of_the_house_is_in_order(market: str) -> None:
    assert kept.read_pack(packs.files("duties.yaml")[market].read_bytes(), market)


@given(st.data())
def test_a_scratched_file_of_rules_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    lines = GOOD.splitlines()
    pieces = st.sampled_from(
        ["&a ", "*a", "!!x ", "{", "]", ": ", "'", '"', "- ", "~", "-1", "9" * 99, "\x00"]
    )
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:cut] + data.draw(pieces) + lines[at][cut + data.draw(st.integers(0, 3)) :]
    try:
        found = kept.read_pack("\n".join(lines), "XA")
    except BrokenRules as broken:
        refused = broken
    else:
        assert found
        return
    assert refused.reason
    assert refused.path


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_refused_as_rules(text: bytes | str) -> None:
    with pytest.raises(BrokenRules):
        kept.read_pack(text, "XA")
