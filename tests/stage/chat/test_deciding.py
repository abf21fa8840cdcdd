# SPDX-License-Identifier: Apache-2.0
"""What becomes of lines that came at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.ids import LineId, UserId, new_uuid
from silkcast.stage.chat.errors import Banned, Closed, KnownOnly, RoomBusy, SaidAlready, SlowMode, TooFast
from silkcast.stage.chat.rules import folding
from silkcast.stage.chat.rules.deciding import PACE, Heard, Room, Spoken, Verdict, decide
from silkcast.stage.chat.values import Author, AuthorKind, Saying, Speaking

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEI = UserId(new_uuid())


def heard(who: str, text: str, *, kind: AuthorKind = "viewer", user: UserId | None = None) -> Heard:
    return Heard(who.encode(), Saying(Author(kind, who, who, user), text, "en", "FR"))


def states(verdicts: list[Verdict]) -> list[str]:
    return [verdict.state or type(verdict.refusal).__name__ for verdict in verdicts]


def test_one_bad_line_stops_no_other() -> None:
    said = decide([heard("a", "hello"), heard("b", "  "), heard("c", "good evening")], Room(), NOON, most=20)

    assert states(said) == ["shown", "NothingSaid", "shown"]


def test_the_same_of_many_is_one_line_and_of_one_is_refused() -> None:
    shown = LineId(new_uuid())
    room = Room(
        open_folds={folding.key_of("mine"): shown}, spoken={b"z": [Spoken(NOON, folding.key_of("+1"))]}
    )

    said = decide(
        [heard("a", "+1"), heard("b", "＋1"), heard("b", "+1"), heard("c", "Mine!"), heard("z", "+1")],
        room,
        NOON,
        most=20,
    )

    assert states(said) == ["shown", "folded", "SaidAlready", "folded", "SaidAlready"]
    assert said[1].into_heard == 0
    assert said[3].into == shown
    assert isinstance(said[2].refusal, SaidAlready)


def test_slow_mode_holds_for_viewers_only() -> None:
    before = {key: [Spoken(NOON - timedelta(seconds=4), b"")] for key in (b"a", b"mei", b"host")}
    room = Room(speaking=Speaking(slow_seconds=10), spoken=before, moderators=frozenset({MEI}))

    said = decide(
        [
            heard("a", "one"),
            heard("mei", "two", user=MEI),
            heard("host", "three", kind="host"),
            heard("b", "four"),
        ],
        room,
        NOON,
        most=20,
    )

    assert states(said) == ["SlowMode", "shown", "shown", "shown"]
    assert isinstance(said[0].refusal, SlowMode)
    assert (said[0].refusal.retry_seconds, said[0].refusal.every) == (6, 10)
    assert said[1].is_moderator


def test_who_is_banned_or_not_asked_is_told_so() -> None:
    until = NOON + timedelta(minutes=10)

    banned = decide([heard("a", "hi")], Room(bans={b"a": until}), NOON, most=20)[0].refusal
    unknown = decide([heard("a", "hi")], Room(speaking=Speaking(who="known")), NOON, most=20)[0].refusal
    closed = decide([heard("a", "hi")], Room(speaking=Speaking(who="nobody")), NOON, most=20)[0].refusal

    assert isinstance(banned, Banned)
    assert banned.until == until
    assert isinstance(unknown, KnownOnly)
    assert isinstance(closed, Closed)


def test_of_too_many_those_go_first_who_were_not_heard_for_longest() -> None:
    spoken = {
        b"just": [Spoken(NOON - timedelta(seconds=1), b"")],
        b"before": [Spoken(NOON - timedelta(seconds=9), b"")],
    }
    said = decide(
        [
            heard("just", "one"),
            heard("before", "two"),
            heard("new", "three"),
            heard("host", "x", kind="host"),
        ],
        Room(spoken=spoken, shown_lately=18),
        NOON,
        most=20,
    )

    assert states(said) == ["RoomBusy", "shown", "shown", "shown"]
    assert isinstance(said[0].refusal, RoomBusy)


def test_what_was_folded_into_a_line_with_no_place_has_none_either() -> None:
    said = decide([heard("a", "one"), heard("b", "one")], Room(shown_lately=5), NOON, most=5)

    assert states(said) == ["RoomBusy", "RoomBusy"]


LINES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 6)), max_size=60)


@given(LINES, st.integers(0, 12), st.integers(1, 20), st.sampled_from([0, 5]))
def test_whatever_comes_the_bounds_hold(
    lines: list[tuple[int, int]], lately: int, most: int, slow: int
) -> None:
    room = Room(speaking=Speaking(slow_seconds=slow), shown_lately=lately)
    asked = [heard(f"person {who}", f"text number {text}") for who, text in lines]

    said = decide(asked, room, NOON, most=most)

    assert len(said) == len(asked)
    shown = [place for place, one in enumerate(said) if one.state == "shown"]
    assert len(shown) <= max(0, most - lately)
    assert len({said[place].fold for place in shown}) == len(shown)
    for place, one in enumerate(said):
        assert (one.state is None) != (one.refusal is None)
        if one.state == "folded":
            assert one.into_heard in shown
            assert one.into_heard < place
            assert said[one.into_heard].fold == one.fold
    for who in {who for who, _ in lines}:
        taken = [one for (other, _), one in zip(lines, said, strict=True) if other == who and one.state]
        assert len(taken) <= (1 if slow else PACE)
        assert len({one.fold for one in taken}) == len(taken)


@given(LINES)
def test_with_room_for_all_nothing_is_lost_but_by_the_pace(lines: list[tuple[int, int]]) -> None:
    said = decide([heard(f"p{who}", f"text {text}") for who, text in lines], Room(), NOON, most=1_000)

    for one in said:
        assert one.refusal is None or isinstance(one.refusal, SaidAlready | TooFast)
