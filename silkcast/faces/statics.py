# SPDX-License-Identifier: Apache-2.0
"""Statics: styles, scripts, fonts and signs, round the framework. Packed once; browsers keep them for good
where the name carries a hash, and the few others for an hour."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from pathlib import Path

from litestar.types import HTTPScope, Receive, Send

TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".svg": b"image/svg+xml",
    ".woff2": b"font/woff2",
}
PACKED = (".css", ".js", ".json", ".svg")
"""What gets smaller; a font is packed already."""
FOR_GOOD = b"public, max-age=31536000, immutable"
FOR_AN_HOUR = b"public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is sent, plain and packed."""

    plain: bytes
    packed: bytes | None
    headers: tuple[tuple[bytes, bytes], ...]


class Statics:
    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._kept: dict[str, Kept] = {}

    async def __call__(self, path: str, scope: HTTPScope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        kept = await self._file(path) if method in ("GET", "HEAD") else None
        if kept is None:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        headers, body = list(kept.headers), kept.plain
        if kept.packed is not None and b"gzip" in accepted:
            headers, body = [*headers, (b"content-encoding", b"gzip")], kept.packed
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send(
            {"type": "http.response.body", "body": body if method == "GET" else b"", "more_body": False}
        )

    async def _file(self, path: str) -> Kept | None:
        if path not in self._kept:
            found = await asyncio.to_thread(self._read, path)
            if found is None:
                return None
            self._kept[path] = found
        return self._kept[path]

    def _read(self, path: str) -> Kept | None:
        """From the folder alone, whatever the path climbs over."""
        try:
            file = (self._folder / path).resolve()
            if not file.is_relative_to(self._folder) or file.suffix not in TYPES:
                return None
            plain = file.read_bytes()
        except (OSError, ValueError):
            return None
        is_built = file.parent.name == "built" and file.name != "manifest.json"
        headers = (
            (b"content-type", TYPES[file.suffix]),
            (b"cache-control", FOR_GOOD if is_built else FOR_AN_HOUR),
            (b"x-content-type-options", b"nosniff"),
            (b"vary", b"accept-encoding"),
        )
        return Kept(plain, gzip.compress(plain, 9) if file.suffix in PACKED else None, headers)
