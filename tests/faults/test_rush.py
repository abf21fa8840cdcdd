# SPDX-License-Identifier: Apache-2.0
"""A rush over HTTP against a durable house, and what goes wrong in the middle of it. After each fault: what
was granted is what the tables say, a serial order explains every answer, and a viewer sees what is."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from signal import SIGSTOP

import pytest
from sqlalchemy import text

from bench.checker import Asked, read
from bench.crowd import send, sending
from bench.rush_house import Targets
from tests.faults.deal_house import HASTY, QUEUE, SERVE, House, adds_up, judged, open_house, sums
from tests.faults.viewer import Viewer

pytestmark = pytest.mark.timeout(150)
FRANCE = "market=FR"
SLOW_COMMIT = """
    CREATE FUNCTION deals.slow_commit() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON deals.claims DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.number = 300) EXECUTE FUNCTION deals.slow_commit()
"""
NO_SLOW_COMMIT = "DROP FUNCTION deals.slow_commit CASCADE"
SLEEPS = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND state = 'active'")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


def viewer(house: House) -> Viewer:
    assert house.shop is not None
    return Viewer(house.port, house.shop.show)


def run(house: House, statements: str) -> None:
    async def deed(tx: object) -> None:
        for statement in statements.split(";\n"):
            await tx.session.execute(text(statement))  # type: ignore[attr-defined]

    house.write(deed)


def until_a_commit_is_under_way(house: House) -> None:
    async def look(tx: object) -> int:
        return int((await tx.session.execute(SLEEPS)).scalar_one())  # type: ignore[attr-defined]

    end = time.monotonic() + 30
    while not house.write(look):
        assert time.monotonic() < end, "claim 300 never came"


def ask_again(house: House, one: Asked) -> Asked:
    """The same buyer with the same key, as a page does that was told `not known yet`."""
    body = {"variant": one.variant, "key": one.key, "units": one.units}
    request = urllib.request.Request(
        f"{house.origin}/deals/{one.deal}/claims",
        json.dumps(body).encode(),
        {
            "content-type": "application/json",
            "cookie": f"visitor={one.buyer}; {FRANCE}",
            "origin": house.origin,
        },
    )
    sent = time.monotonic_ns()
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status, told = answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        status, told = refused.code, json.load(refused)
    return replace(one, sent=sent, answered=time.monotonic_ns(), status=status, told=told)


def test_two_thousand_at_once_for_five_hundred(house: House, tmp_path: Path) -> None:
    targets = house.deal(500)
    with viewer(house) as watching:
        told = send(
            "burst",
            [house.origin],
            cookie=FRANCE,
            targets=targets,
            connections=2_000,
            patience=30,
            history=tmp_path / "h",
        )
        found = adds_up(house, targets)

        assert told.by_outcome == {"granted": 500, "waiting": 1_500}
        assert (found.granted, found.claims) == (500, 2_000)
        assert judged(house, targets, read(tmp_path / "h"), 500) is None
        assert watching.agrees()
        assert watching.events > 0


def test_ten_thousand_before_a_queue_of_two_thousand(house: House, tmp_path: Path) -> None:
    """While a commit takes long, all come at once: those over are told so, and pages are served."""
    targets = house.deal(5_000)
    warm(house, targets)
    run(house, SLOW_COMMIT)
    try:
        with (
            viewer(house) as watching,
            sending(
                "burst", [house.origin], cookie=FRANCE, targets=targets, connections=10_000,
                patience=40, addresses=4, history=tmp_path / "h",
            ) as crowd,
        ):  # fmt: skip
            assert house.shop is not None
            pages = send(
                "get",
                [house.origin],
                path=house.shop.room,
                cookie=FRANCE,
                connections=2,
                pace=200,
                seconds=3,
                patience=20,
            )
            told = crowd.told(100)
            found = adds_up(house, targets)
            assert watching.agrees()
    finally:
        run(house, NO_SLOW_COMMIT)

    history = read(tmp_path / "h")
    busy = [one for one in history if one.outcome == "busy"]
    assert set(told.by_outcome) <= {"granted", "waiting", "busy"}
    assert (told.lost, sum(told.by_outcome.values())) == (0, 10_000)
    assert len(busy) > 1_000
    assert {one.told["place"] for one in busy} == {QUEUE + 1}
    assert found.claims == 10_000 - len(busy) + 1, "nothing is kept for those over (and one came before all)"
    assert judged(house, targets, [*history, *warmed], 5_000) is None
    assert set(pages.by_status) == {"200"}
    assert pages.answered > 3


warmed: list[Asked] = []


def warm(house: House, targets: Targets) -> None:
    """The prices are known before the crowd comes, as they are after a countdown."""
    (deal, variant), name = targets[0], "w" * 24
    warmed[:] = [ask_again(house, Asked(0, None, name, name, deal, variant, 1))]


@pytest.mark.parametrize("command", [HASTY, SERVE], ids=["told before the commit", "told after it"])
def test_the_house_is_killed_between_commit_and_answer(
    house: House, tmp_path: Path, command: tuple[str, ...]
) -> None:
    is_guarded = command == SERVE
    targets = house.deal(1_500)
    if not is_guarded:
        house.stop()
        house.start(command)
    run(house, SLOW_COMMIT)
    with viewer(house) as watching, sending(
        "steady", [house.origin], cookie=FRANCE, targets=targets, connections=200, requests=3_000, retry=True,
        duplicates=0.1, patience=30, history=tmp_path / "h",
    ) as crowd:  # fmt: skip
        until_a_commit_is_under_way(house)
        if is_guarded:  # it does not hear that its commit succeeded
            house.signal(SIGSTOP)
            until_so_many_are_kept(house, targets, 300)
        house.kill()
        house.start()
        run(house, NO_SLOW_COMMIT)
        told = crowd.told(100)
        history = read(tmp_path / "h")
        violation = judged(house, targets, history, 1_500)
        if not is_guarded:
            assert violation is not None, "numbers that were told and lost are given to others"
            return
        found = adds_up(house, targets)
        assert violation is None
        assert watching.agrees()
        assert watching.snapshots > 1, "it was cut off, and came back"

    assert told.errors
    assert (found.granted, found.claims) == (1_500, 3_000)
    lost = {one.key for one in history if one.is_lost}
    again = [one for one in history if one.key in lost and one.has_number and one.told["number"] <= 300]
    assert again, "some were committed, and heard it only when they asked again"


def until_so_many_are_kept(house: House, targets: Targets, claims: int) -> None:
    end = time.monotonic() + 30
    while sums(house, targets).claims < claims:
        assert time.monotonic() < end, "they were not committed"
        time.sleep(0.05)


def test_postgres_is_killed_in_mid_sale(house: House, tmp_path: Path) -> None:
    targets = house.deal(1_000)
    with viewer(house) as watching:
        with sending(
            "steady", [house.origin], cookie=FRANCE, targets=targets, connections=100, requests=6_000,
            retry=True, duplicates=0.1, patience=30, pace=20, history=tmp_path / "h",
        ) as crowd:  # fmt: skip
            until_so_many_are_kept(house, targets, 300)
            house.kill_postgres()
            crowd.told(100)
        history = read(tmp_path / "h")
        unsure = [one for one in history if one.status == 503]
        assert unsure, "the kill fell into the sale"
        assert {one.told.get("code") for one in unsure} == {"deals.not_known_yet"}
        wait_for_the_database(house)
        with ThreadPoolExecutor(8) as many:
            each = {one.key: one for one in unsure}.values()
            again = list(many.map(lambda one: ask_again(house, one), each))
        found = adds_up(house, targets)

        assert Counter(one.status for one in again).keys() <= {201, 202}
        assert judged(house, targets, [*history, *again], 1_000) is None
        assert (found.granted, found.claims) == (1_000, 6_000)
        assert watching.agrees()


def wait_for_the_database(house: House) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if (viewer(house)).fresh():
                return
        except urllib.error.HTTPError:
            time.sleep(0.2)
    raise AssertionError("the database did not come back")
