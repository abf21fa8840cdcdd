# SPDX-License-Identifier: Apache-2.0
"""300 lines a second into one room, three in ten of them spam, over HTTP against a house that runs: within a
bounded time every line has an answer, and every viewer's picture is the house's."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bench.talking import Answer, Viewer, outcomes, snapshot, talk, watching
from silkcast.plumbing.postgres import Postgres
from silkcast.stage.chat.settings import MOST_A_SECOND

from .served import Served, served

A_SECOND = 300
SECONDS = 6
WITHIN_SECONDS = 60
"""How long a machine with much else to do may take for all of it."""


async def rush(house: Served) -> tuple[list[Answer], list[Viewer], list[dict[str, object]], float]:
    began = time.monotonic()
    async with watching(house.port, house.show, 8) as viewers:
        answers = await talk(house.port, house.show, a_second=A_SECOND, seconds=SECONDS)
        spent = time.monotonic() - began
        for _ in range(60):
            whole = await snapshot(house.port, house.show)
            if all(viewer.picture == whole for viewer in viewers):
                break
            await asyncio.sleep(0.25)
    return answers, viewers, whole, spent


@pytest.mark.timeout(240)
def test_a_flood_with_spam_slows_nobody_and_looks_the_same_to_all(postgres: Postgres, tmp_path: Path) -> None:
    with served(postgres, tmp_path) as house:
        answers, viewers, whole, spent = asyncio.run(rush(house))

    found = outcomes(answers)
    assert len(answers) == A_SECOND * SECONDS
    assert spent < WITHIN_SECONDS, f"{spent:.0f} s"
    assert all(answer.status in (201, 409, 429) for answer in answers), found
    # what spam says twice is refused to its face, and there is only so much that anybody reads
    assert found["chat.said_already"] + found["chat.too_fast"] > 100
    shown = viewers[0].heard
    assert 0 < len(shown) <= MOST_A_SECOND * (spent + 2)
    assert len(set(shown)) == len(shown)
    for viewer in viewers:
        assert viewer.heard == shown
        assert viewer.gaps == 0
        assert viewer.picture == whole
    # nobody who was told that it went out was told wrong
    went_out = {answer.body["id"] for answer in answers if answer.body.get("state") == "shown"}
    assert set(shown) <= went_out
    assert [line["number"] for line in whole] == sorted(line["number"] for line in whole)
    texts = " ".join(str(line.get("text")) for line in whole)
    for spam in ("bad-shop.com", "scam", "138 0013"):
        assert spam not in texts


@pytest.mark.timeout(240)
def test_without_the_bound_the_flood_reaches_everybody(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the bound is for; and that all of it is written, and told in one order, where it is lifted."""
    monkeypatch.setenv("SILKCAST_CHAT__MOST_A_SECOND", "100000")
    with served(postgres, tmp_path) as house:
        answers, viewers, whole, _ = asyncio.run(rush(house))

    found = outcomes(answers)
    assert found["chat.room_busy"] == 0
    assert len(viewers[0].heard) > A_SECOND * SECONDS / 2
    assert all(viewer.heard == viewers[0].heard and viewer.picture == whole for viewer in viewers)
