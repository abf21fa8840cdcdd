# SPDX-License-Identifier: Apache-2.0
"""Scripts: how migrations run. Alembic is loaded here, and only when there is something to do."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from alembic import command, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData


def configuration(connection: Connection, metadata: MetaData, folder: Path) -> Config:
    """What Alembic wants to know, over a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def upgrade_to_head(connection: Connection, metadata: MetaData, folder: Path) -> None:
    """Every migration that the database has not seen, in the connection's transaction."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(configuration(connection, metadata, folder), "head")


def run_script(file: Path) -> None:
    """A file of many statements, as one command, in the migration's transaction."""
    adapted: Any = op.get_bind().connection.dbapi_connection
    statements = file.read_text(encoding="utf-8")
    adapted.run_async(lambda driver: driver.execute(statements))
