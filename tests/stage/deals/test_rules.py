# SPDX-License-Identifier: Apache-2.0
"""Whatever comes in whatever order: no lane grants more than it has, and nobody gets more than the limit."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from silkcast.ground.ids import DealId, OrderId, ShowId, TermsId
from silkcast.stage.deals import rules
from silkcast.stage.deals.rules import DealNow, LaneNow, Mine, decide
from silkcast.stage.deals.values import Claim, LaneId, Want, claim_key

UNTIL = datetime(2026, 11, 25, 12, tzinfo=UTC)
ID = UUID(int=1)


def lane_now(id: int, units: int, limit: int, *, has_waitlist: bool) -> LaneNow:
    deal = DealNow(DealId(ID), ShowId(ID), limit, has_waitlist, True, False, UNTIL)
    return LaneNow(LaneId(id), deal, units, 0, 0, 0, False)


def want_of(lane: LaneId, key: int, buyer: UUID, units: int) -> Want:
    named = claim_key(DealId(ID), buyer, key.to_bytes(6))
    return Want(lane, named, buyer, units, TermsId(ID), OrderId(UUID(int=key)), "FR")


wants = st.lists(
    st.builds(
        lambda lane, key, buyer, units: want_of(LaneId(lane), key, UUID(int=buyer), units),
        st.integers(1, 3),
        st.integers(1, 60),
        st.integers(1, 12),
        st.integers(1, 4),
    ),
    max_size=80,
)


@given(wants, st.integers(1, 20), st.integers(1, 4), st.booleans(), st.integers(1, 80))
def test_a_lane_grants_what_it_has_and_no_more(
    asked: list[Want], units: int, limit: int, has_waitlist: bool, size: int
) -> None:
    lanes = {LaneId(id): lane_now(id, units, limit, has_waitlist=has_waitlist) for id in (1, 2, 3)}
    known: dict[UUID, Claim] = {}
    counted: dict[Mine, int] = {}
    told = []
    for start in range(0, len(asked), size):  # in batches, as the committer does
        batch = asked[start : start + size]
        decided = decide(batch, lanes, known, counted)
        told += list(zip(batch, decided.answers, strict=True))
        for want, answer in decided.new:
            known[want.key] = Claim(
                want.lane, answer.number, want.buyer, None, want.units, answer.outcome, answer.place, "open",
                answer.order, want.terms, answer.until, UNTIL,
            )  # fmt: skip

    granted: Counter[LaneId] = Counter()
    mine: Counter[tuple[LaneId, UUID]] = Counter()
    numbers: defaultdict[LaneId, set[int]] = defaultdict(set)
    by_key: dict[UUID, tuple[str, int]] = {}
    for want, answer in told:
        if answer.outcome == "key_reused":
            assert want.key in by_key
            continue
        assert by_key.setdefault(want.key, (answer.outcome, answer.number)) == (answer.outcome, answer.number)
        if answer.number in numbers[answer.lane]:
            continue
        numbers[answer.lane].add(answer.number)
        if answer.outcome == "granted":
            granted[want.lane] += want.units
            mine[want.lane, want.buyer] += want.units
            assert answer.order == want.order
    assert all(units_granted <= units for units_granted in granted.values())
    assert all(has <= limit for has in mine.values())
    assert all(found == set(range(1, len(found) + 1)) for found in numbers.values()), "no gaps"
    assert all(lanes[id].taken == granted[id] for id in lanes)


@given(wants, st.integers(1, 20), st.integers(1, 80))
def test_batches_change_nothing(asked: list[Want], units: int, size: int) -> None:
    """All at once, or in batches of any size: the same answers."""

    def answers(size: int) -> list[tuple[str, int, int]]:
        lanes = {LaneId(id): lane_now(id, units, 2, has_waitlist=True) for id in (1, 2, 3)}
        known: dict[UUID, Claim] = {}
        counted: dict[Mine, int] = {}
        told = []
        for start in range(0, len(asked), size):
            decided = decide(asked[start : start + size], lanes, known, counted)
            told += [(one.outcome, one.number, one.place) for one in decided.answers]
            for want, answer in decided.new:
                known[want.key] = Claim(
                    want.lane, answer.number, want.buyer, None, want.units, answer.outcome, answer.place,
                    "open", None, want.terms, None, UNTIL,
                )  # fmt: skip
        return told

    assert answers(size) == answers(1000)


def test_who_wants_too_much_does_not_keep_others_from_what_is_left() -> None:
    lanes = {LaneId(1): lane_now(1, 1, 4, has_waitlist=True)}
    two, one = (want_of(LaneId(1), key, UUID(int=key), units) for key, units in ((1, 2), (2, 1)))

    decided = decide([two, one], lanes, {}, {})

    assert [answer.outcome for answer in decided.answers] == ["waiting", "granted"]


@given(st.lists(st.integers(1, 4), max_size=20), st.integers(0, 10))
def test_what_is_freed_is_offered_in_order_and_never_twice(units: list[int], free: int) -> None:
    line = [
        Claim(LaneId(1), n, ID, None, wanted, "waiting", n, "waiting", None, TermsId(ID), None, UNTIL)
        for n, wanted in enumerate(units, 1)
    ]

    offered = rules.next_in_line(line, free)

    assert sum(claim.units for claim in offered) <= free
    assert [claim.number for claim in offered] == sorted(claim.number for claim in offered)
    passed_over = [claim for claim in line if claim not in offered]
    left = free - sum(claim.units for claim in offered)
    assert all(claim.units > left for claim in passed_over)


def test_a_key_that_says_another_buyer_is_no_claim() -> None:
    of_another = want_of(LaneId(1), 1, UUID(int=7), 1)
    with pytest.raises(ValueError, match="whose it is"):
        decide(
            [replace(of_another, buyer=UUID(int=8))],
            {LaneId(1): lane_now(1, 1, 4, has_waitlist=True)},
            {},
            {},
        )
