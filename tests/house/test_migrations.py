# SPDX-License-Identifier: Apache-2.0
"""The history of the database is one line, and its end is what the models describe."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, NullPool, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from silkcast.main import metadata
from silkcast.plumbing.db.database import engine_url
from silkcast.plumbing.db.history import (
    SCRIPTS,
    ForeignDatabase,
    NewerDatabase,
    migrations,
    standing,
    upgrade,
)
from silkcast.plumbing.db.writing import write_next
from silkcast.plumbing.postgres import Postgres
from tests.conftest import run_sql

SHAPE = {
    "columns": """SELECT c.oid::regclass::text, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'v', 'm', 'p') AND c.relnamespace = n""",
    "constraints": """SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred,
        pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = n""",
    "indexes": "SELECT pg_get_indexdef(c.oid) FROM pg_class c WHERE relkind = 'i' AND relnamespace = n",
    "triggers": """SELECT pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = n""",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = n",
    "words": """SELECT enumtypid::regtype::text, enumlabel, enumsortorder FROM pg_enum e
        JOIN pg_type y ON y.oid = e.enumtypid WHERE y.typnamespace = n""",
    "sequences": """SELECT relname, seqtypid::regtype::text, seqstart, seqincrement, seqmax FROM pg_sequence
        JOIN pg_class c ON c.oid = seqrelid WHERE c.relnamespace = n""",
}
OURS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$|^house$|^public$'"


async def shape(connection: AsyncConnection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"schemas": sorted((await connection.execute(text(OURS))).scalars())}
    for what, question in SHAPE.items():
        asked = question.replace("= n", f"IN (SELECT oid FROM pg_namespace WHERE nspname IN ({OURS}))")
        found[what] = sorted(str(tuple(row)) for row in await connection.exec_driver_sql(asked))
    return found


@pytest.fixture
async def empty(postgres: Postgres) -> AsyncIterator[AsyncEngine]:
    """A database with nothing in it."""
    await run_sql(postgres, "CREATE DATABASE bare")
    engine = create_async_engine(engine_url(postgres.url("bare")), poolclass=NullPool)
    yield engine
    await engine.dispose()
    await run_sql(postgres, "DROP DATABASE bare WITH (FORCE)")


async def test_migrations_end_where_the_models_are(empty: AsyncEngine, engine: AsyncEngine) -> None:
    async with empty.begin() as connection:
        assert await upgrade(connection, metadata())
        migrated = await shape(connection)
    async with engine.connect() as connection:
        described = await shape(connection)
    way = "silkcast migrate --write NAME (before the first release: silkcast migrate --rewrite-first)"
    for what, wanted in described.items():
        differing = set(wanted) ^ set(migrated[what])
        assert not differing, f"{what} of models and migrations differ; {way}: {sorted(differing)}"
    assert all(described[what] for what in ("schemas", *SHAPE)), "each question found something"


def test_there_is_one_line_of_history() -> None:
    numbers = migrations()
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    script = ScriptDirectory(str(SCRIPTS))
    assert script.get_heads() == [numbers[-1]]
    assert [step.revision for step in script.walk_revisions()] == numbers[::-1]


async def test_a_second_start_finds_nothing_to_do(empty: AsyncEngine) -> None:
    async with empty.begin() as connection:
        assert await upgrade(connection, metadata())
        assert not await upgrade(connection, metadata())
        assert await standing(connection) == migrations()[-1]


async def test_a_newer_database_is_refused(empty: AsyncEngine) -> None:
    async with empty.begin() as connection:
        await upgrade(connection, metadata())
        await connection.execute(text("UPDATE house.migration SET version_num = '9001'"))
    with pytest.raises(NewerDatabase, match="9001"):
        async with empty.begin() as connection:
            await upgrade(connection, metadata())


async def test_tables_without_a_history_are_refused(empty: AsyncEngine) -> None:
    async with empty.begin() as connection:
        await connection.execute(text("CREATE SCHEMA stock"))
        await connection.execute(text("CREATE TABLE stock.levels (id int)"))
    with pytest.raises(ForeignDatabase, match=r"stock\.levels"):
        async with empty.begin() as connection:
            await upgrade(connection, metadata())


async def test_the_next_migration_is_written_and_runs(empty: AsyncEngine, tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    grown = MetaData(naming_convention=metadata().naming_convention)
    for table in metadata().tables.values():
        table.to_metadata(grown)
    Table("loan", grown, Column("id", Integer, primary_key=True), schema="stock")
    async with empty.begin() as connection:
        await upgrade(connection, grown, scripts)
        written = await connection.run_sync(write_next, grown, "Stock on loan", scripts)
    assert written.name == f"{int(migrations()[-1]) + 1:04d}_stock_on_loan.py"
    code = written.read_text()
    assert code.count("op.create_table") == 1
    assert "op.drop" not in code
    async with empty.begin() as connection:
        assert await upgrade(connection, grown, scripts)
        assert await standing(connection) == migrations(scripts)[-1]
        assert await connection.scalar(text("SELECT to_regclass('stock.loan') IS NOT NULL"))
