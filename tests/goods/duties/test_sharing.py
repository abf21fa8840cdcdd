# SPDX-License-Identifier: Apache-2.0
"""What the states of a union share stands once; each adds its rows, and a fault in either is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from silkcast.goods.duties import packs
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules, NoSuchRules
from silkcast.plumbing import packs as folders
from silkcast.plumbing.packs import PackSettings

FILES = folders.files("duties.yaml")
SHARED = FILES["EU"].read_text()
STATE = FILES["SE"].read_text()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """An operator's folder of packs, in use."""
    folders.use(PackSettings(tmp_path))
    yield tmp_path
    folders.use(PackSettings())


def put(folder: Path, code: str, text: str) -> None:
    (folder / code).mkdir()
    (folder / code / "duties.yaml").write_text(text)


def test_a_state_reads_as_if_all_stood_in_its_file() -> None:
    (rules,) = packs.rule_sets("SE")
    assert rules.name == "SE, parcels from outside the EU"
    assert [part.name for part in rules.components] == ["duty", "vat"]
    vat = rules.components[1].rows
    assert {(row.name, row.collected_by) for row in vat} == {
        ("VAT at sale, under IOSS", "seller"),
        ("VAT at import", "border"),
    }
    assert {"S01", "S06"} <= set(rules.sources)


def test_what_is_shared_is_no_market() -> None:
    assert "EU" not in duties.markets()
    with pytest.raises(NoSuchRules):
        duties.rules_for("EU", date(2026, 11, 26))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shares: eu", "shares: us"),
        ("shares: eu", "shares: nowhere"),
        ("edition: HS 2022", "edition: HS 2017"),
        ("  vat:", "  vatt:"),
        ("market: SE", "market: FI"),
        ("charge: {rate: '0.25'}, ", ""),
        ("src: [S06]", "src: [S99]"),
        ("rows:\n", "rows: []\nmore:\n"),
        ("mark: verified", "mark: heard"),
    ],
)
def test_a_state_with_a_fault_is_refused_whole(old: str, new: str) -> None:
    assert old in STATE
    with pytest.raises(BrokenRules):
        packs.read_pack(STATE.replace(old, new), "SE")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shared: eu", "shared: ue"),
        ("covers: all", "covers: most"),
        ("    each:", "    every:"),
        ("per_code: '3.00'", "per_code: 3.00"),
        ("name: VAT at import, ", "name: VAT at import, mark: ours, "),
    ],
)
def test_a_fault_in_what_is_shared_is_refused_with_each_state(own: Path, old: str, new: str) -> None:
    assert old in SHARED
    put(own, "eu", SHARED.replace(old, new))
    with pytest.raises(BrokenRules):
        packs.read_pack(STATE, "SE")
    with pytest.raises(NoSuchRules):
        packs.rule_sets("SE")


def test_an_operator_may_share_rows_among_markets_of_their_own(own: Path) -> None:
    put(own, "gulf", SHARED.replace("shared: eu", "shared: gulf"))
    put(own, "qa", STATE.replace("SE", "QA").replace("shares: eu", "shares: gulf"))
    assert "QA" in duties.markets()
    assert duties.rules_for("QA", date(2026, 11, 26)).name.startswith("QA")
