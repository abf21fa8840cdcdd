# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest

from silkcast.ground.language import Words
from silkcast.stage.rooms import rules
from silkcast.stage.rooms.errors import BadTitle, StartsInThePast, WrongState
from silkcast.stage.rooms.values import NewShow

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def plan(title: str = "Evening tea", starts_at: datetime = NOON) -> NewShow:
    return NewShow(Words({"en": title}), starts_at, ())


def test_a_plan_that_can_be() -> None:
    rules.check_plan(plan(), NOON)


def test_an_empty_or_endless_title_is_refused() -> None:
    for title in (" ", "x" * 121):
        with pytest.raises(BadTitle):
            rules.check_plan(plan(title), NOON)


def test_yesterday_is_refused() -> None:
    with pytest.raises(StartsInThePast):
        rules.check_plan(plan(starts_at=NOON - timedelta(days=1)), NOON)


def test_an_ended_show_does_not_start_again() -> None:
    rules.check_move("planned", "live")
    with pytest.raises(WrongState):
        rules.check_move("ended", "live")


def test_addresses_are_readable() -> None:
    assert rules.slug_from("Soirée thé, 2026!", "k3") == "soiree-the-2026-k3"
    assert rules.slug_from("今晚茶会", "k3") == "show-k3"
