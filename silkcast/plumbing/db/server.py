# SPDX-License-Identifier: Apache-2.0
"""What a server says of itself, for the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from silkcast.plumbing.db.database import Database
from silkcast.plumbing.db.history import standing

_NAMES = (
    "server_version",
    "server_version_num",
    "server_encoding",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "data_checksums",
    "max_connections",
)
_LOCALE = "SELECT datcollate FROM pg_database WHERE datname = current_database()"


@dataclass(frozen=True, slots=True)
class Server:
    """Its settings, how it sorts, how far its clock is before ours, and the shape of our database."""

    settings: Mapping[str, str]
    locale: str
    ahead: timedelta
    migration: str | None


async def server(database: Database) -> Server:
    """Ask it. The clocks differ by no less than what is told: half the way there and back is taken off."""
    async with database.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"), {"names": list(_NAMES)}
        )
        settings = {str(name): str(setting) for name, setting in rows}
        locale = str(await connection.scalar(text(_LOCALE)))
        before = database.clock.now()
        theirs = await connection.scalar(text("SELECT clock_timestamp()"))
        after = database.clock.now()
        assert theirs is not None
        return Server(settings, locale, theirs - (before + (after - before) / 2), await standing(connection))
