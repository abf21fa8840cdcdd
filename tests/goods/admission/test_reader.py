# SPDX-License-Identifier: Apache-2.0
"""A bad file is refused whole, with its line and the reason; what the house ships can be read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from silkcast.goods.admission import packs, service
from silkcast.goods.admission.errors import BadBarred
from silkcast.goods.admission.reader import read_pack
from silkcast.plumbing import packs as folders

ROW = """
[[row]]
code = "alcohol"
what = "goods"
match = { categories = ["alcohol"] }
effect = "barred"
reason = "alcohol"
source = "a source"
mark = "knowledge"
valid_from = 2026-01-01
"""


def read(text: str) -> int:
    return len(read_pack(text.encode(), "SA", packs.categories()).rows)


def test_a_good_file_is_read() -> None:
    assert read(ROW) == 1
    ended = ROW.replace("2026-01-01", "2025-01-01\nvalid_to = 2025-12-31")
    assert read(ended + ROW) == 2, "one row after the other may have the same code"


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        (("source = ", "sauce = "), 2, "'sauce' is not known here"),
        (('source = "a source"\n', ""), 2, "source is missing"),
        (('"a source"', '" "'), 2, "source is a text"),
        (('effect = "barred"', 'effect = "banned"'), 2, "effect is none of"),
        (('"barred"', '"papers"'), 2, "papers are named where the effect is papers"),
        (('effect = "barred"', 'effect = "papers"\npapers = ["a letter"]'), 2, "no kind of paper"),
        (('reason = "alcohol"', 'reason = "because"'), 2, "reason is none of"),
        (('categories = ["alcohol"]', 'categories = ["booze"]'), 2, "there is no category 'booze'"),
        (('categories = ["alcohol"]', 'hs = ["22.03"]'), 2, "no beginning of an HS code"),
        (('categories = ["alcohol"]', ""), 2, "match names nothing"),
        (('categories = ["alcohol"]', 'keywords = { en = ["…"] }'), 2, "is no word"),
        (('categories = ["alcohol"]', 'attributes = ["origin:XX"]'), 2, "there is no attribute"),
        (("2026-01-01", '"soon"'), 2, "valid_from is a day"),
        (("2026-01-01", "2026-01-01\nvalid_to = 2025-01-01"), 2, "it ends before it begins"),
        (("[[row]]", "[row]"), 1, "row is a list of tables"),
        (('mark = "knowledge"', "mark = "), 9, "Invalid value"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(change: tuple[str, str], line: int, why: str) -> None:
    with pytest.raises(BadBarred) as refused:
        read(ROW.replace(*change, 1))

    assert (refused.value.file, refused.value.line) == ("SA", line)
    assert why in refused.value.why


def test_two_rows_for_one_day_are_refused_at_the_second() -> None:
    with pytest.raises(BadBarred) as refused:
        read(ROW + ROW)

    assert refused.value.line == 12
    assert "two rows alcohol speak for one day" in refused.value.why


@given(some.binary(max_size=200) | some.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_refused(octets: bytes) -> None:
    with suppress(BadBarred):
        read_pack(octets, "SA", packs.categories())


def test_every_file_of_the_house_is_good_and_its_keywords_too() -> None:
    for code, path in folders.files(packs.FILE).items():
        assert service.check_file(path) > 0, code
    assert {"SA", "FR", "US", "BR", "JP", "ID", "CN", "HK", "DE"} <= set(service.markets())


def test_states_of_the_union_share_rows_and_add_their_own() -> None:
    shared = {row.code for row in service.rows("SE")}
    german = {row.code for row in service.rows("DE")}
    assert shared < german
    assert "nazi_symbols" in german - shared


def test_an_operators_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "sa").mkdir()
    (tmp_path / "sa" / "barred.toml").write_text(ROW)
    before = folders.folders()
    try:
        folders.use(folders.PackSettings(tmp_path))
        assert [row.code for row in service.rows("SA")] == ["alcohol"]
        assert len(service.rows("SG")) > 10
    finally:
        folders._folders = before
