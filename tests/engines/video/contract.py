# SPDX-License-Identifier: Apache-2.0
"""What every video engine promises. An engine's tests subclass `VideoEngineContract` and give the fixtures
`engine` (started with `house`) and `house` (a `House`); the pushes are real streams of a real ffmpeg.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import imageio_ffmpeg
import pytest

from silkcast.ground.ids import ShowId
from silkcast.ground.refusals import Unavailable
from silkcast.stage.rooms.port import Source, VideoEngine

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
KEY = "sk-a-key-that-opens"


@dataclass
class House:
    """An Admission that notes what it is told."""

    shows: dict[str, ShowId] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    recordings: list[tuple[str, float]] = field(default_factory=list)
    is_away: int = 0
    """How often it does not listen before it does."""

    async def authorize(self, key: str, address: str) -> ShowId | None:
        assert address == "127.0.0.1"
        return self.shows.get(key)

    async def published(self, show: ShowId, how: Source) -> None:
        if self.is_away:
            self.is_away -= 1
            raise Unavailable
        self.told.append(f"published {how}")

    async def unpublished(self, show: ShowId) -> None:
        self.told.append("unpublished")

    async def recorded(self, show: ShowId, file: str, seconds: float) -> None:
        self.recordings.append((file, seconds))


def make_film(path: Path, seconds: int, *options: str, sound: bool = True, size: str = "360x640") -> Path:
    """A moving, audible film with a key frame a second."""
    picture = ("-f", "lavfi", "-i", f"testsrc2=s={size}:r=30:d={seconds}")
    tone = ("-f", "lavfi", "-i", f"sine=440:d={seconds}:r=48000") if sound else ()
    video = options or ("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p")
    audio = ("-c:a", "aac", "-ac", "2") if sound and "-c:a" not in options else ()
    subprocess.run(
        [FFMPEG, "-v", "error", "-y", *picture, *tone, *video, *audio, str(path)],
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    return path


async def push(film: Path, url: str, key: str, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(FFMPEG, "-v", "error", *options, "-re", "-i", str(film), "-c", "copy", "-f", "flv", f"{url}/{key}"),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def until(condition, seconds: float = 15.0):  # type: ignore[no-untyped-def]
    """The condition's value, as soon as it is true."""
    async with asyncio.timeout(seconds):
        while True:
            if value := condition():
                return value
            await asyncio.sleep(0.05)


