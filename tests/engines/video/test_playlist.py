# SPDX-License-Identifier: Apache-2.0
"""The playlist keeps its numbers whatever comes and goes, and what left it is deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from silkcast.engines.video.playlist import NAME, Playlist, Segment
from silkcast.stage.rooms.port import Part, Recording

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def add(playlist: Playlist, folder: Path, run: int, number: int) -> None:
    name = f"s{run}_{number:06d}.m4s"
    (folder / name).write_bytes(b"x")
    (folder / f"i{run}.mp4").write_bytes(b"x")
    playlist.add(Segment(name, 1.0, run, NOON))


def number(text: str, word: str) -> int:
    found = re.search(rf"#EXT-X-{word}:(\d+)", text)
    assert found
    return int(found[1])


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_numbers_count_what_left(tmp_path_factory: object, runs: list[int]) -> None:
    folder = tmp_path_factory.mktemp("live")  # type: ignore[attr-defined]
    playlist, total = Playlist(folder, 4), 0
    for run, count in enumerate(runs, 1):
        for piece in range(count):
            add(playlist, folder, run, piece)
            total += 1
    text = (folder / NAME).read_text()
    shown = re.findall(r"^s\d+_\d+\.m4s$", text, re.M)

    assert number(text, "MEDIA-SEQUENCE") + len(shown) == total
    assert number(text, "DISCONTINUITY-SEQUENCE") + text.count("#EXT-X-DISCONTINUITY\n") == len(runs) - 1
    assert all((folder / name).exists() for name in shown)
    assert len(list(folder.glob("s*.m4s"))) <= 8


def test_after_a_restart_the_numbers_go_on(tmp_path: Path) -> None:
    before = Playlist(tmp_path, 4)
    for piece in range(6):
        add(before, tmp_path, 1, piece)

    after = Playlist(tmp_path, 4)
    add(after, tmp_path, after.last_run + 1, 0)
    text = (tmp_path / NAME).read_text()

    assert number(text, "MEDIA-SEQUENCE") == 6
    assert number(text, "DISCONTINUITY-SEQUENCE") == 1
    assert "s2_000000.m4s" in text
    assert len(list(tmp_path.glob("s*.m4s"))) == 1


def test_a_moment_is_found_in_the_recording() -> None:
    recording = Recording("replay.mp4", 30.0, (Part(NOON, 10.0), Part(NOON + timedelta(seconds=60), 20.0)))

    assert recording.offset(NOON - timedelta(seconds=5)) == 0
    assert recording.offset(NOON + timedelta(seconds=4)) == 4
    assert recording.offset(NOON + timedelta(seconds=30)) == 10
    assert recording.offset(NOON + timedelta(seconds=65)) == 15
    assert recording.offset(NOON + timedelta(seconds=500)) == 30
