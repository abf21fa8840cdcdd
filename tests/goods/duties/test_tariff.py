# SPDX-License-Identifier: Apache-2.0
"""Official tariff files: rates read or listed, broken files refused with the line, changes told."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from silkcast.faces.cli.duties import command
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenTariff
from silkcast.goods.duties.tariff import expressions
from silkcast.goods.duties.values import Combined, Per, Rate

FOLDER = Path(__file__).parent / "tariff"
TODAY = date(2026, 11, 26)
EIGHT = Rate(Fraction("0.08"))


def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def run(*asked: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(command, ["tariff", *map(str, asked), "--on", "2026-11-26"])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("written", "charge"),
    [
        ("Free", Rate(Fraction(0))),
        ("6.5%", Rate(Fraction("0.065"))),
        ("8.000 %", EIGHT),
        ("37.2¢/kg + 8%", Combined("sum", (Per("kg", Fraction("0.372"), "USD"), EIGHT))),
        ("$1.541/kg", Per("kg", Fraction("1.541"), "USD")),
        ("$1,035/t", Per("kg", Fraction("1.035"), "USD")),
        ("44¢ each", Per("unit", Fraction("0.44"), "USD")),
        ("93.10 GBP / 100 kg", Per("kg", Fraction("0.931"), "GBP")),
        ("176.800 EUR DTN", Per("kg", Fraction("1.768"), "EUR")),
        ("0.300 EUR NAR", Per("unit", Fraction("0.3"), "EUR")),
        ("8 % MIN 0.35 EUR KGM", Combined("max", (EIGHT, Per("kg", Fraction("0.35"), "EUR")))),
        ("8 % MAX 2 EUR KGM", Combined("min", (EIGHT, Per("kg", Fraction(2), "EUR")))),
    ],
)
def test_a_rate_becomes_a_charge(written: str, charge: object) -> None:
    assert expressions.read(written) == charge


@pytest.mark.parametrize(
    "written",
    [
        "", "See note", "NAR", "6% on the case", "8.3 % + EA", "10 GBP / hl", "$1.20/doz.",
        "4 % MIN 1 EUR KGM + 2 %",
        "-5%", "8,5 %", "1.2.3%", "8 % 9 %", "12 EUR / 100 kg / net drained wt", "٨%",
    ],
)  # fmt: skip
def test_what_is_not_wholly_understood_is_no_charge(written: str) -> None:
    assert expressions.read(written) is None


@pytest.mark.parametrize(
    ("shape", "name", "codes", "unclear"),
    [
        ("hts", "hts.json", 9, {"91021110", "99038815"}),
        ("hts", "hts.csv", 5, set()),
        ("uk", "uk.csv", 10, {"2204210000", "2939800000"}),
        ("uk", "uk.json", 1, set()),
        ("taric", "taric.csv", 11, {"1806201000"}),
    ],
)
def test_each_published_shape_is_read(shape: str, name: str, codes: int, unclear: set[str]) -> None:
    found = duties.read_tariff(shape, content(name))

    assert len(found) == codes
    assert {one.code for one in duties.tariff_not_understood(found)} == unclear


@pytest.mark.parametrize(
    ("shape", "text", "line", "reason"),
    [
        ("hts", '[{"htsno": "6109.10.00"},\n', 2, "Expecting"),
        ("hts", '[{"description": "x"}]', 1, "without htsno"),
        ("hts", '[{"htsno": "61x9", "general": "5%", "description": ""}]', 1, "is no code"),
        ("hts", '[{"htsno": "6109", "general": "", "description": ""}]', 1, "no ordinary duty"),
        ("uk", "commodity__code,measure__type__id\n1,2\n", 1, "no column"),
        ("uk", '{"data": {}}', 1, "not the answer"),
        ("taric", "[]", 1, "not a file of taric"),
        ("taric", "", 1, "no column"),
    ],
)
def test_a_broken_file_is_refused_with_the_line(shape: str, text: str, line: int, reason: str) -> None:
    with pytest.raises(BrokenTariff) as refused:
        duties.read_tariff(shape, text.encode())

    assert refused.value.code == "duties.broken_tariff"
    assert refused.value.line == line
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"2021-01-01,2026-12-31", b"2021-01-01,2020-12-31", "ends before it begins"),
        (b"2021-01-01,2026-12-31", b"2021-13-01,2026-12-31", "is no day"),
        (b"2021-01-01,2026-12-31", b"2021-01-01,2027-06-30", "another duty in line"),
        (b"0.00%,2027-01-01", b"0.00%,7,2027-01-01", "25 cells where there are 24 columns"),
        (b"Stuffed toys", b"Stuffed \xff toys", "not UTF-8"),
    ],
)
def test_a_fault_in_a_table_is_told_with_its_line(old: bytes, new: bytes, reason: str) -> None:
    text = content("uk.csv")
    assert old in text
    with pytest.raises(BrokenTariff) as refused:
        duties.read_tariff("uk", text.replace(old, new, 1))

    assert reason in refused.value.reason
    assert refused.value.line in (5, 6)


def test_changes_are_told_against_an_earlier_file(tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.csv"
    text = content("uk.csv").decode()
    text = "\n".join(one for one in text.split("\n") if ",6404110000," not in one and "2027-01-01" not in one)
    earlier.write_text(text.replace("12.00%", "11.50%").replace("8517130000", "8517120000"), encoding="utf-8")

    status, told = run("uk", FOLDER / "uk.csv", "--against", earlier)

    assert status == 1
    assert "changed  6109100010  11.5 % -> 12 %" in told
    assert "new  6404110000  16.00%" in told
    assert "ended  8517120000" in told
    assert "coming  9503004100  0 % from 2027-01-01" in told
    assert "not understood  2204210000  line 10: 10.00 GBP / hl" in told
    assert told.splitlines()[-1].startswith(
        "10 duties read, 2 not understood, 1 changed, 1 coming, 1 ended, 2 new"
    )


def test_the_same_file_changes_nothing() -> None:
    status, told = run("hts", FOLDER / "hts.json", "--against", FOLDER / "hts.json")
    assert (status, told.splitlines()[-1]) == (0, "9 duties read, 2 not understood")


def test_json_and_csv_of_the_same_tariff_are_compared() -> None:
    status, told = run("hts", FOLDER / "hts.csv", "--against", FOLDER / "hts.json")
    assert status == 1
    assert "changed  61101100  16 % -> 15 %" in told
    assert "new  4202216000  10%" in told
    assert "6109" not in told


def test_a_tariff_is_compared_with_the_rules_that_are_kept(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(content("uk.csv").replace(b"16.00%", b"15.00%"))

    alike, agreeing = run("uk", FOLDER / "uk.csv", "--rules", "gb")
    differing, told = run("uk", other, "--rules", "gb")
    unknown, _ = run("uk", other, "--rules", "zz")

    assert (alike, differing, unknown) == (0, 1, 2)
    assert "differs  6404110000  tariff 15 %, ours 16 % (ordinary tariff)" in told
    assert "not named by the rules" in agreeing


def test_a_broken_file_ends_with_two_and_writes_nothing(tmp_path: Path) -> None:
    broken, out = tmp_path / "broken.json", tmp_path / "out.yaml"
    broken.write_text("[", encoding="utf-8")

    status, told = run("hts", broken, "--write", out)

    assert status == 2
    assert "broken: line 1" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("shape", "name", "currency"),
    [("uk", "uk.csv", "GBP"), ("taric", "taric.csv", "EUR"), ("hts", "hts.json", "USD")],
)
def test_the_rows_written_are_read_as_rules(shape: str, name: str, currency: str, tmp_path: Path) -> None:
    out = tmp_path / "rows.yaml"
    status, _ = run(shape, FOLDER / name, "--write", out)
    written = yaml.safe_load(out.read_text(encoding="utf-8"))
    whole = {
        "market": "GB", "edition": "HS 2022", "covers": "all", "sources": written["sources"],
        "rule_sets": [{
            "name": "test", "valid_from": "1990-01-01", "currency": currency, "decimals": 2,
            "value_basis": "cif",
            "components": [{"name": "duty", "kind": "duty", "rows": written["rows"]}],
        }],
    }  # fmt: skip

    _, (rules,) = duties.read(yaml.safe_dump(whole, allow_unicode=True))

    understood = [one for one in duties.read_tariff(shape, content(name)) if one.charge]
    for duty in understood:
        rows = [row for row in rules.components[0].rows if row.takes(duty.code)]
        assert expressions.as_written(duty.charge, currency) in [  # type: ignore[arg-type]
            expressions.as_written(row.charge, currency) for row in rows
        ]
    assert status == 0
    assert {row.mark for row in rules.components[0].rows} == {"knowledge"}


def test_six_digits_are_enough_where_all_codes_under_them_have_one_duty(tmp_path: Path) -> None:
    text = content("hts.json").decode()
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    one.write_text(text.replace('"6.4%"', '"Free"'), encoding="utf-8")
    other.write_text(text, encoding="utf-8")

    codes = {}
    for path in (one, other):
        out = tmp_path / "rows.yaml"
        run("hts", path, "--write", out)
        written = out.read_text(encoding="utf-8")
        codes[path] = {code for row in yaml.safe_load(written)["rows"] for code in row["lines"]["hs"]}
        assert ("decide here, so products need them: 090210" in written) == (path == other)

    assert "090210" in codes[one]
    assert {"0902101000", "0902109000"} <= codes[other]
    assert "610910" in codes[other]
    assert not any(code.startswith(("9102", "9903")) for code in codes[other])
