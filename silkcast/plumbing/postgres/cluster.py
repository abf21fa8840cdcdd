# SPDX-License-Identifier: Apache-2.0
"""Cluster: makes the data folder once, whole or not at all, and knows which version wrote it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from silkcast.plumbing.postgres.account import Account
from silkcast.plumbing.postgres.binaries import Binaries
from silkcast.plumbing.postgres.errors import PostgresFailed, WrongVersion

ROLE = "silkcast"
DATABASE = "silkcast"
PORT = 5432
SHARED_DATA = Path("/var/lib/silkcast/data")
ELSEWHERE = "lies-elsewhere"
SOCKET_PATH_LIMIT = 107
"""Octets that Linux has room for in the path of a socket."""


def child_environment() -> dict[str, str]:
    """Ours without what would point PostgreSQL's programs at another server or another language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LD_"))}
    return {**kept, "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


def place_noted(folder: Path) -> Path:
    """Where an earlier start put the cluster, else the folder itself."""
    try:
        return Path((folder / ELSEWHERE).read_text().strip())
    except FileNotFoundError:
        return folder


def place(folder: Path, account: Account | None) -> Path:
    """Where the cluster lies: in `folder`, or, when root's own folders shut out the user that PostgreSQL
    runs as, under /var/lib with a note in `folder` that says so. Nobody's folders are opened up."""
    noted = place_noted(folder)
    if noted != folder or account is None or account.reaches(folder):
        return noted
    mark = hashlib.sha256(os.fsencode(str(folder))).hexdigest()[:16]
    chosen = SHARED_DATA / mark
    for made in (SHARED_DATA.parent, SHARED_DATA, chosen):
        if not made.exists():
            made.mkdir(parents=True)
            made.chmod(0o755)
    if not account.reaches(chosen):
        raise PostgresFailed(f"the user {account.name}, whom PostgreSQL runs as, cannot enter {chosen}")
    (folder / ELSEWHERE).write_text(f"{chosen}\n")
    return chosen


def make_cluster(cluster: Path, binaries: Binaries, account: Account | None) -> None:
    """initdb beside the final place, then one rename: a start that is cut short leaves no half cluster."""
    partial = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    if account is not None:
        os.chown(partial, account.uid, account.gid)
    _run(
        [
            binaries.program("initdb"),
            f"--pgdata={partial}",
            f"--username={ROLE}",
            "--auth=trust",  # the only way in is a socket in a folder that only its owner enters
            "--encoding=UTF8",
            *_locale(binaries.major),
            "--data-checksums",
            "--no-instructions",
        ],
        account,
        partial,
    )
    _run(
        [binaries.program("postgres"), "--single", "-D", str(partial), "postgres"],
        account,
        partial,
        said=f"CREATE DATABASE {DATABASE};\n",
    )
    partial.rename(cluster)
    folder = os.open(cluster.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _locale(major: int) -> list[str]:
    """Sorting by code point, alike on every machine and after every upgrade of its libraries."""
    if major < 17:  # no locale provider of PostgreSQL's own yet
        return ["--locale=C.UTF-8"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def check_version(cluster: Path, binaries: Binaries) -> None:
    """Refuse data that another major version wrote, and say the way over."""
    written_by = int((cluster / "PG_VERSION").read_text().split(".")[0])
    if written_by == binaries.major:
        return
    raise WrongVersion(
        f"the data in {cluster} was written by PostgreSQL {written_by}; "
        f"the programs in {binaries.folder} are {binaries.major}. "
        f"The way over: set postgres.binaries to a folder with the programs of PostgreSQL {written_by}, "
        f"run `silkcast backup`, move {cluster} aside, take the setting away, run `silkcast restore`."
    )


def socket_folder(cluster: Path, account: Account | None) -> Path:
    """The cluster itself, which only its owner enters; a private folder elsewhere if the path is too long."""
    if len(os.fsencode(str(cluster / f".s.PGSQL.{PORT}"))) <= SOCKET_PATH_LIMIT:
        return cluster
    owner = account.uid if account is not None else os.geteuid()
    mark = hashlib.sha256(os.fsencode(str(cluster))).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"silkcast-{mark}"
    try:
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        about = folder.lstat()
        if folder.is_symlink() or about.st_uid != owner or about.st_mode & 0o077:
            raise PostgresFailed(f"{folder} is not ours alone; remove it") from None
    return folder


def _run(command: list[str], account: Account | None, cwd: Path, said: str | None = None) -> None:
    answer = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, by their full path
        command,
        input=said,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=child_environment(),
        **(account.as_child() if account is not None else {}),
    )
    if answer.returncode != 0:
        raise PostgresFailed(f"{Path(command[0]).name} failed: {(answer.stderr or answer.stdout).strip()}")
