# SPDX-License-Identifier: Apache-2.0
"""A cursor gives back what it was made of, and a made-up one is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.plumbing.db.paging import BadCursor, cursor, decode_cursor, encode_cursor, page, read_cursor


@given(st.lists(st.integers(), unique=True, max_size=30), st.integers(1, 10))
def test_walking_all_pages_shows_each_row_once_in_order(rows: list[int], limit: int) -> None:
    rows.sort()
    seen: list[int] = []
    after: str | None = None
    while True:
        start = read_cursor(after, int)[0] if after else None
        found = [row for row in rows if start is None or row > start][: limit + 1]
        shown = page(found, limit, key=lambda row: (row,), value=lambda row: row)
        seen += shown.items
        after = shown.next
        if after is None:
            break
    assert seen == rows


def test_a_mark_gives_its_key_back() -> None:
    moment, id = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC), UUID(int=7)
    assert read_cursor(cursor(moment, id), datetime, UUID) == (moment, id)
    assert decode_cursor(encode_cursor(moment, id)) == (moment, id)


@pytest.mark.parametrize("mark", ["", "x", "AAAA", "é", cursor(1, 2), cursor("one")])
def test_a_mark_of_another_list_is_refused(mark: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(mark, int)
