# SPDX-License-Identifier: Apache-2.0
"""Schema: makes every table there is, straight from the models. The house itself takes the way of migrations
(`history`); a test holds that both come to the same."""

from __future__ import annotations

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateSchema

from silkcast.plumbing.db.queue import TABLE, queue


def queue_ddl() -> str:
    """pgqueuer's own tables. Its NOTIFY trigger is off: we wake in-process, and a notify slows commits."""
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment  # only when tables are made

    install = QueryBuilderEnvironment(settings=queue()).build_install_query()
    return f"{install}\nALTER TABLE {TABLE} DISABLE TRIGGER USER;"


def schemas(metadata: MetaData) -> list[str]:
    """The schemas of all tables, in order."""
    return sorted({table.schema for table in metadata.tables.values() if table.schema})


async def create_tables(connection: AsyncConnection, metadata: MetaData) -> None:
    """Schemas, tables and the job queue, in the transaction the connection is in."""
    for schema in schemas(metadata):
        await connection.execute(CreateSchema(schema, if_not_exists=True))
    await connection.run_sync(metadata.create_all)
    present = await connection.execute(text("SELECT to_regclass(:table) IS NOT NULL"), {"table": TABLE})
    if not present.scalar_one():
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(queue_ddl())
