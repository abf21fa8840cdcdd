# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from silkcast.engines.carrier.sheet import BadSheet, read_sheet, sandbox_sheet
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight
from silkcast.trade.shipping import rules
from silkcast.trade.shipping.errors import NoService
from silkcast.trade.shipping.values import Piece, Promise, RateAsk, TrackEvent
from silkcast.who.markets import service as markets

CN = Country("CN")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLY, LATE = NOW.replace(tzinfo=None), (NOW + timedelta(days=90)).replace(tzinfo=None)
BOX = Size(200, 150, 50)


def ask(to: str = "FR", grams: int = 400, **more: object) -> RateAsk:
    return replace(RateAsk(CN, Country(to), Weight(grams), date(2026, 11, 22), size=BOX), **more)


@pytest.mark.parametrize("market", ["FR", "US", "SA", "SG"])
def test_each_demo_market_has_two_services_with_a_promise(market: str) -> None:
    options = rules.options(sandbox_sheet(), ask(market), at=NOW)
    assert [option.service for option in options] == ["post_tracked", "express_line"]
    for option in options:
        assert date(2026, 11, 25) < option.promise.from_day <= option.promise.to_day < date(2026, 12, 15)
        assert {"en", "zh", "fr", "ar"} <= set(option.name)
    assert options[1].promise.to_day < options[0].promise.to_day


@pytest.mark.parametrize(
    ("grams", "price"), [(1, "3.20"), (500, "3.20"), (501, "3.65"), (600, "3.65"), (1250, "6.80")]
)
def test_the_first_500_grams_then_every_100_begun(grams: int, price: str) -> None:
    assert rules.rates(sandbox_sheet(), ask(grams=grams))[0].price == Money.of(price, "EUR")


def test_express_charges_by_volume_and_post_does_not() -> None:
    small, bulky = ask(), ask(size=Size(400, 300, 300))
    by_service = {rate.service: rate.price for rate in rules.rates(sandbox_sheet(), bulky)}
    assert by_service["post_tracked"] == rules.rates(sandbox_sheet(), small)[0].price
    assert by_service["express_line"] == Money.of("54.65", "EUR")  # 6 kg by volume: 55 times 0.85 more


def test_cash_on_delivery_is_there_in_saudi_arabia_only_and_costs_a_fee() -> None:
    rate = rules.rates(sandbox_sheet(), ask("SA", cod=True))[0]
    assert rate.price == Money.of("23.00", "SAR")
    with pytest.raises(NoService) as refused:
        rules.rates(sandbox_sheet(), ask("FR", cod=True))
    assert refused.value.why == "cod"


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (ask(grams=40_000), "weight"),
        (ask(size=Size(1300, 100, 100)), "size"),
        (ask("CH"), "route"),
        (ask(on=date(2026, 8, 31)), "date"),
    ],
)
def test_what_cannot_go_is_refused_with_the_nearest_reason(wanted: RateAsk, why: str) -> None:
    with pytest.raises(NoService) as refused:
        rules.rates(sandbox_sheet(), wanted)
    assert refused.value.why == why


