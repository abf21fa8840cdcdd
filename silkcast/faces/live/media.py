# SPDX-License-Identifier: Apache-2.0
"""Media: playlists, segments and replays as files, round the framework; parts of a file where asked for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Generator
from pathlib import Path

from litestar.types import HTTPScope, Receive, Send

from silkcast.stage.rooms.port import VideoEngine

PIECE = 256 * 1024
TYPES = {
    ".m3u8": b"application/vnd.apple.mpegurl",
    ".m4s": b"video/iso.segment",
    ".mp4": b"video/mp4",
    ".jpg": b"image/jpeg",
}
_RANGE = re.compile(rb"^bytes=(\d{0,18})-(\d{0,18})$")


class Media:
    def __init__(self, video: VideoEngine) -> None:
        self._video = video

    async def __call__(self, path: str, scope: HTTPScope, receive: Receive, send: Send) -> None:
        file = self._video.file(path)
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 404, [])
            return
        try:
            size = (await asyncio.to_thread(file.stat)).st_size
        except OSError:
            await _answer(send, 404, [])
            return
        headers = dict(scope["headers"])
        asked = _asked(headers.get(b"range"), size)
        if asked is None:
            await _answer(send, 416, [(b"content-range", b"bytes */%d" % size)])
            return
        first, last = asked
        is_part = b"range" in headers
        answer = [
            (b"content-type", TYPES.get(file.suffix, b"application/octet-stream")),
            (b"content-length", b"%d" % (last - first + 1)),
            (b"accept-ranges", b"bytes"),
            (b"cache-control", b"no-cache" if file.suffix == ".m3u8" else b"public, max-age=3600"),
        ]
        if is_part:
            answer.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
        await send({"type": "http.response.start", "status": 206 if is_part else 200, "headers": answer})
        if scope["method"] == "GET":
            await _pour(file, first, last, receive, send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _pour(file: Path, first: int, last: int, receive: Receive, send: Send) -> None:
    """Piece by piece, and no further once the browser has hung up: players seek, and leave the rest."""
    gone = asyncio.ensure_future(_until_gone(receive))
    pieces = _pieces(file, first, last)
    try:
        while not gone.done() and (piece := await asyncio.to_thread(next, pieces, b"")):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    finally:
        gone.cancel()
        pieces.close()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _asked(asked: bytes | None, size: int) -> tuple[int, int] | None:
    """First and last octet asked for, all of them without a range; None for what cannot be had."""
    if asked is None:
        return 0, size - 1
    match = _RANGE.match(asked)
    if match is None or match.groups() == (b"", b""):
        return None
    start, end = match.groups()
    if not start:
        return max(0, size - int(end)), size - 1
    first, last = int(start), min(int(end), size - 1) if end else size - 1
    return (first, last) if first <= last else None


def _pieces(file: Path, first: int, last: int) -> Generator[bytes, None, None]:
    with file.open("rb") as stream:
        stream.seek(first)
        left = last - first + 1
        while left > 0 and (piece := stream.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    headers = [*headers, (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
