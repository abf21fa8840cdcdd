# SPDX-License-Identifier: Apache-2.0
"""How Alembic runs here: over the connection it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from silkcast.plumbing.db.history import SCHEMA, TABLE, is_compared

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    version_table=TABLE,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=is_compared,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
