# SPDX-License-Identifier: Apache-2.0
"""Account: whom PostgreSQL runs as. It refuses to be root, so a root start drops to another user."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from silkcast.plumbing.postgres.errors import PostgresFailed

_USUAL = ("silkcast", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user of this machine."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """May this user read `path` and enter every folder above it?"""
        path = path.resolve()
        return all(self._may(folder, stat.S_IXOTH) for folder in path.parents) and self._may(
            path, stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or os.access(path, os.X_OK) else 0)
        )

    def _may(self, path: Path, bits: int) -> bool:
        about = path.stat()
        if about.st_uid == self.uid:
            return about.st_mode & (bits << 6) == bits << 6
        if about.st_gid == self.gid:
            return about.st_mode & (bits << 3) == bits << 3
        return about.st_mode & bits == bits

    def as_child(self) -> dict[str, Any]:
        """Arguments that make `subprocess` start a child as this user, with none of our groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose_account(cluster: Path, name: str | None = None) -> Account | None:
    """None when we are not root. Else `name`, else the owner of the cluster there is, else a usual user."""
    if os.geteuid() != 0:
        return None
    if name is not None:
        return _by_name(name)
    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid)
    for usual in _USUAL:
        try:
            return _by_name(usual)
        except PostgresFailed:
            continue
    raise PostgresFailed("PostgreSQL does not run as root: name another user in postgres.run_as")


def _by_name(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise PostgresFailed(f"there is no user {name} to run PostgreSQL as") from None
    if entry.pw_uid == 0:
        raise PostgresFailed("PostgreSQL does not run as root: name another user in postgres.run_as")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
