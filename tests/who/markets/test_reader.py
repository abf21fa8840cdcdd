# SPDX-License-Identifier: Apache-2.0
"""What a market's file must not say: refused whole, with its line, and what was read before stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.plumbing import packs
from silkcast.plumbing.packs import PackSettings
from silkcast.who.markets import jobs
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BrokenMarket
from silkcast.who.markets.reader import read_file
from silkcast.who.markets.tables import line_of

TODAY = date(2026, 11, 22)
FILES = packs.files("market.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An operator's folder, used from now on until the test ends."""
    packs.use(PackSettings(tmp_path))
    yield tmp_path
    packs.use(PackSettings())


def write(folder: Path, code: str, text: str) -> Path:
    (folder / code).mkdir(exist_ok=True)
    path = folder / code / "market.toml"
    path.write_text(text)
    return path


def broken(code: str, old: str, new: str, folder: Path) -> BrokenMarket:
    """What is said of the house's file with this in place of that."""
    text = FILES[code.upper()].read_text()
    assert old in text
    with pytest.raises(BrokenMarket) as refused:
        read_file(write(folder, code, text.replace(old, new, 1)))
    return refused.value


@pytest.mark.parametrize(
    ("code", "old", "new", "at", "words"),
    [
        ("us", "rank = 1\n", "", "[[edition]]", "rank is missing"),
        ("us", "rank = 1\n", "rank = 1\nmood = 1\n", "mood = 1", "unknown key 'mood'"),
        ("us", "rank = 1\n", "rank = true\n", "rank = true", "a whole number"),
        ("us", '"USD"', '"EUX"', '"EUX"', "no such currency"),
        ("us", "America/New_York", "America/Atlantis", "Atlantis", "unknown time zone"),
        ("us", '"en", "es"', '"en", "english"', '"english"', "unknown language tag 'english'"),
        ("us", '"en", "es"', '"zh_Hant"', '"zh_Hant"', "unknown language tag"),
        ("us", 'ending = "0.99"', 'ending = "0.995"', '"0.995"', "more decimals"),
        ("us", 'ending = "0.99"', "ending = 0.99", "", "amounts stand in quotes"),
        ("us", 'ending = "0.99"', 'ending = "1.99"', '"1.99"', "an ending below it"),
        ("us", 'step = "5.00"', 'step = "0.00"', 'step = "0.00"', "a step over zero"),
        ("us", 'scheme = "none"', 'scheme = "NONE_SUCH"', "NONE_SUCH", "is none of"),
        ("us", '["card"]', '["card", "cod"]', '"cod"', "cash on delivery"),
        ("us", 'region = "americas"', 'region = "atlantis"', "atlantis", "is none of"),
        ("us", '"goods", "tax"', '"goods", "duties"', '"duties"', "no kind of money"),
        ("us", 'basis = "shop"', 'basis = "law"\nmood = 1', "mood = 1", "unknown key"),
        ("us", 'fact = { mark = "ours"', 'fact = { mark = "rumour"', "rumour", "is none of"),
        ("us", 'fact = { mark = "ours"', 'fact = { mark = "verified"', '"verified"', "names its source"),
        ("us", "rest_days = [6, 7]", "rest_days = [0]", "rest_days = [0]", "weekdays"),
        ("us", '"21:00", "08:00"', '"25:00", "08:00"', '"25:00"', "quiet"),
        ("us", "[[edition]]", "[[editions]]", "", "edition is a list"),
        ("us", "[edition.calendar]", "[edition.calender]", "[edition.calender]", "calendar is missing"),
        ("us", "valid_from = 2026-01-01", "valid_from = 2026-01-01T00:00:00", "T00:00:00", "without an hour"),
        ("us", "rank = 1\n", "rank = 1\nvalid_to = 2025-01-01\n", "valid_to", "after it begins"),
        ("us", 'sizes = ["us"]', 'sizes = "us"', 'sizes = "us"', "a list"),
        ("br", 'check = "br.cpf"', 'check = "br.cpf"\npattern = "[0-9]+"', "check =", "a check or a pattern"),
        ("kr", 'pattern = "P[0-9]{12}"', 'pattern = "P[0-9"', "P[0-9", "pattern"),
        ("fr", 'shares = "eu"', 'shares = "atlantis"', "atlantis", "no pack"),
        ("fr", "valid_from = 2026-01-01", "valid_from = 2025-01-01", "valid_from", "says nothing from"),
        ("fr", 'currency = "EUR"', 'currency = "EUX"', "EUX", "no such currency"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_line(
    tmp_path: Path, code: str, old: str, new: str, at: str, words: str
) -> None:
    told = broken(code, old, new, tmp_path)
    assert words in told.reason
    assert told.file == f"{code}/market.toml"
    if at:
        line = (tmp_path / code / "market.toml").read_text().splitlines()[told.line - 1]
        heads = ("[[edition]]", "[edition.calender]")
        assert at in line or (at in heads and line in heads), f"{told.line}: {line}"
        assert str(told).startswith(f"{told.file}:{told.line}: ")


def test_editions_follow_each_other_without_overlap_or_gap(tmp_path: Path) -> None:
    text = FILES["SG"].read_text()
    with pytest.raises(BrokenMarket, match="two editions hold on one day"):
        read_file(write(tmp_path, "sg", text + text))
    second = text.replace("valid_from = 2026-01-01", "valid_from = 2027-01-01")
    first = text.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-12-31")
    years = [market.valid_from.year for market in read_file(write(tmp_path, "sg", second + first))]
    assert years == [2026, 2027], "by their days, in whatever order they stand"
    late = second.replace("2027-01-01", "2027-01-02")
    with pytest.raises(BrokenMarket, match="a gap between editions: none holds on 2027-01-01") as refused:
        read_file(write(tmp_path, "sg", first + late))
    line = (first + late).splitlines()[refused.value.line - 1]
    assert line == "valid_from = 2027-01-02"


def test_a_union_that_changes_changes_its_states_on_the_day(folder: Path) -> None:
    text = FILES["EU"].read_text()
    ends = text.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2027-06-30")
    later = text.replace("valid_from = 2026-01-01", "valid_from = 2027-07-01").replace(
        "days = 14", "days = 30"
    )
    write(folder, "eu", ends + later)
    assert markets.market("FR", TODAY).returns.days == 14
    assert markets.market("FR", date(2027, 6, 30)).returns.days == 14
    assert markets.market("FR", date(2027, 7, 1)).returns.days == 30
    assert markets.market("FR", date(2027, 7, 1)).currency == "EUR"


def test_a_fault_of_the_union_is_told_of_the_unions_file(folder: Path) -> None:
    text = FILES["EU"].read_text().replace("answer_days = 3", 'answer_days = "three"')
    write(folder, "eu", text)
    with pytest.raises(BrokenMarket) as refused:
        markets.check()
    assert refused.value.file == "eu/market.toml"
    assert text.splitlines()[refused.value.line - 1] == 'answer_days = "three"'


def test_a_market_is_added_by_a_file_alone(folder: Path) -> None:
    write(folder, "no", FILES["SG"].read_text().replace('"SGD"', '"EUR"'))
    assert markets.market("NO", TODAY).currency == "EUR"
    assert markets.market("SG", TODAY).currency == "SGD"
    packs.use(PackSettings())
    assert "NO" not in {market.code for market in markets.markets(TODAY)}


def test_a_pack_is_named_by_a_country_there_is(folder: Path) -> None:
    write(folder, "atlantis", FILES["SG"].read_text())
    with pytest.raises(BrokenMarket, match="no country"):
        markets.check()


def test_sizes_of_a_pack_that_has_none_are_refused(folder: Path) -> None:
    path = write(folder, "sg", FILES["SG"].read_text().replace('sizes = ["gb", "us"]', 'sizes = ["sg"]'))
    with pytest.raises(BrokenMarket, match="has sizes") as refused:
        markets.check()
    assert path.read_text().splitlines()[refused.value.line - 1] == 'sizes = ["sg"]'


async def test_a_file_that_breaks_while_the_house_is_open_changes_nothing(folder: Path) -> None:
    good = FILES["SG"].read_text()
    path = write(folder, "sg", good)
    assert markets.market("SG", TODAY).returns.days == 14
    assert not markets.read_again(), "nothing changed"
    path.write_text(good.replace("days = 14", "days = twice"))
    told = await jobs.look()
    assert told.startswith("sg/market.toml:")
    assert markets.market("SG", TODAY).returns.days == 14
    path.write_text(good.replace("days = 14", "days = 21"))
    assert await jobs.look(told) == ""
    assert markets.market("SG", TODAY).returns.days == 21


def test_a_line_is_found_in_the_right_table() -> None:
    text = """[[edition]]
rank = 1
[edition.returns]
fact = { mark = "ours" }
[[edition.notices]]
key = "one"
fact = { mark = "ours" }
[[edition.notices]]
key = "two"
fact = { mark = "ours" }
[[edition]]
rank = 2
bands = [
  { step = "1" },
  { step = "2" },
]
"""
    assert line_of(text, ("edition", 0, "rank")) == 2
    assert line_of(text, ("edition", 1, "rank")) == 12
    assert line_of(text, ("edition", 0, "returns", "fact", "mark")) == 4
    assert line_of(text, ("edition", 0, "notices", 1, "fact", "mark")) == 10
    assert line_of(text, ("edition", 1, "bands", 1, "step")) == 15
    assert line_of(text, ("edition", 1, "nowhere")) == 11
    assert line_of(text, ()) == 0


@given(st.text(max_size=200), st.integers(0, 60))
def test_whatever_is_typed_into_a_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str, at: int
) -> None:
    lines = FILES["BR"].read_text().splitlines()
    lines[at % len(lines)] = text.replace("\x00", "").replace("\r", "")
    path = write(tmp_path_factory.getbasetemp(), "br", "")
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    with suppress(BrokenMarket):
        assert read_file(path)
