# SPDX-License-Identifier: Apache-2.0
"""Traces: what running and dead servers leave in a cluster and in the process table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PidFile:
    """What `postmaster.pid` says: who serves this cluster, and whether it is ready yet."""

    pid: int
    status: str

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"


def read_pid_file(cluster: Path) -> PidFile | None:
    """None when there is no such file, or it is not written to its end yet."""
    try:
        lines = (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    return PidFile(pid, lines[7].strip() if len(lines) > 7 else "")


def is_alive(pid: int) -> bool:
    """Is there such a process, and is it more than a zombie that nobody has collected?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except FileNotFoundError:
        # no such process, or a system without /proc, where the signal was the answer
        return not Path("/proc/self").exists()
    except OSError:
        return True
    return after_name.split()[0] not in "ZX"


def serves(pid: int, cluster: Path) -> bool:
    """Is this live process one of PostgreSQL's that works in this cluster? (They all change into it.)"""
    if not is_alive(pid):
        return False
    link = Path(f"/proc/{pid}/cwd")
    if not Path("/proc/self/cwd").exists():
        return True  # no way to tell: believe the file
    try:
        return link.readlink() == cluster.resolve()
    except OSError:
        return False


def processes_in(cluster: Path) -> list[int]:
    """Every live process whose working folder is this cluster: its postmaster and its backends."""
    try:
        numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except OSError:
        return []
    return [pid for pid in numbers if serves(pid, cluster)]


def doing(pid: int) -> str:
    """What the process calls itself, for the log: PostgreSQL's processes say what they are at."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
