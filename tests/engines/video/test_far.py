# SPDX-License-Identifier: Apache-2.0
"""The engine seen from another process keeps the contract too: what is asked of it goes over the bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from silkcast.engines.video import far
from silkcast.engines.video.embedded import EmbeddedVideo, EmbeddedVideoSettings
from silkcast.engines.video.far import Far, Kept
from silkcast.ground.ids import ShowId, new_uuid
from silkcast.plumbing.wire.nats import joined
from silkcast.plumbing.wire.server import NatsServer
from silkcast.stage.rooms.port import MediaRefused, StreamCut

from .contract import House, VideoEngineContract, make_film, until

pytestmark = pytest.mark.video


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def kept(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Far, Kept]]:
    monkeypatch.setattr(far, "TELL_SECONDS", 0.05)
    server = NatsServer(tmp_path / "wire")
    server.start()
    here, there = await joined(server.url), await joined(server.url)
    settings = EmbeddedVideoSettings(
        folder=tmp_path / "media",
        rtmp_host="127.0.0.1",
        rtmp_port=0,
        public_host="127.0.0.1",
        silence_seconds=3,
        handshake_seconds=1,
    )
    running = EmbeddedVideo(settings)
    keeper = Kept(running, here)
    await keeper.start(house)
    # the port was chosen by chance: only the one that runs can say where to send
    seen = Far(running, there)
    await seen.start(house)
    yield seen, keeper
    await seen.stop()
    await keeper.stop()
    await here.close()
    await there.close()
    server.stop()


@pytest.fixture
async def engine(kept: tuple[Far, Kept]) -> Far:
    return kept[0]


class TestFar(VideoEngineContract):
    """Everything, through the bus."""


async def test_a_camera_whose_keeper_is_gone_begins_again(kept: tuple[Far, Kept], tmp_path: Path) -> None:
    seen, keeper = kept
    show = ShowId(new_uuid())
    # ffmpeg goes on reading a real film, and encodes it: nothing but the keeper's end cuts the stream
    vp8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "8M", "-g", "30")
    octets = make_film(tmp_path / "camera.webm", 5, *vp8, "-c:a", "libopus").read_bytes()
    much = len(octets) // 2
    assert much > far.PIECE, "longer than a message may be: in pieces"

    ingest = await seen.open_browser(show, "video/webm;codecs=vp8,opus")
    await ingest.write(b"")
    await ingest.write(octets[:much])
    await until(lambda: (health := seen.health(show)) and health.live)
    await ingest.write(octets[much:-1000])
    for end in keeper._ends:
        await end()
    await asyncio.sleep(0.1)  # so that the server knows too; else the same answers come late
    with pytest.raises(StreamCut):
        await ingest.write(octets[-1000:])
    with pytest.raises(StreamCut):
        await seen.open_browser(show, "video/webm;codecs=vp8,opus")
    assert await seen.thumbnail(show) is None
    await ingest.close()


async def test_a_camera_nobody_can_play_is_refused_by_its_name(kept: tuple[Far, Kept]) -> None:
    with pytest.raises(MediaRefused) as refused:
        await kept[0].open_browser(ShowId(new_uuid()), "video/quicktime")
    assert refused.value.media_type == "video/quicktime"
