# SPDX-License-Identifier: Apache-2.0
"""The files themselves. A name says what kind a file is by its ending; nothing else is kept beside it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import obstore
from obstore.store import LocalStore, S3Store

from silkcast.ground.refusals import Invalid, NotFound
from silkcast.plumbing.settings import Secret

MEDIA_TYPES = {
    ".avif": "image/avif",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
_PART = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_MOST_OCTETS = 255


@dataclass(eq=False)
class BadName(Invalid):
    """Names are lower-case letters, digits, `-`, `_`, `.` between them, and `/` between parts."""

    code: ClassVar[str] = "files.bad_name"


@dataclass(eq=False)
class NoSuchFile(NotFound):
    """There is no file of this name."""

    code: ClassVar[str] = "files.no_such_file"


@dataclass(frozen=True, slots=True)
class FilesSettings:
    """Where files lie: a folder, or a bucket of any S3 when `bucket` is set."""

    folder: Path = Path("var/files")
    base_url: str = "/files"
    """Where the site serves the folder; a bucket's files are signed for instead."""
    bucket: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: Secret = Secret()
    secret_key: Secret = Secret()
    link_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file without reading it."""

    name: str
    size: int
    media_type: str
    changed_at: datetime
    etag: str


def safe_name(name: str) -> str:
    """The name itself, if it is one that no folder, bucket or browser can misread."""
    parts = name.split("/")
    if len(name) > _MOST_OCTETS or not all(_PART.fullmatch(part) and ".." not in part for part in parts):
        raise BadName
    return name


def media_type_of(name: str) -> str:
    """By the name's ending; what has none we know is a row of octets and nothing more."""
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")


class Files:
    """One place for files. Reading and writing go by whole files or by pieces; writing is all or nothing."""

    def __init__(self, settings: FilesSettings) -> None:
        self._settings = settings
        self._is_local = not settings.bucket
        self._store: Any = self._local() if self._is_local else self._bucket()

    async def put(self, name: str, content: bytes, media_type: str | None = None) -> None:
        """Write a file, over the one of that name if there is one."""
        options: dict[str, Any] = {}
        if not self._is_local:
            options["attributes"] = {"Content-Type": media_type or media_type_of(name)}
        await obstore.put_async(self._store, safe_name(name), content, **options)

    async def get(self, name: str) -> bytes:
        """The whole file."""
        try:
            answer = await obstore.get_async(self._store, safe_name(name))
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            raise NoSuchFile from None

    async def get_range(self, name: str, start: int, end: int) -> bytes:
        """Octets from `start` up to, not including, `end`."""
        try:
            return bytes(await obstore.get_range_async(self._store, safe_name(name), start=start, end=end))
        except FileNotFoundError:
            raise NoSuchFile from None

    async def stream(self, name: str, *, piece: int = 256 * 1024) -> AsyncIterator[bytes]:
        """The file in pieces of at least `piece` octets, but for the last."""
        try:
            answer = await obstore.get_async(self._store, safe_name(name))
        except FileNotFoundError:
            raise NoSuchFile from None
        async for part in answer.stream(min_chunk_size=piece):
            yield bytes(part)

    async def about(self, name: str) -> FileFacts:
        """Size, kind and age, without the content."""
        try:
            found = await obstore.head_async(self._store, safe_name(name))
        except FileNotFoundError:
            raise NoSuchFile from None
        return FileFacts(
            name,
            found["size"],
            media_type_of(name),
            found["last_modified"],
            (found["e_tag"] or "").strip('"'),
        )

    async def delete(self, name: str) -> None:
        """Remove a file; nothing happens if it is gone already."""
        try:
            await obstore.delete_async(self._store, safe_name(name))
        except FileNotFoundError:
            return

    async def names(self, under: str) -> list[str]:
        """All names that begin with the part `under`, in order."""
        found: list[str] = []
        async for batch in obstore.list(self._store, prefix=safe_name(under)):
            found += [entry["path"] for entry in batch]
        return sorted(found)

    async def url(self, name: str) -> str:
        """Where a browser gets it: our own site for a folder, a link signed for a while for a bucket."""
        if self._is_local:
            return f"{self._settings.base_url.rstrip('/')}/{quote(safe_name(name))}"
        life = timedelta(seconds=self._settings.link_seconds)
        return str(await obstore.sign_async(self._store, "GET", safe_name(name), life))

    def path(self, name: str) -> Path | None:
        """The file on this disk, for programs that want a path; None when it lies in a bucket."""
        return self._settings.folder.resolve() / safe_name(name) if self._is_local else None

    def _local(self) -> LocalStore:
        self._settings.folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(self._settings.folder.resolve())

    def _bucket(self) -> S3Store:
        known = self._settings
        options: dict[str, Any] = {"region": known.region}
        if known.endpoint:
            options["endpoint"] = known.endpoint
            options["virtual_hosted_style_request"] = False
        if known.access_key:
            options["access_key_id"] = known.access_key.reveal()
            options["secret_access_key"] = known.secret_key.reveal()
        plain = known.endpoint.startswith("http://")
        return S3Store(known.bucket, client_options={"allow_http": plain, "timeout": "30s"}, **options)
