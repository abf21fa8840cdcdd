# SPDX-License-Identifier: Apache-2.0
"""Lots: whatever goes in comes out again, in its order."""

from __future__ import annotations

from datetime import UTC
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.ids import OrderId, TermsId
from silkcast.stage.deals.errors import Busy
from silkcast.stage.deals.lots import Given, given_in, pack_given, pack_wants, wants_in
from silkcast.stage.deals.values import Answer, LaneId, Outcome, Want

NUMBERS = st.integers(0, 2**63 - 1)
SMALL = st.integers(0, 2**31 - 1)
WANTS = st.builds(
    Want,
    lane=NUMBERS,
    key=st.uuids(),
    buyer=st.uuids(),
    units=SMALL,
    terms=st.uuids(),
    order=st.uuids(),
    market=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    user=st.none() | st.uuids(),
)
ANSWERS = st.builds(
    Answer,
    outcome=st.sampled_from(get_args(Outcome)),
    lane=NUMBERS,
    number=NUMBERS,
    place=SMALL,
    left=SMALL,
    until=st.none() | st.datetimes(timezones=st.just(UTC)),
    order=st.none() | st.uuids(),
    is_again=st.booleans(),
)


@given(st.lists(WANTS, max_size=20))
def test_wants_come_out_as_they_went_in(wants: list[Want]) -> None:
    assert wants_in(pack_wants(wants)) == wants


@given(st.lists(ANSWERS | st.none(), max_size=20))
def test_answers_come_out_as_they_went_in(answers: list[Answer | None]) -> None:
    assert given_in(pack_given(answers)) == answers


def test_who_finds_the_queue_full_is_told_their_place() -> None:
    answer: Given = Answer("sold_out", LaneId(7), 4)
    first, second, third = given_in(pack_given([answer, Busy(1, place=2_001), None]))
    assert first == answer
    assert isinstance(second, Busy)
    assert (second.place, second.retry_seconds) == (2_001, 1)
    assert third is None


def test_a_lot_that_is_cut_off_is_refused_whole(want: Want) -> None:
    lot = pack_wants([want, want])
    with pytest.raises(ValueError, match="truncated"):
        wants_in(lot[:-1])


def test_columns_of_different_lengths_are_refused(want: Want) -> None:
    lot = pack_wants([want])
    longer = lot.replace(b"\x91" + bytes([want.units]), b"\x92" + bytes([want.units]) * 2, 1)
    assert longer != lot
    with pytest.raises(ValueError, match=r"zip|shorter|longer"):
        wants_in(longer)


@pytest.fixture
def want() -> Want:
    made = UUID(int=0x0123456789ABCDEF0123456789ABCDEF)
    return Want(LaneId(1000), made, made, 3, TermsId(made), OrderId(made), "FR")
