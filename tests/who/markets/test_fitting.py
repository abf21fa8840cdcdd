# SPDX-License-Identifier: Apache-2.0
"""Sizes: the body first, then what it is called somewhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.plumbing import packs
from silkcast.who.markets import fitting, sizes
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BrokenMarket
from silkcast.who.markets.values import SizeFit, SizeTable

TODAY = date(2026, 11, 22)
TABLES = [table for tables in sizes.read_all().values() for table in tables]
CENTIMETRES = st.decimals(Decimal(15), Decimal(160), places=1)


def fit(code: str, kind: str, **body: str) -> SizeFit:
    measure = {part: Decimal(value) for part, value in body.items()}
    return markets.size_for(measure, markets.market(code, TODAY), kind)  # type: ignore[arg-type]


def test_one_body_has_a_size_of_its_own_in_each_market() -> None:
    body = {"chest": "88", "waist": "72", "hip": "97"}
    found = {code: fit(code, "women", **body) for code in ("DE", "FR", "IT", "GB", "US", "CN")}
    assert {code: one.sizes for code, one in found.items() if one.kind == "fits"} == {
        "DE": ("38",), "FR": ("40",), "IT": ("44",), "GB": ("10",), "US": ("6",),
    }  # fmt: skip
    assert found["CN"] == SizeFit("between", ("165/88A", "170/92A")), (
        "its tables are cut narrower in the hips"
    )


def test_a_foot_between_two_sizes_hears_both_the_smaller_first() -> None:
    assert fit("DE", "shoes", foot="24.5") == SizeFit("fits", ("39",))
    assert fit("DE", "shoes", foot="24.84") == SizeFit("between", ("39", "40"))
    assert fit("JP", "shoes", foot="24.5") == SizeFit("fits", ("24.5",))
    assert fit("DE", "shoes", foot="35") == SizeFit("none")
    assert fit("DE", "shoes") == SizeFit("none")


def test_a_size_here_is_another_there() -> None:
    germany, britain, korea = (markets.market(code, TODAY) for code in ("DE", "GB", "KR"))
    assert markets.size_elsewhere("38", germany, "women", britain) == SizeFit("fits", ("10",))
    assert markets.size_elsewhere("10", britain, "women", germany) == SizeFit("fits", ("38",))
    assert markets.size_elsewhere("42", germany, "shoes", korea).sizes == ("265",)
    assert markets.size_elsewhere("gigantic", germany, "women", britain) == SizeFit("none")


@pytest.mark.parametrize("code", [market.code for market in markets.markets(TODAY)])
def test_every_market_names_its_sizes(code: str) -> None:
    market = markets.market(code, TODAY)
    assert all(markets.size_tables(market, kind) for kind in sizes.KINDS)


@given(st.sampled_from(TABLES), st.data())
def test_what_fits_is_within_the_tolerance_and_nothing_nearer_is_left_out(
    table: SizeTable, data: st.DataObject
) -> None:
    body = {part: data.draw(CENTIMETRES) for part in table.rows[0].body}
    found = fitting.size_for(body, table)
    rows = {row.size: row for row in table.rows}

    def off(size: str) -> Decimal:
        return max(
            max(low - body[part], body[part] - high, Decimal(0))
            for part, (low, high) in rows[size].body.items()
        )

    fitting_rows = [size for size in rows if off(size) <= table.tolerance]
    if found.kind == "fits":
        assert found.sizes[0] in fitting_rows
    else:
        assert not fitting_rows
    if found.kind == "between":
        names = list(rows)
        assert names.index(found.sizes[1]) - names.index(found.sizes[0]) == 1


@given(st.sampled_from(TABLES), st.data())
def test_a_larger_body_never_has_a_smaller_size(table: SizeTable, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(sorted(table.rows[0].body)))
    one, other = sorted((data.draw(CENTIMETRES), data.draw(CENTIMETRES)))
    names = [row.size for row in table.rows]
    small, large = (fitting.size_for({part: value}, table) for value in (one, other))
    if small.sizes and large.sizes:
        assert names.index(small.sizes[0]) <= names.index(large.sizes[-1])


@given(st.sampled_from(TABLES), st.data())
def test_the_middle_of_a_size_is_that_size(table: SizeTable, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(table.rows))
    middle = {part: (low + high) / 2 for part, (low, high) in row.body.items()}
    assert fitting.size_for(middle, table) == SizeFit("fits", (row.size,))
    assert fitting.same_body(row.size, table, table) == SizeFit("fits", (row.size,))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.system}-{table.kind}")
def test_no_body_inside_a_table_is_without_an_answer(table: SizeTable) -> None:
    for part in table.rows[0].body:
        low, high = table.rows[0].body[part][0], table.rows[-1].body[part][1]
        steps = [low + step * Decimal("0.1") for step in range(int((high - low) * 10) + 1)]
        assert all(fitting.size_for({part: step}, table).kind != "none" for step in steps)
        assert all(one.body[part] < other.body[part] for one, other in pairwise(table.rows))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('tolerance = "0.5"', 'tolerance = "-1"', "a tolerance of zero or more"),
        (
            'size = "36", chest = ["83.0", "85.0"]',
            'size = "36", chest = ["85.0", "83.0"]',
            "from the lesser",
        ),
        ('size = "36", chest = ["83.0", "85.0"]', 'size = "36", chest = ["73.0", "75.0"]', "not over that"),
        ('size = "36", chest = ["83.0", "85.0"], ', 'size = "36", ', "measures the same parts"),
        ('kind = "shoes"', 'kind = "hats"', "is none of"),
        ('size = "36", chest = ["83.0", "85.0"]', 'size = "36", chest = ["wide", "85.0"]', "chest"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = packs.files(sizes.FILE)["EU"].read_text()
    assert old in text
    path = tmp_path / "sizes.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BrokenMarket, match=words) as refused:
        sizes.read_file(path, "EU")
    line = path.read_text().splitlines()[refused.value.line - 1]
    assert new.split(",")[0] in line
