# SPDX-License-Identifier: Apache-2.0
"""Archive: the one file. Written whole or not at all; read only in the order it was written."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from silkcast.plumbing.backup.sealing import MAGIC, SealingReader, SealingWriter
from silkcast.plumbing.faults import Fault

FORMAT = 1
MANIFEST, KEYS, DATABASE, FOLDERS = "manifest.json", "vault.keys", "database.dump", "folders"


class NoBackup(Fault):
    """The file is not one that this Silkcast can read, and why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made the file, and what it holds."""

    format: int
    silkcast: str
    made_at: datetime
    migration: str
    postgres: str
    folders: tuple[str, ...]


def write(
    file: Path,
    manifest: Manifest,
    keys: Path,
    dumped: Path,
    folders: Mapping[str, Path],
    passphrase: str = "",
) -> None:
    """Beside its place, private, and put there by one rename."""
    partial = file.with_name(f"{file.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            sealed = SealingWriter(out, passphrase) if passphrase else None
            target: Any = sealed or out
            with tarfile.open(fileobj=target, mode="w|") as tar:
                _fill(tar, manifest, keys, dumped, folders)
            if sealed is not None:
                sealed.close()
            out.flush()
            os.fsync(out.fileno())
        os.link(partial, file)  # fails where a file is: a backup never replaces another
    finally:
        partial.unlink(missing_ok=True)


def _fill(
    tar: tarfile.TarFile, manifest: Manifest, keys: Path, dumped: Path, folders: Mapping[str, Path]
) -> None:
    about = tarfile.TarInfo(MANIFEST)
    content = msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"
    about.size, about.mtime, about.mode = len(content), int(manifest.made_at.timestamp()), 0o600
    tar.addfile(about, io.BytesIO(content))
    tar.add(keys, KEYS)
    tar.add(dumped, DATABASE)
    for name, folder in folders.items():
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    _add(tar, path, f"{FOLDERS}/{name}/{path.relative_to(folder)}")


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """A file that is there: one that is swept away meanwhile is left out, one that grows is cut."""
    try:
        with path.open("rb") as source:
            about = tar.gettarinfo(arcname=name, fileobj=source)
            tar.addfile(about, _Padded(source, about.size))
    except FileNotFoundError:
        return


class _Padded(io.RawIOBase):
    """Exactly `size` octets, though the file was cut short meanwhile."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._left = source, size

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        found = self._source.read(wanted)
        self._left -= wanted
        return found + bytes(wanted - len(found))


@contextmanager
def reading(file: Path, passphrase: str = "") -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """The manifest, and the rest to be unpacked by `unpack`."""
    with file.open("rb") as source:
        target: Any = source
        if source.read(len(MAGIC)) == MAGIC:
            if not passphrase:
                raise NoBackup(f"{file} is sealed: give --passphrase-file")
            target = SealingReader(source, passphrase)
        else:
            source.seek(0)
        try:
            with tarfile.open(fileobj=target, mode="r|") as tar:
                yield _manifest(tar, file), tar
        except (tarfile.TarError, EOFError) as fault:
            raise NoBackup(f"{file} is not a whole backup: {fault}") from None


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise NoBackup(f"{file} is not a backup of Silkcast")
    try:
        manifest = msgspec.json.decode(content.read(), type=Manifest)
    except msgspec.ValidationError:
        raise NoBackup(f"{file} is not a backup that this Silkcast can read") from None
    if manifest.format != FORMAT:
        raise NoBackup(f"{file} has format {manifest.format}; this Silkcast reads {FORMAT}")
    return manifest


def unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """All that follows the manifest. Nothing may leave the folder, and only files and folders are made."""
    for entry in tar:
        if entry.name == MANIFEST:  # read already
            continue
        top = entry.name.split("/")[0]
        if top not in (KEYS, DATABASE, FOLDERS) or not entry.isfile():
            raise NoBackup(f"the backup holds {entry.name}, which no backup does")
        tar.extract(entry, folder, filter="data")
