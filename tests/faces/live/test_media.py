# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

from silkcast.faces.live.media import PIECE, Media
from silkcast.stage.rooms.port import VideoEngine


class OneFilm:
    def __init__(self, path: Path) -> None:
        self._path = path

    def file(self, path: str) -> Path:
        return self._path


async def asked(film: Path, gone_after: int = 10**6, **headers: str) -> list[dict[str, Any]]:
    """What is sent to a browser that hangs up after so many messages."""
    sent: list[dict[str, Any]] = []
    left = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if len(sent) >= gone_after:
            left.set()
            await asyncio.sleep(0)

    scope = {"method": "GET", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    media = Media(cast(VideoEngine, OneFilm(film)))
    await media("replays/x.mp4", cast(Any, scope), cast(Any, receive), cast(Any, send))
    return sent


async def test_a_browser_that_hung_up_is_not_read_to(tmp_path: Path) -> None:
    film = tmp_path / "x.mp4"
    film.write_bytes(bytes(PIECE * 20))

    whole = await asked(film)
    left = await asked(film, gone_after=3)

    assert sum(len(message.get("body", b"")) for message in whole) == PIECE * 20
    assert len(left) < 8


async def test_a_range_no_file_has_is_refused(tmp_path: Path) -> None:
    film = tmp_path / "x.mp4"
    film.write_bytes(b"film")

    assert (await asked(film, range=f"bytes={'9' * 5000}-"))[0]["status"] == 416
    assert (await asked(film, range="bytes=1-2"))[1]["body"] == b"il"