def test_a_promise_skips_the_weekend_of_either_end() -> None:
    rate = next(r for r in rules.rates(sandbox_sheet(), ask("SA")) if r.service == "express_line")
    # Friday 15:00 in Shanghai is after the cut-off: Monday is day one, handed over on Tuesday 1 December.
    friday = datetime(2026, 11, 27, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
    days = markets.workdays(("CN", "SA"), friday.date())
    promise = rules.promise(rate, origin=CN, destination=Country("SA"), at=friday, days=days)
    assert promise == Promise(date(2026, 12, 6), date(2026, 12, 8))
    thursday = friday.replace(day=26, hour=9)
    promise = rules.promise(rate, origin=CN, destination=Country("SA"), at=thursday, days=days)
    assert promise.from_day.weekday() not in (4, 5)


@dataclass(frozen=True, slots=True)
class NeverOnMondays:
    """A place of its own habits."""

    time_zone: str = "Asia/Tokyo"

    def works(self, day: date) -> bool:
        return day.isoweekday() != 1


def test_a_promise_counts_by_the_calendar_of_the_place_if_it_has_one() -> None:
    (rate, *_) = rules.rates(sandbox_sheet(), ask("FR"))
    monday = datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    days = {CN: NeverOnMondays(), Country("FR"): NeverOnMondays()}
    promise = rules.promise(rate, origin=CN, destination=Country("FR"), at=monday, days=days)
    # Tuesday is day one, handed over on Wednesday; nine and fourteen days on, no Monday and any Sunday
    assert promise == Promise(date(2026, 12, 11), date(2026, 12, 16))
    friday = monday.replace(month=12, day=4)
    sundays = rules.promise(rate, origin=CN, destination=Country("FR"), at=friday, days=days)
    assert sundays == Promise(date(2026, 12, 15), date(2026, 12, 19))


def test_no_delivery_on_christmas_day_in_france_and_no_hand_over_in_golden_week() -> None:
    assert rules.next_working("FR", date(2026, 12, 25)) == date(2026, 12, 28)
    assert rules.next_working("CN", date(2026, 10, 1)) > date(2026, 10, 5)


@settings(deadline=None)
@given(st.datetimes(EARLY, LATE), st.sampled_from(["FR", "US", "SA", "SG"]))
def test_promised_days_are_working_days_after_the_order(at: datetime, market: str) -> None:
    at = at.replace(tzinfo=UTC)
    for option in rules.options(sandbox_sheet(), ask(market), at=at):
        assert at.date() < option.promise.from_day <= option.promise.to_day
        assert rules.works(market, option.promise.from_day)
        assert rules.works(market, option.promise.to_day)


STEPS = sorted(rules._REACHED)
EVENTS = st.lists(
    st.builds(
        TrackEvent,
        id=st.uuids().map(str),
        step=st.sampled_from(STEPS),
        at=st.datetimes(EARLY, LATE, timezones=st.just(UTC)),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_state_depends_on_the_set_of_events_alone(events: list[TrackEvent], chance: object) -> None:
    shuffled = [*events, *events[:3]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.state_of(shuffled) == rules.state_of(events)
    if any(event.step == "delivered" for event in events):
        assert rules.state_of(shuffled) == "delivered"


def test_out_again_after_a_failed_attempt_is_out() -> None:
    events = [
        TrackEvent("a", "out_for_delivery", NOW),
        TrackEvent("b", "attempt_failed", NOW + timedelta(hours=1)),
    ]
    assert rules.state_of(events) == "failed"
    assert rules.state_of([*events, TrackEvent("c", "out_for_delivery", NOW + timedelta(days=1))]) == "out"


def test_a_promise_is_judged_on_the_receivers_calendar() -> None:
    promise = Promise(date(2026, 12, 1), date(2026, 12, 4))
    moment = datetime(2026, 12, 5, 3, tzinfo=UTC)  # still the 4th in New York, the 5th in Paris
    assert rules.kept(promise, moment, "America/New_York")
    assert not rules.kept(promise, moment, "Europe/Paris")
    assert rules.days_late(promise, moment, "Asia/Riyadh") == 1


def test_a_box_holds_what_is_put_into_it() -> None:
    box = rules.packed([Piece(2, Weight(250), Size(40, 300, 200)), Piece(1, Weight(100), Size(350, 20, 10))])
    assert box.size == Size(350, 200, 90)
    assert box.weight == Weight(600) + rules.WRAPPING


@pytest.mark.parametrize("number", ["RR473124829FI", "LX123456785CN"])
def test_an_s10_number_carries_its_check_digit(number: str) -> None:
    assert rules.is_s10(number)
    assert not rules.is_s10(number[:10] + str((int(number[10]) + 1) % 10) + number[11:])


@pytest.mark.parametrize("number", ["", "RR47312482FI", "rr473124829fi", "RR47312482XFI", "RR4731²4829FI"])
def test_what_is_no_s10_number_is_told_apart(number: str) -> None:
    assert not rules.is_s10(number)


def test_a_sheet_with_a_hole_is_refused() -> None:
    with pytest.raises(BadSheet):
        read_sheet("services: {}\nroutes: [{service: post, from: CN}]")
    with pytest.raises(BadSheet):
        read_sheet("{")
