# SPDX-License-Identifier: Apache-2.0
"""Cursors go out and come back, and nothing else comes in."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.plumbing.db.paging import BadCursor, decode_cursor, encode_cursor


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_comes_back_as_it_went(moment: datetime, id: UUID) -> None:
    assert decode_cursor(encode_cursor(moment, id)) == (moment, id)


@given(st.text())
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(text)
