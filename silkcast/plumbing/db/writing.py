# SPDX-License-Identifier: Apache-2.0
"""Writing: migrations written from the models, by those who change them."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, create_mock_engine

from silkcast.plumbing.db.history import SCRIPTS, migrations
from silkcast.plumbing.db.schema import queue_ddl, schemas
from silkcast.plumbing.db.scripts import configuration

_IS_INDEX = re.compile(r"\s*CREATE (?:UNIQUE )?INDEX ")
FIRST = SCRIPTS / "versions" / "0001_the_first_house.sql"
_HEAD = "-- SPDX-License-Identifier: Apache-2.0\n-- Written by `silkcast migrate --rewrite-first`; frozen."


def write_next(connection: Connection, metadata: MetaData, words: str, folder: Path = SCRIPTS) -> Path:
    """A new migration from the difference of models and a database at head. To be read before it is used:
    triggers, functions and data are not compared."""
    slug = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    number = f"{int(migrations(folder)[-1]) + 1:04d}"
    config = configuration(connection, metadata, folder)
    config.set_main_option("file_template", f"%%(rev)s_{slug}")
    made: Any = command.revision(config, words, autogenerate=True, rev_id=number)
    return Path(made.path)


def first_script(metadata: MetaData) -> str:
    """What `create_tables` does, as SQL to read and to freeze."""
    written = [f'CREATE SCHEMA IF NOT EXISTS "{schema}"' for schema in schemas(metadata)]

    def write(element: Any, *_: Any, **__: Any) -> None:
        written.append(str(element.compile(dialect=engine.dialect)))

    engine = create_mock_engine("postgresql+asyncpg://", write)
    metadata.create_all(engine, checkfirst=False)
    written = _indexes_by_name(written)
    trimmed = (re.sub(r"[ \t]+$", "", said.strip(), flags=re.MULTILINE) for said in written)
    return "\n\n".join([_HEAD, *(said.rstrip(";") + ";" for said in trimmed), queue_ddl().strip()]) + "\n"


def _indexes_by_name(written: list[str]) -> list[str]:
    """A table keeps its indexes in a set: as they come they would stand elsewhere each time."""
    found: list[str] = []
    for is_index, group in groupby(written, lambda said: _IS_INDEX.match(said) is not None):
        said = list(group)
        found += sorted(said) if is_index else said
    return found
