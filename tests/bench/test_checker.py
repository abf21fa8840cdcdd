# SPDX-License-Identifier: Apache-2.0
"""The checker accepts what a sale in some order could have told, and finds each way to tell it otherwise."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bench.checker import Asked, Event, Lane, Undecided, check, read
from bench.crowd import send
from tests.bench.counter import Counter, serving
from tests.bench.sale import DEAL, PLACE, VARIANT, Sale

SHARE = st.sampled_from((0.0, 0.1, 0.4))


def sales(**given: Any) -> st.SearchStrategy[Sale]:
    """Sales of all kinds, or of the kind given."""
    drawn: dict[str, Any] = {
        "seed": st.integers(0, 2**32),
        "claims": st.integers(5, 40),
        "units": st.integers(0, 25),
        "limit": st.sampled_from((None, 1, 3)),
        "waitlist": st.booleans(),
        "many_units": st.booleans(),
        "twice": SHARE,
        "busy": SHARE,
        "changes": SHARE,
    }
    return st.builds(Sale, **{**drawn, **given})


SALES = sales()
SOME = st.integers(2, 25)
SOME_GRANTED = sales(units=SOME)
FEW: dict[str, Any] = {
    "units": st.integers(0, 4),
    "claims": st.integers(15, 40),
    "changes": st.sampled_from((0.0, 0.1)),
}
SOME_TOO_LATE = sales(**FEW)
SOME_SOLD_OUT = sales(**FEW, limit=st.none())
SOME_IN_LINE = sales(**FEW, limit=st.none(), waitlist=st.just(True))
SOME_BUSY = sales(busy=st.sampled_from((0.2, 0.4)), claims=st.integers(20, 40))


@given(SALES, st.sampled_from((0.0, 0.1)), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_a_sale_in_order_is_explained(sale: Sale, lost: float, are_placed: bool, order: Any) -> None:
    made = again(sale, lost=lost, are_placed=are_placed)
    order.shuffle(made.history)

    try:
        assert check(made.history, {PLACE: made.lane}) is None
    except Undecided:  # one in some thousands
        assume(False)


@given(SALES, st.sampled_from((0.1, 0.5)), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_with_the_houses_record_any_number_may_be_lost(sale: Sale, lost: float, order: Any) -> None:
    made = again(sale, lost=lost)
    order.shuffle(made.history)

    assert check(made.history, {PLACE: replace(made.lane, record=made.record)}) is None


def again(sale: Sale, **changed: Any) -> Sale:
    names = ("seed", "claims", "units", "limit", "waitlist", "many_units", "twice", "busy", "changes")
    return Sale(**{**{name: getattr(sale, name) for name in names}, **changed})


Mutation = Callable[[Sale, int], list[Asked]]


def told(one: Asked, **changed: Any) -> Asked:
    status = {"granted": 201, "waiting": 202}.get(str(changed.get("outcome", "")), 409)
    return replace(one, told={**one.told, **changed}, status=status if "outcome" in changed else one.status)


def pick(sale: Sale, which: int, *outcomes: str) -> int:
    found = [i for i, one in enumerate(sale.history) if one.outcome in outcomes]
    assume(found)
    return found[which % len(found)]


def changed(sale: Sale, index: int, **changes: Any) -> list[Asked]:
    """All requests with that key are told the same new thing."""
    key = sale.history[index].key
    return [told(one, **changes) if one.key == key and one.told else one for one in sale.history]


def granted_is_told_sold_out(sale: Sale, which: int) -> list[Asked]:
    return changed(sale, pick(sale, which, "granted"), outcome="sold_out")


def granted_is_told_over_limit(sale: Sale, which: int) -> list[Asked]:
    return changed(sale, pick(sale, which, "granted"), outcome="over_limit")


def one_unit_too_many(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "sold_out", "waiting", "over_limit")
    return changed(sale, index, outcome="granted", claim="c-new", left=0)


def a_stranger_is_over_limit(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "sold_out", "waiting")
    assume(sale.limit is None)
    return changed(sale, index, outcome="over_limit")


def numbers_change_places_across_real_time(sale: Sale, which: int) -> list[Asked]:
    first_sent = {one.key: one.sent for one in sorted(sale.history, key=lambda one: -one.sent)}
    pairs = [
        (one, other)
        for one in sale.history
        for other in sale.history
        if one.has_number and other.has_number and one.told["number"] < other.told["number"]
        if one.answered is not None and one.answered < first_sent[other.key]
    ]
    assume(pairs)
    one, other = pairs[which % len(pairs)]
    swapped = {one.key: other.told["number"], other.key: one.told["number"]}
    return [told(x, number=swapped[x.key]) if x.key in swapped and x.told else x for x in sale.history]


def a_key_is_told_another_number(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "granted", "waiting", "sold_out", "over_limit")
    one = sale.history[index]
    return [*sale.history, told(one, number=one.told["number"] + 1)]


def a_key_is_told_another_outcome(sale: Sale, which: int) -> list[Asked]:
    one = sale.history[pick(sale, which, "granted", "waiting")]
    return [*sale.history, told(one, outcome="sold_out")]


def an_answer_is_invented(sale: Sale, which: int) -> list[Asked]:
    """Somebody who was told busy is told a number that another has."""
    index = pick(sale, which, "busy")
    number = sale.history[pick(sale, which, "granted", "waiting", "sold_out")].told["number"]
    return changed(sale, index, outcome="sold_out", number=number)


def a_number_is_skipped(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "granted", "waiting", "sold_out", "over_limit")
    last = max(one.told["number"] for one in sale.history if one.has_number)
    return changed(sale, index, number=last + 2)


def an_acknowledged_claim_is_forgotten(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "granted", "sold_out")
    last = max(one.told["number"] for one in sale.history if one.has_number)
    assume(sale.history[index].told["number"] < last)
    return [one for one in sale.history if one.key != sale.history[index].key]


def a_place_in_line_is_wrong(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "waiting")
    return changed(sale, index, place=sale.history[index].told["place"] + 1)


def the_units_left_are_wrong(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "granted")
    return changed(sale, index, left=sale.history[index].told["left"] + 1)


def two_claims_have_one_id(sale: Sale, which: int) -> list[Asked]:
    granted = [one for one in sale.history if one.outcome == "granted"]
    assume(len({one.key for one in granted}) > 1)
    other = next(one for one in granted if one.key != granted[0].key)
    return changed(sale, sale.history.index(granted[0]), claim=other.told["claim"])


def a_status_does_not_fit(sale: Sale, which: int) -> list[Asked]:
    index = pick(sale, which, "granted", "sold_out", "waiting")
    return [replace(one, status=200) if i == index else one for i, one in enumerate(sale.history)]


MUTATIONS = {
    granted_is_told_sold_out: SOME_GRANTED,
    granted_is_told_over_limit: SOME_GRANTED,
    one_unit_too_many: SOME_TOO_LATE,
    a_stranger_is_over_limit: SOME_SOLD_OUT,
    numbers_change_places_across_real_time: sales(claims=st.integers(20, 40)),
    a_key_is_told_another_number: SALES,
    a_key_is_told_another_outcome: SOME_GRANTED,
    an_answer_is_invented: SOME_BUSY,
    a_number_is_skipped: SALES,
    an_acknowledged_claim_is_forgotten: SALES,
    a_place_in_line_is_wrong: SOME_IN_LINE,
    the_units_left_are_wrong: SOME_GRANTED,
    two_claims_have_one_id: SOME_GRANTED,
    a_status_does_not_fit: SALES,
}
"""Each with sales in which there is something of its kind to tell otherwise."""


@pytest.mark.parametrize("mutation", MUTATIONS)
@given(data=st.data(), which=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_each_other_story_is_found_out(mutation: Mutation, data: st.DataObject, which: int) -> None:
    sale = data.draw(MUTATIONS[mutation])
    history = mutation(sale, which)

    violation = check(history, {PLACE: sale.lane})

    assert violation is not None
    assert violation.sentence
    assert all(one in history for one in violation.requests)


def asked(
    number: int, outcome: str = "granted", *, sent: int = 0, answered: int | None = 1_000, **more: Any
) -> Asked:
    status = {"granted": 201, "waiting": 202, "busy": 503}.get(outcome, 409)
    who: dict[str, Any] = {"buyer": f"b{number}", "key": f"k{number}", "units": 1}
    who |= {name: more.pop(name) for name in tuple(more) if name in who}
    if answered is None:
        return Asked(sent, None, deal=DEAL, variant=VARIANT, **who)
    claim = {"claim": f"c{number}"} if outcome in ("granted", "waiting") else {}
    answer = {"outcome": outcome, **({"number": number} if number else {}), **claim, **more}
    return Asked(sent, answered, deal=DEAL, variant=VARIANT, status=status, told=answer, **who)


def sentence(history: list[Asked], lane: Lane, queue: int | None = None) -> str:
    violation = check(history, {PLACE: lane}, queue)
    return violation.sentence if violation else ""


def test_a_violation_is_one_sentence_with_its_requests() -> None:
    history = [asked(1, left=0), asked(2, left=0)]

    violation = check(history, {PLACE: Lane(units=1)})

    assert violation is not None
    assert violation.sentence == ("2 units were granted with number 2, and there never were more than 1")
    assert violation.requests == (history[1],)
    assert "buyer b2 key k2 wants 1 of cup: 201" in str(violation)


def test_a_lost_claim_may_fill_a_gap_or_not_have_happened() -> None:
    gap = [asked(1, left=1), asked(3, "sold_out")]
    lost = asked(9, answered=None)

    assert sentence(gap, Lane(2)) == "number 2 was given to nobody: no lost claim can have it"
    assert sentence([*gap, lost], Lane(2)) == ""
    assert sentence([*gap[:1], lost], Lane(2)) == ""
    assert sentence([*gap[:1], lost], Lane(2, numbers_given=2)) == ""
    assert sentence(gap[:1], Lane(2, numbers_given=2)).startswith("number 2 was given to nobody")


def test_a_lost_claim_cannot_come_before_what_was_answered_before_it_was_sent() -> None:
    gap = [asked(1, left=1), asked(3, "sold_out", sent=10, answered=20)]

    assert sentence([*gap, asked(9, sent=19, answered=None)], Lane(2)) == ""
    assert "no lost claim can have it" in sentence([*gap, asked(9, sent=21, answered=None)], Lane(2))


def test_the_lost_claim_that_explains_is_found_among_others() -> None:
    """Number 2 took two units, so that only the buyer who wanted two can have it."""
    history = [asked(1, left=4), asked(3, left=1), asked(8, answered=None)]

    assert sentence([*history, asked(9, units=2, answered=None)], Lane(5)) == ""
    assert "was told that 1 are left, but it is" in sentence([*history, asked(9, answered=None)], Lane(5))


def test_two_lost_claims_of_strangers_are_both_within_the_limit() -> None:
    history = [asked(1, left=3), asked(8, answered=None), asked(9, answered=None), asked(4, left=0)]

    assert sentence(history, Lane(4, limit=1)) == ""


def test_a_lost_claim_counts_against_its_buyers_limit() -> None:
    lost = asked(9, answered=None, buyer="b3")
    history = [asked(1, left=3), asked(3, "over_limit"), lost]

    assert sentence(history, Lane(4, limit=1)) == ""
    assert "must be granted" in sentence(history, Lane(4, limit=2))


def test_an_answer_that_broke_down_is_as_good_as_none() -> None:
    broke = replace(asked(9, answered=None), answered=500, status=500)

    assert sentence([asked(1, left=1), broke, asked(3, "sold_out")], Lane(2)) == ""


def test_freed_units_go_to_the_line_and_events_without_a_place_are_put_where_they_fit() -> None:
    history = [
        asked(1, left=0),
        asked(2, "waiting", place=1),
        asked(3, "waiting", place=2),
        asked(4, "waiting", place=2),
    ]
    freed = Event("freed", number=1)

    assert sentence(history, Lane(1, waitlist=True, events=(freed,))) == ""
    assert sentence(history, Lane(1, waitlist=True, events=(replace(freed, after=3),))) == ""
    assert "place 2 in line, but it is 1" in sentence(
        history, Lane(1, waitlist=True, events=(replace(freed, after=2),))
    )
    assert "place 2 in line, but it is 3" in sentence(history, Lane(1, waitlist=True))


def test_the_same_units_cannot_be_freed_twice() -> None:
    twice = (Event("freed", number=1, after=1), Event("freed", number=1, after=1))

    assert sentence([asked(1, left=0)], Lane(1, events=twice)) == "number 1 gave units back, but held none"


def test_over_is_over() -> None:
    over = asked(0, "not_running", sent=10, answered=20)

    assert sentence([over], Lane(1)) == "a claim was told not_running while the deal ran"
    assert sentence([over], Lane(1, opens=15)) == ""
    assert sentence([over], Lane(1, closes=15)) == ""
    ends = Lane(1, ends_when_sold_out=True)
    assert sentence([asked(1, left=0), over], ends) == ""
    assert sentence([over], ends) == "a deal ended as sold out, but 1 units were left"
    late = asked(1, left=0, sent=30)
    assert "after somebody was told that the deal is over" in sentence([over, late], ends)
    assert "after the deal closed" in sentence([late], Lane(1, closes=15))
    assert "before the deal opened" in sentence([asked(1, left=0, answered=5)], Lane(1, opens=15))


def test_busy_is_believed_only_of_a_full_queue() -> None:
    busy = asked(0, "busy", sent=50, answered=60)
    others = [asked(n, left=9 - n) for n in (1, 2, 3)]

    assert sentence([*others, busy], Lane(9), queue=3) == ""
    assert sentence([*others, busy], Lane(9), queue=4) == (
        "a claim was told busy with 3 others under way, and the queue holds 4"
    )


def test_a_reused_key_must_have_been_used() -> None:
    reused = asked(0, "key_reused", key="k1", buyer="b1", units=2, sent=5)

    assert sentence([asked(1, left=1), reused], Lane(2)) == ""
    assert sentence([reused], Lane(2)) == "a key was called reused that was used for nothing else"


def test_the_record_must_hold_what_was_answered_and_nothing_else() -> None:
    kept = {("b1", "k1"): {"outcome": "granted", "number": 1}}
    stranger = {("b7", "k7"): {"outcome": "sold_out", "number": 2}}

    assert sentence([asked(1, left=0)], Lane(1, record=kept)) == ""
    assert sentence([asked(1, left=0)], Lane(1, record={})) == (
        "number 1 was answered, but the record lacks it"
    )
    assert "for which nobody asked" in sentence([asked(1, left=0)], Lane(1, record=kept | stranger))
    other = {("b1", "k1"): {"outcome": "sold_out", "number": 1}}
    assert sentence([asked(1, left=0)], Lane(1, record=other)).startswith("the record says")


def test_many_lost_answers_and_expiries_do_not_take_long() -> None:
    sale = Sale(
        7, claims=3_000, units=1_000, waitlist=True, lost=0.05, twice=0.1, changes=0.02, are_placed=False
    )

    assert len(sale.events) > 40
    assert check(sale.history, {PLACE: sale.lane}) is None


def test_the_checker_knows_nothing_of_the_house() -> None:
    program = (
        "import sys, bench.checker.__main__; print([name for name in sys.modules if 'silkcast' in name])"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert said.stdout.strip() == "[]"


def test_a_crowds_history_is_judged(tmp_path: Path) -> None:
    """The counter sells in order; one unit more than it had is found out from the crowd's own file."""
    lane, file = ("0" * 36, "1" * 36), tmp_path / "history"
    with serving(Counter(units=40, limit=1, hangs_up_every=17)) as counter:
        send(
            "steady",
            [counter.origin],
            targets=[lane],
            connections=20,
            requests=150,
            buyers=120,
            duplicates=0.2,
            retry=True,
            history=file,
        )

    history = read(file)
    assert len(history) > 180
    assert any(one.is_lost for one in history)
    assert check(history, {lane: Lane(units=40, limit=1)}) is None
    assert check(history, {lane: Lane(units=39, limit=1)}) is not None
    command = [sys.executable, "-m", "bench.checker", str(file), "--limit", "1", "--units"]
    assert subprocess.run([*command, "40"], check=False).returncode == 0
    assert subprocess.run([*command, "39"], check=False).returncode == 1
