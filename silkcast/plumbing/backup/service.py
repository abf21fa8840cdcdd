# SPDX-License-Identifier: Apache-2.0
"""The door: make a backup of a running or a resting house, and put one back into an empty house."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from silkcast import __version__
from silkcast.plumbing.backup import archive, dump
from silkcast.plumbing.backup.archive import DATABASE, FOLDERS, FORMAT, KEYS, Manifest
from silkcast.plumbing.db import Database
from silkcast.plumbing.db.history import migrations, standing
from silkcast.plumbing.faults import Fault
from silkcast.plumbing.postgres import Binaries

Open = Callable[[], AbstractAsyncContextManager[Database]]
Tell = Callable[[str], None]
FILLED = (
    "SELECT schemaname || '.' || tablename FROM pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LIMIT 1"
)


class NotEmpty(Fault):
    """There is something already where a backup is to be put back."""


class NothingToKeep(Fault):
    """The database was never migrated, so there is nothing to back up."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a house keeps what cannot be made again."""

    keys: Path
    folders: Mapping[str, Path]
    binaries: Binaries


async def make(database: Database, place: Place, file: Path, passphrase: str = "") -> Manifest:
    """The database first, then the folders: every file that a row names is there by then."""
    _refuse_taken(file)
    async with database.engine.connect() as connection:
        at = await standing(connection)
    if at is None:
        raise NothingToKeep("the database was never migrated: there is nothing to back up")
    version = await database.check_server()
    folders = {name: folder for name, folder in place.folders.items() if folder.is_dir()}
    manifest = Manifest(FORMAT, __version__, database.clock.now(), at, version, tuple(folders))
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as beside:
        dumped = Path(beside) / DATABASE
        dump.dump(database.url, place.binaries, dumped)
        archive.write(file, manifest, place.keys, dumped, folders, passphrase)
    return manifest


async def put_back(open_database: Open, place: Place, file: Path, passphrase: str = "") -> Manifest:
    """Refuses where anything is. The database comes back whole or not at all, then keys and folders."""
    _refuse_filled(place)
    place.keys.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.keys.parent, prefix=".restore.") as beside:
        unpacked = Path(beside)
        with archive.reading(file, passphrase) as (manifest, tar):
            if manifest.migration not in migrations():
                raise archive.NoBackup(
                    f"the backup was made by Silkcast {manifest.silkcast}, newer than this {__version__}"
                )
            archive.unpack(tar, unpacked)
        missing = [name for name in (KEYS, DATABASE) if not (unpacked / name).is_file()]
        if missing:
            raise archive.NoBackup(f"{file} holds no {missing[0]}")
        with _keys_in_place(unpacked / KEYS, place.keys):
            async with open_database() as database:
                async with database.engine.connect() as connection:
                    if filled := await connection.scalar(text(FILLED)):
                        raise NotEmpty(f"the database is not empty: there is a table {filled}")
                dump.load(database.url, place.binaries, unpacked / DATABASE)
        for name, folder in place.folders.items():
            _move(unpacked / FOLDERS / name, folder)
    return manifest


def _refuse_taken(file: Path) -> None:
    if file.exists():
        raise NotEmpty(f"{file} exists; a backup never replaces another")


def _refuse_filled(place: Place) -> None:
    if place.keys.exists():
        raise NotEmpty(f"{place.keys} exists: this installation has been used. Restore into an empty one")
    for folder in place.folders.values():
        if folder.is_dir() and any(folder.iterdir()):
            raise NotEmpty(f"{folder} is not empty. Restore into an empty installation")


@contextmanager
def _keys_in_place(source: Path, target: Path) -> Iterator[None]:
    """The keys before the database is opened, since opening makes some; away again if it comes to nothing."""
    shutil.copyfile(source, target)
    os.chmod(target, 0o600)
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _move(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    if target.is_dir():
        target.rmdir()  # empty, as was made sure before
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(str(source), str(target))
