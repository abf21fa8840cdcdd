# SPDX-License-Identifier: Apache-2.0
"""History: the one line of migrations, and where on it a database stands.

A migration is a file `0002_what_it_does.py` in silkcast/migrations/versions; the number is its name in the
history. Which one is the newest is read off the folder, so a start that finds nothing to do does not load
Alembic.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from silkcast.plumbing.db.queue import SCHEMA as QUEUE_SCHEMA
from silkcast.plumbing.faults import Fault

SCHEMA, TABLE = "house", "migration"
SCRIPTS = Path(str(resources.files("silkcast"))) / "migrations"
_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.py")
_LOCK = 0x51_1C_CA_57
"""One process at a time migrates; the others wait and then find nothing to do."""


class NewerDatabase(Fault):
    """The database has been migrated by a newer Silkcast than this one."""


class ForeignDatabase(Fault):
    """The database has tables of our names that no migration made."""


def migrations(folder: Path = SCRIPTS) -> list[str]:
    """Every migration's number, oldest first."""
    names = (_FILE.fullmatch(file.name) for file in (folder / "versions").iterdir())
    return sorted(name.group(1) for name in names if name)


async def standing(connection: AsyncConnection) -> str | None:
    """The last migration that this database has seen."""
    known = await connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{SCHEMA}.{TABLE}"})
    if known is None:
        return None
    found: str | None = await connection.scalar(text(f"SELECT version_num FROM {SCHEMA}.{TABLE}"))  # noqa: S608
    return found


async def upgrade(connection: AsyncConnection, metadata: MetaData, folder: Path = SCRIPTS) -> bool:
    """Bring the database to the newest shape, in the connection's transaction. False if it was there."""
    known = migrations(folder)
    now = await standing(connection)
    if now == known[-1]:
        return False
    await connection.execute(text("SET LOCAL lock_timeout = 0"))
    await connection.execute(text("SET LOCAL statement_timeout = 0"))
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    now = await standing(connection)
    if now == known[-1]:
        return False
    if now is not None and now not in known:
        raise NewerDatabase(
            f"the database has the shape of migration {now}, and this Silkcast knows only up to {known[-1]}: "
            "install the Silkcast that made it, or a newer one, or restore a backup made before the upgrade"
        )
    if now is None:
        await _refuse_foreign(connection, metadata)
    await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    from silkcast.plumbing.db.scripts import upgrade_to_head  # Alembic is not loaded where nothing is to do

    await connection.run_sync(upgrade_to_head, metadata, folder)
    return True


async def _refuse_foreign(connection: AsyncConnection, metadata: MetaData) -> None:
    ours = {(table.schema, table.name) for table in metadata.tables.values()}
    there = await connection.execute(text("SELECT schemaname, tablename FROM pg_tables"))
    taken = sorted(f"{schema}.{name}" for schema, name in there if (schema, name) in ours)
    if taken:
        raise ForeignDatabase(
            f"the database has a table {taken[0]} but no history ({SCHEMA}.{TABLE}): it was not made by "
            "`silkcast migrate`. Use an empty database"
        )


def is_compared(name: str | None, kind: str, parents: Any) -> bool:
    """Only what models describe: schemas of modules, and no tables of the queue or of the history."""
    if kind == "schema":
        return name not in (None, "public", SCHEMA)
    if kind == "table" and parents.get("schema_name") == QUEUE_SCHEMA:
        return name == "tick"
    return True
