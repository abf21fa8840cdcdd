# SPDX-License-Identifier: Apache-2.0
"""Dump: the database to a file and back, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL

from silkcast.plumbing.faults import Fault
from silkcast.plumbing.postgres import Binaries


class DumpFailed(Fault):
    """pg_dump or pg_restore gave up, and what it said."""


def dump(url: URL, binaries: Binaries, file: Path) -> None:
    """The whole database, as of one moment, in PostgreSQL's custom format."""
    _run(
        binaries.program("pg_dump"), url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}"
    )


def load(url: URL, binaries: Binaries, file: Path) -> None:
    """All of it, or nothing."""
    _run(
        binaries.program("pg_restore"),
        url,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={url.database}",
        str(file),
    )


def _run(program: str, url: URL, *arguments: str) -> None:
    """Where to connect goes by the environment: a command line is there for everybody to read."""
    said = dict(url.query)
    wanted = {
        "PGHOST": url.host or said.get("host"),
        "PGPORT": url.port or said.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": said.get("ssl"),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    given = {name: str(value) for name, value in wanted.items() if value}
    answer = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, by their full path
        [program, *arguments],
        env={**kept, **given, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise DumpFailed(f"{Path(program).name} failed: {answer.stderr.strip()}")