def segments(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


async def words_of(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(FFMPEG, "-hide_banner", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return out.decode(errors="replace")


async def brightness(path: Path) -> list[float]:
    """The mean luma of each decoded frame; empty if nothing can be decoded."""
    out = await words_of(
        "-v", "error", "-i", str(path), "-vf", "signalstats,metadata=print:file=-", "-f", "null", "-"
    )
    return [float(value) for value in re.findall(r"YAVG=([\d.]+)", out)]


async def loudness(path: Path) -> float:
    out = await words_of("-i", str(path), "-af", "volumedetect", "-vn", "-f", "null", "-")
    found = re.search(r"mean_volume: (-?[\d.]+) dB", out)
    assert found, out
    return float(found[1])


async def seconds_of(path: Path, stream: str) -> float:
    """How long the picture or the sound of a file is, by its packets."""
    out = await words_of(
        "-v", "info", "-i", str(path), "-map", f"0:{stream}:0", "-c", "copy", "-f", "null", "-"
    )
    found = re.findall(r"time=(\d+):(\d+):([\d.]+)", out)
    assert found, out
    hours, minutes, seconds = found[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


class VideoEngineContract:
    """Subclass me."""

    @pytest.fixture
    def show(self, house: House) -> ShowId:
        show = ShowId(uuid4())
        house.shows[KEY] = show
        return show

    def playlist(self, engine: VideoEngine, show: ShowId) -> str:
        path = engine.file(engine.playback_path(show))
        return path.read_text() if path else ""

    def in_one_file(self, engine: VideoEngine, show: ShowId, into: Path, count: int) -> Path:
        """The playlist's last segments behind their init, as a player puts them together."""
        text, folder = self.playlist(engine, show), engine.playback_path(show).rpartition("/")[0]
        init = re.findall(r'MAP:URI="([^"]+)"', text)[-1]
        names = [init, *segments(text)[-count:]]
        octets = b""
        for name in names:
            path = engine.file(f"{folder}/{name}")
            assert path is not None, name
            octets += path.read_bytes()
        into.write_bytes(octets)
        return into

    async def test_a_pushed_stream_can_be_watched_and_is_kept(
        self, engine: VideoEngine, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 8)
        ingest = engine.ingest_address(KEY)

        encoder = await push(film, ingest.rtmp_url, ingest.key)
        await until(lambda: len(segments(self.playlist(engine, show))) >= 3)
        health = await until(lambda: (told := engine.health(show)) and told.kilobits_per_second and told)
        seen = await engine.thumbnail(show)
        piece = self.in_one_file(engine, show, tmp_path / "piece.mp4", 2)
        assert await encoder.wait() == 0
        await until(lambda: house.told == ["published rtmp", "unpublished"])
        recording = await engine.finish_recording(show)

        assert health is not None
        assert health.live
        assert health.source == "rtmp"
        assert (health.video_codec, health.width, health.height) == ("h264", 360, 640)
        assert health.frames_per_second == pytest.approx(30, abs=0.5)
        assert health.keyframe_seconds == pytest.approx(1, abs=0.05)
        assert health.has_audio
        assert health.problem is None
        assert health.kilobits_per_second
        assert seen is not None
        assert seen[:3] == b"\xff\xd8\xff"
        frames = await brightness(piece)
        assert len(frames) == 60
        assert min(frames) > 40
        assert await loudness(piece) > -40
        assert recording is not None
        assert recording.seconds == pytest.approx(8, rel=0.03)
        assert house.recordings == [(recording.path, recording.seconds)]
        replay = engine.file(recording.path)
        assert replay is not None
        assert await seconds_of(replay, "v") == pytest.approx(8, rel=0.03)
        assert await seconds_of(replay, "a") == pytest.approx(8, rel=0.03)
        assert replay.read_bytes().index(b"moov") < replay.read_bytes().index(b"mdat")
        assert "#EXT-X-ENDLIST" in self.playlist(engine, show)

    async def test_a_wrong_key_is_refused_at_once_and_leaves_nothing(
        self, engine: VideoEngine, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 2)

        encoder = await push(film, engine.ingest_address(KEY).rtmp_url, "sk-another")
        async with asyncio.timeout(3):
            code = await encoder.wait()

        assert code != 0
        assert house.told == []
        assert engine.health(show) is None
        assert self.playlist(engine, show) == ""
        assert await engine.finish_recording(show) is None

    async def test_hevc_is_refused_and_the_health_says_so(
        self, engine: VideoEngine, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        # its own threads would wait for each other, on a busy machine for a minute
        alone = "log-level=0:pools=none:frame-threads=1"
        hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", alone)
        film = make_film(tmp_path / "film.mp4", 3, *hevc)

        encoder = await push(film, engine.ingest_address(KEY).rtmp_url, KEY)
        async with asyncio.timeout(6):
            await encoder.wait()
        # from afar it comes in steps, and the first ones tell of a stream that is about to be refused
        health = await until(lambda: (told := engine.health(show)) and told.problem and told)

        assert not health.live
        assert health.problem == "hevc"
        assert house.told == []

    async def test_a_stream_that_comes_back_goes_on(
        self, engine: VideoEngine, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 5)
        url = engine.ingest_address(KEY).rtmp_url

        first = await push(film, url, KEY)
        await until(lambda: len(segments(self.playlist(engine, show))) >= 3)
        first.kill()
        await first.wait()
        await until(lambda: house.told == ["published rtmp", "unpublished"])
        before = segments(self.playlist(engine, show))
        second = await push(film, url, KEY)
        await until(lambda: len(segments(self.playlist(engine, show))) >= len(before) + 2)
        text = self.playlist(engine, show)
        assert await second.wait() == 0
        recording = await engine.finish_recording(show)

        assert text.count("#EXT-X-DISCONTINUITY\n") == 1
        assert text.count("#EXT-X-MAP") == 2
        assert segments(text)[: len(before)] == before
        assert house.told[:3] == ["published rtmp", "unpublished", "published rtmp"]
        assert recording is not None
        assert len(recording.parts) == 2
        assert recording.seconds == pytest.approx(sum(part.seconds for part in recording.parts), abs=0.2)
        assert 7.5 < recording.seconds < 10.3
        replay = engine.file(recording.path)
        assert replay is not None
        assert min(await brightness(replay)) > 40
        assert recording.offset(recording.parts[1].began_at) == pytest.approx(recording.parts[0].seconds)

    async def test_the_newer_of_two_publishers_takes_over(
        self, engine: VideoEngine, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 12)
        url = engine.ingest_address(KEY).rtmp_url

        first = await push(film, url, KEY)
        await until(lambda: segments(self.playlist(engine, show)))
        second = await push(film, url, KEY)
        async with asyncio.timeout(8):
            assert await first.wait() != 0
        await until(lambda: "#EXT-X-DISCONTINUITY\n" in self.playlist(engine, show))

        assert second.returncode is None
        assert house.told == ["published rtmp"]
        second.kill()
        await second.wait()

    async def test_a_kicked_stream_is_cut(
        self, engine: VideoEngine, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 12)

        encoder = await push(film, engine.ingest_address(KEY).rtmp_url, KEY)
        await until(lambda: segments(self.playlist(engine, show)))
        await engine.kick(show)
        async with asyncio.timeout(5):
            assert await encoder.wait() != 0

        await until(lambda: house.told == ["published rtmp", "unpublished"])
        await until(lambda: engine.health(show) is None)  # one that is far away tells it a moment later
