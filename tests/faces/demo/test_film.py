# SPDX-License-Identifier: Apache-2.0
"""The demo's film is drawn once, moves, speaks, and is sent round and round."""

from __future__ import annotations

import asyncio
import re
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import imageio_ffmpeg
import pytest

from silkcast.engines.video.embedded import EmbeddedVideo, EmbeddedVideoSettings
from silkcast.faces.demo import film, plates, script
from silkcast.faces.demo.broadcast import broadcast
from silkcast.ground.ids import ShowId
from silkcast.stage.rooms.port import Source

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def test_every_scene_has_its_picture_and_its_voice() -> None:
    told = script.read("qinghe-kiln")

    assert len(told.scenes) == 12
    assert [scene.slug for scene in told.scenes if scene.voice is None] == []


def test_scenes_follow_each_other_and_leave_room_for_what_is_said() -> None:
    shots = film.plan(script.read("qinghe-kiln"))

    assert shots[0].start == 0
    for before, after in pairwise(shots):
        assert after.start == pytest.approx(before.start + before.seconds - film.DISSOLVE)
    for shot in shots:
        assert shot.scene.voice is not None
        assert shot.seconds >= film._seconds(shot.scene.voice) + film.DISSOLVE
    assert 60 <= shots[-1].start + shots[-1].seconds <= 120


def test_a_caption_stays_inside_what_a_phone_shows() -> None:
    for scene in script.read("qinghe-kiln").scenes:
        if scene.caption:
            assert (
                plates.CAPTION_LEFT + plates.caption(scene.caption, scene.detail).width <= plates.WIDTH - 64
            )


def test_a_square_picture_becomes_a_portrait_without_a_seam() -> None:
    made = plates.plate(script.read("qinghe-kiln").scenes[1].picture).convert("L")

    column = [made.getpixel((20, y)) for y in range(made.height)]
    assert made.size == (720, 1280)
    assert max(abs(a - b) for a, b in zip(column, column[4:], strict=False)) < 24


@pytest.mark.video
def test_the_film_is_drawn_once_moves_and_can_be_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = script.read("qinghe-kiln")
    brief = replace(told, scenes=told.scenes[1:2])
    monkeypatch.setattr(script, "read", lambda name: brief)
    said: list[str] = []

    drawn = film.film("qinghe-kiln", tmp_path, said.append)
    again = film.film("qinghe-kiln", tmp_path, said.append)

    checked = subprocess.run(
        [
            FFMPEG,
            "-hide_banner",
            "-i",
            str(drawn),
            "-af",
            "volumedetect",
            "-vf",
            "freezedetect=d=0.4",
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert again == drawn
    assert said[0].startswith("Drawing")
    assert len([line for line in said if line.startswith("Drawing")]) == 1
    assert "720x1280" in checked
    assert "h264 (Main)" in checked
    assert "aac" in checked
    assert "freeze_start" not in checked
    volume = re.search(r"mean_volume: (-?[\d.]+)", checked)
    assert volume
    assert -32 < float(volume[1]) < -12


@pytest.mark.video
async def test_the_broadcaster_tries_again_and_leaves_nothing_behind(tmp_path: Path) -> None:
    calls = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    path = tmp_path / "film.mp4"
    make = ("-f", "lavfi", "-i", "testsrc2=d=1:s=64x64", "-c:v", "libx264", "-pix_fmt", "yuv420p", str(path))
    subprocess.run([FFMPEG, "-v", "error", *make], check=True)  # noqa: ASYNC221

    sending = asyncio.create_task(broadcast(path, f"rtmp://127.0.0.1:{port}/live", "sk-secret"))
    async with asyncio.timeout(15):
        while calls < 2:
            await asyncio.sleep(0.1)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    server.close()

    assert running("sk-secret") == []


class House:
    def __init__(self) -> None:
        self.show = ShowId(uuid4())
        self.told: list[str] = []

    async def authorize(self, key: str, address: str) -> ShowId | None:
        return self.show if key == "sk-demo" else None

    async def published(self, show: ShowId, how: Source) -> None:
        self.told.append("published")

    async def unpublished(self, show: ShowId) -> None:
        self.told.append("unpublished")

    async def recorded(self, show: ShowId, file: str, seconds: float) -> None: ...


@pytest.mark.video
async def test_a_film_that_goes_round_is_one_stream(tmp_path: Path) -> None:
    house = House()
    engine = EmbeddedVideo(EmbeddedVideoSettings(tmp_path / "media", "127.0.0.1", 0, "127.0.0.1"))
    await engine.start(house)
    path = tmp_path / "film.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc2=d=2:s=180x320:r=30", "-f", "lavfi", "-i", "sine=d=2:r=48000")
    make = (
        *picture,
        "-c:v",
        "libx264",
        "-bf",
        "0",
        "-g",
        "30",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        str(path),
    )
    subprocess.run([FFMPEG, "-v", "error", *make], check=True)  # noqa: ASYNC221

    sending = asyncio.create_task(broadcast(path, engine.ingest_address("").rtmp_url, "sk-demo"))
    async with asyncio.timeout(60):
        while segments_in(tmp_path) < 8:  # of 0.7 s or more: the film is on its third round
            await asyncio.sleep(0.1)
    health = engine.health(house.show)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    recording = await engine.finish_recording(house.show)
    await engine.stop()

    assert health is not None
    assert health.problem is None
    assert recording is not None
    assert len(recording.parts) == 1
    assert recording.seconds > 5
    assert house.told == ["published", "unpublished"]


def segments_in(folder: Path) -> int:
    """How many there were so far: they are numbered, and old ones go."""
    return max((int(one.stem.rpartition("_")[2]) + 1 for one in folder.rglob("s1_*.m4s")), default=0)


def running(word: str) -> list[Path]:
    return [line for line in Path("/proc").glob("[0-9]*/cmdline") if word.encode() in read(line)]


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
