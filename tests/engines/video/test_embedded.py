# SPDX-License-Identifier: Apache-2.0
"""The built-in engine keeps the contract, and bears what strangers and bad luck do to it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from silkcast.engines.video.embedded import EmbeddedVideo, EmbeddedVideoSettings
from silkcast.ground.ids import ShowId
from silkcast.stage.rooms.port import MediaRefused, StreamCut

from .contract import (
    KEY,
    House,
    VideoEngineContract,
    brightness,
    loudness,
    make_film,
    push,
    segments,
    until,
)

pytestmark = pytest.mark.video

SERVER = """
import asyncio, sys, uuid
from pathlib import Path
from silkcast.engines.video.embedded import EmbeddedVideo, EmbeddedVideoSettings

class House:
    async def authorize(self, key, address):
        return uuid.UUID(sys.argv[3]) if key == sys.argv[2] else None
    async def published(self, show, how): ...
    async def unpublished(self, show): ...
    async def recorded(self, show, file, seconds): ...

async def main():
    engine = EmbeddedVideo(EmbeddedVideoSettings(Path(sys.argv[1]), "127.0.0.1", 0, "127.0.0.1"))
    await engine.start(House())
    print(engine.ingest_address("").rtmp_url, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def house() -> House:
    return House()


def settings(folder: Path) -> EmbeddedVideoSettings:
    return EmbeddedVideoSettings(
        folder=folder / "media",
        rtmp_host="127.0.0.1",
        rtmp_port=0,
        public_host="127.0.0.1",
        silence_seconds=3,
        handshake_seconds=1,
    )


@pytest.fixture
async def engine(tmp_path: Path, house: House) -> AsyncIterator[EmbeddedVideo]:
    engine = EmbeddedVideo(settings(tmp_path))
    await engine.start(house)
    yield engine
    await engine.stop()


async def connect(engine: EmbeddedVideo) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = int(engine.ingest_address("").rtmp_url.split(":")[2].split("/")[0])
    return await asyncio.open_connection("127.0.0.1", port)


class TestEmbedded(VideoEngineContract):
    async def test_garbage_is_hung_up_on_without_a_trace(
        self, engine: EmbeddedVideo, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        for octets in (b"GET / HTTP/1.1\r\n\r\n" * 100, b"\x03" + os.urandom(6000), b"\x03" + b"\xff" * 9000):
            reader, writer = await connect(engine)
            writer.write(octets)
            async with asyncio.timeout(4):
                while await self.read(reader):
                    pass
            writer.close()

        assert not [record for record in caplog.records if record.exc_info]
        assert house.told == []

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.read(65536)
        except ConnectionError:
            return b""

    async def test_a_silent_connection_is_hung_up_on(self, engine: EmbeddedVideo) -> None:
        reader, writer = await connect(engine)

        async with asyncio.timeout(3):
            assert await reader.read() == b""
        writer.close()

    async def test_one_address_cannot_take_all_places(self, engine: EmbeddedVideo) -> None:
        calls = [await connect(engine) for _ in range(11)]

        async with asyncio.timeout(0.8):
            assert await self.read(calls[-1][0]) == b""
        for _, writer in calls:
            writer.close()

    async def test_importing_the_engine_leaves_the_logs_as_they_were(self) -> None:
        assert logging.getLogger().level != logging.DEBUG
        assert not logging.getLogger("pyrtmp.session_manager").isEnabledFor(logging.WARNING)

    async def test_a_killed_packager_is_started_again(
        self, engine: EmbeddedVideo, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 10)

        encoder = await push(film, engine.ingest_address(KEY).rtmp_url, KEY)
        await until(lambda: len(segments(self.playlist(engine, show))) >= 3)
        packager = engine._streams[show].packager
        assert packager is not None
        assert packager.pid is not None
        os.kill(packager.pid, signal.SIGKILL)
        await until(lambda: "#EXT-X-DISCONTINUITY\n" in self.playlist(engine, show))
        assert await encoder.wait() == 0
        recording = await engine.finish_recording(show)

        assert house.told[0] == "published rtmp"
        assert recording is not None
        assert len(recording.parts) == 2
        assert recording.seconds > 6.5
        replay = engine.file(recording.path)
        assert replay is not None
        assert min(await brightness(replay)) > 40

    async def test_stopping_in_the_middle_keeps_what_came(
        self,
        engine: EmbeddedVideo,
        house: House,
        show: ShowId,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        film = make_film(tmp_path / "film.flv", 10)
        encoder = await push(film, engine.ingest_address(KEY).rtmp_url, KEY)
        _, silent = await connect(engine)
        await until(lambda: len(segments(self.playlist(engine, show))) >= 3)

        async with asyncio.timeout(6):
            await engine.stop()
        await encoder.wait()
        silent.close()
        recording = await engine.finish_recording(show)

        assert house.told == ["published rtmp", "unpublished"]
        assert recording is not None
        assert recording.seconds > 2.5
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    async def test_parts_of_another_size_are_joined_into_one_replay(
        self, engine: EmbeddedVideo, show: ShowId, tmp_path: Path
    ) -> None:
        tall = make_film(tmp_path / "tall.flv", 3)
        wide = make_film(tmp_path / "wide.flv", 3, sound=False, size="640x360")
        url = engine.ingest_address(KEY).rtmp_url

        for film in (tall, wide):
            assert await (await push(film, url, KEY)).wait() == 0
        recording = await engine.finish_recording(show)
        again = await engine.finish_recording(show)

        assert recording is not None
        assert recording.seconds == pytest.approx(6, rel=0.04)
        assert again == recording

    async def test_a_server_killed_in_the_middle_loses_no_part(
        self, engine: EmbeddedVideo, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        film = make_film(tmp_path / "film.flv", 8)
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SERVER, str(tmp_path / "media"), KEY, str(show)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert server.stdout is not None
        url = ""
        while not url.startswith("rtmp:"):
            url = (await server.stdout.readline()).decode().strip()
        encoder = await push(film, url, KEY)
        await until(lambda: len(segments(self.playlist(engine, show))) >= 4)
        server.kill()
        await server.wait()
        await encoder.wait()
        before = self.playlist(engine, show)

        film = make_film(tmp_path / "again.flv", 4)
        assert await (await push(film, engine.ingest_address(KEY).rtmp_url, KEY)).wait() == 0
        await until(lambda: "unpublished" in house.told)
        text = self.playlist(engine, show)
        recording = await engine.finish_recording(show)

        assert "MEDIA-SEQUENCE:0\n" in before
        assert f"MEDIA-SEQUENCE:{len(segments(before))}\n" in text
        assert recording is not None
        assert len(recording.parts) == 2
        assert recording.parts[0].seconds > 3
        assert recording.parts[1].seconds == pytest.approx(4, rel=0.03)
        assert recording.seconds == pytest.approx(sum(part.seconds for part in recording.parts), abs=0.2)

    async def test_a_camera_with_h264_is_copied(
        self, engine: EmbeddedVideo, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        options = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p")
        film = make_film(tmp_path / "camera.mkv", 5, *options, "-c:a", "libopus")

        await self.record(engine, show, film, "video/x-matroska;codecs=avc1,opus")
        await self.was_seen(engine, house, show, tmp_path, seconds=5)

    async def test_a_camera_with_vp8_is_encoded(
        self, engine: EmbeddedVideo, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        options = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-g", "30")
        film = make_film(tmp_path / "camera.webm", 5, *options, "-c:a", "libopus")

        await self.record(engine, show, film, "video/webm;codecs=vp8,opus")
        await self.was_seen(engine, house, show, tmp_path, seconds=5)

    async def record(self, engine: EmbeddedVideo, show: ShowId, film: Path, media_type: str) -> None:
        """What a MediaRecorder does: a chunk every 250 ms."""
        octets = film.read_bytes()  # noqa: ASYNC240
        step = len(octets) // 20 + 1
        camera = await engine.open_browser(show, media_type)
        for at in range(0, len(octets), step):
            await camera.write(octets[at : at + step])
            await asyncio.sleep(0.25)
        health = engine.health(show)
        await camera.close()
        assert health is not None
        assert health.live
        assert (health.source, health.width, health.height) == ("browser", 360, 640)
        assert health.has_audio

    async def was_seen(
        self, engine: EmbeddedVideo, house: House, show: ShowId, tmp_path: Path, *, seconds: float
    ) -> None:
        assert len(segments(self.playlist(engine, show))) >= 4
        piece = self.in_one_file(engine, show, tmp_path / "piece.mp4", 2)
        assert min(await brightness(piece)) > 40
        assert await loudness(piece) > -40
        recording = await engine.finish_recording(show)
        assert recording is not None
        assert recording.seconds == pytest.approx(seconds, rel=0.03)
        await until(lambda: house.told == ["published browser", "unpublished"])

    async def test_a_camera_taken_over_is_told_so(self, engine: EmbeddedVideo, show: ShowId) -> None:
        older = await engine.open_browser(show, "video/webm;codecs=vp8,opus")
        newer = await engine.open_browser(show, "video/webm;codecs=vp8,opus")

        with pytest.raises(StreamCut) as taken:
            await older.write(b"\x1a\x45\xdf\xa3")
        assert taken.value.is_taken_over, "or both would come back and cut each other for ever"
        await engine.kick(show)
        with pytest.raises(StreamCut) as kicked:
            await newer.write(b"\x1a\x45\xdf\xa3")
        assert not kicked.value.is_taken_over

    async def test_a_picture_that_came_while_the_house_was_away_is_told_later(
        self, engine: EmbeddedVideo, house: House, show: ShowId, tmp_path: Path
    ) -> None:
        house.is_away = 2
        encoder = await push(make_film(tmp_path / "film.mp4", 4), engine.ingest_address(KEY).rtmp_url, KEY)

        await encoder.wait()

        await until(lambda: house.told == ["published rtmp", "unpublished"])
        assert house.is_away == 0

    @pytest.mark.parametrize(
        "offered", ["video/mp4;codecs=hvc1,mp4a", "image/png", "", "video/webm;codecs=$(x)"]
    )
    async def test_a_camera_nobody_could_watch_is_refused(
        self, engine: EmbeddedVideo, show: ShowId, offered: str
    ) -> None:
        with pytest.raises(MediaRefused):
            await engine.open_browser(show, offered)

        assert engine.health(show) is None

    @pytest.mark.parametrize(
        "path",
        [
            "live/{show}/../../../secret",
            "parts/{show}/00000000000001-1.mp4",
            "live/{show}/live.m3u8.new",
            "live/{show}/live.m3u8\n",
            "/etc/passwd",
            "replay/{show}/replay.json",
            "",
        ],
    )
    async def test_nothing_but_the_show_is_handed_out(
        self, engine: EmbeddedVideo, tmp_path: Path, path: str
    ) -> None:
        show = uuid4()
        named = path.format(show=show)
        (tmp_path / "secret").write_text("secret")
        target = tmp_path / "media" / named.strip()
        if named and not named.startswith("/") and ".." not in named:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("x")

        assert engine.file(named) is None
