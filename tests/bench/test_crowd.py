# SPDX-License-Identifier: Apache-2.0
"""The crowd counts what it was told, to the last request, and writes all of it down."""

from __future__ import annotations

import json
import socket
from collections import Counter as Tally
from pathlib import Path
from typing import Any

import pytest

from bench.crowd import send, sending
from tests.bench.counter import Counter, serving

LANE = [("00000000-0000-7000-8000-00000000000d", "00000000-0000-7000-8000-00000000000a")]


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_burst_is_one_claim_of_each_buyer(tmp_path: Path) -> None:
    with serving(Counter(units=50)) as counter:
        told = send(
            "burst", [counter.origin], targets=LANE, connections=200, addresses=9, history=tmp_path / "h"
        )

    assert (told.requests, told.answered, told.lost, told.failed) == (200, 200, 0, 0)
    assert told.by_outcome == {"granted": 50, "sold_out": 150}
    assert told.by_status == {"201": 50, "409": 150}
    assert len({visitor for _, visitor, _ in counter.heard}) == len(counter.answers) == 200
    assert {path for path, _, _ in counter.heard} == {f"/deals/{LANE[0][0]}/claims"}
    assert all(
        20 <= len(visitor) <= 64 and 16 <= len(body["key"]) <= 64 for _, visitor, body in counter.heard
    )
    assert counter.peers == {f"127.0.0.{n}" for n in range(2, 11)}
    written = lines(tmp_path / "h")
    assert {line["key"]: json.loads(line["body"]) for line in written} == counter.answers
    assert all(line["sent"] < line["answered"] for line in written)


def test_a_share_is_sent_again_on_another_connection(tmp_path: Path) -> None:
    with serving(Counter()) as counter:
        burst = send("burst", [counter.origin], targets=LANE, connections=100, duplicates=0.25)
        steady = send(
            "steady",
            [counter.origin],
            targets=LANE,
            connections=8,
            requests=1_000,
            duplicates=0.1,
            history=tmp_path / "h",
        )

    assert (burst.requests, steady.requests) == (125, 1_100)
    assert len(counter.answers) == 1_100
    by_key: dict[str, list[dict[str, Any]]] = {}
    for line in lines(tmp_path / "h"):
        by_key.setdefault(line["key"], []).append(line)
    twice = [two for two in by_key.values() if len(two) == 2]
    assert Tally(map(len, by_key.values())) == {1: 900, 2: 100}
    assert all(one["line"] != other["line"] and one["body"] == other["body"] for one, other in twice)


def test_lanes_are_taken_in_turn_and_units_too() -> None:
    lanes = [(f"00000000-0000-7000-8000-{n:012}", f"00000000-0000-7000-9000-{n:012}") for n in range(10)]
    with serving(Counter()) as counter:
        send(
            "steady",
            [counter.origin],
            targets=lanes,
            connections=4,
            requests=60,
            units="1-3",
            buyers=7,
        )

    assert set(counter.numbers.values()) == {6}
    assert Tally(body["units"] for _, _, body in counter.heard) == {1: 20, 2: 20, 3: 20}
    assert len({visitor for _, visitor, _ in counter.heard}) == 7


def test_a_buyer_over_the_limit_is_counted_by_its_name() -> None:
    with serving(Counter(limit=1)) as counter:
        told = send("steady", [counter.origin], targets=LANE, connections=4, requests=30, buyers=10)

    assert told.by_outcome == {"granted": 10, "over_limit": 20}


@pytest.mark.parametrize("manner", [Counter(is_chunked=True), Counter(closes=True)])
def test_answers_are_read_as_they_come(manner: Counter) -> None:
    with serving(manner) as counter:
        claims = send("steady", [counter.origin], targets=LANE, connections=5, requests=100)
        pages = send("get", [counter.origin], connections=3, requests=20, path="/room/x", cookie="market=FR")

    assert claims.by_outcome == {"granted": 100}
    assert pages.by_status == {"200": 20}
    assert pages.octets == 20 * 40_015
    assert counter.heard[-1][:2] == ("/room/x", "market=FR")
    assert (claims.errors, pages.errors) == ({}, {})


def test_a_lost_answer_is_written_down_and_counted(tmp_path: Path) -> None:
    with serving(Counter(hangs_up_every=10)) as counter:
        told = send("burst", [counter.origin], targets=LANE, connections=100, history=tmp_path / "h")

    assert (told.answered, told.lost, told.failed) == (90, 10, 10)
    assert sum(told.errors.values()) == 10
    lost = [line for line in lines(tmp_path / "h") if not line["answered"]]
    assert len(lost) == 10
    assert {line["fault"] for line in lost} <= {"closed", "reset"}
    assert {line["key"] for line in lost} < counter.answers.keys()


def test_a_retry_brings_the_same_key_until_it_is_answered(tmp_path: Path) -> None:
    with serving(Counter(hangs_up_every=10)) as counter:
        told = send(
            "steady",
            [counter.origin],
            targets=LANE,
            connections=5,
            requests=100,
            retry=True,
            history=tmp_path / "h",
        )

    assert told.answered == len(counter.answers) == 100
    assert told.requests == 100 + told.lost
    assert told.lost > 10
    answered = {line["key"] for line in lines(tmp_path / "h") if line["answered"]}
    assert answered == counter.answers.keys()


def test_patience_ends() -> None:
    with serving(Counter(is_mute=True)) as counter:
        told = send("burst", [counter.origin], targets=LANE, connections=5, patience=0.2)

    assert told.errors == {"timeout": 5}
    assert (told.answered, told.lost) == (0, 5)


def test_latencies_are_those_of_the_history(tmp_path: Path) -> None:
    with serving(Counter()) as counter:
        told = send("burst", [counter.origin], targets=LANE, connections=500, history=tmp_path / "h")

    waits = sorted((line["answered"] - line["sent"]) / 1e6 for line in lines(tmp_path / "h"))
    for share, rank in (("p50", 250), ("p90", 450), ("p99", 495), ("max", 500)):
        assert told.latency_ms[share] == pytest.approx(waits[rank - 1], rel=0.01, abs=0.002)


def test_the_pace_is_kept() -> None:
    with serving(Counter()) as counter:
        told = send("get", [counter.origin], connections=2, seconds=1, pace=100)

    assert 2 < told.requests <= 22


def test_nobody_is_sent_to_another_machine() -> None:
    with pytest.raises(RuntimeError, match="only sent to this machine"):
        send("get", ["http://192.0.2.1:80"], seconds=1)


def test_a_house_that_is_not_there_is_an_error() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(RuntimeError, match="did not take all connections"):
            send("burst", [origin], targets=LANE, connections=3, patience=0.2)


def test_a_crowd_is_ended_with_its_block() -> None:
    with serving(Counter()) as counter, sending("get", [counter.origin], seconds=600, pace=50) as crowd:
        assert crowd.child.poll() is None

    assert crowd.child.returncode == -9
