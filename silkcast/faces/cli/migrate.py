# SPDX-License-Identifier: Apache-2.0
"""`silkcast migrate`: bring the database to the present shape, and write the next step of its history."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from silkcast.plumbing.settings import load_settings

from .roof import config_option, roof, settings_or_exit, tell


def write_first() -> Path:
    """Freeze all tables anew as the first migration. Only until the first release."""
    from silkcast.plumbing.db.writing import FIRST, first_script

    FIRST.write_text(first_script(roof().metadata()), encoding="utf-8")
    return FIRST


async def write(words: str) -> Path:
    """The next migration, from what the models have and an empty database brought to head has not."""
    from silkcast.plumbing.db.writing import write_next

    with TemporaryDirectory(prefix="silkcast-") as made:
        os.chmod(made, 0o755)  # noqa: S103 - PostgreSQL runs as another user than root
        settings = load_settings(roof().SECTIONS, environ={"SILKCAST_HOUSE__FOLDER": made})
        async with roof().open_database(settings) as database:
            await roof().migrate(database)
            async with database.engine.begin() as connection:
                written: Path = await connection.run_sync(write_next, roof().metadata(), words)
                return written


@click.command()
@config_option
@click.option("--write", "words", help="Write a new migration from the difference of tables and models.")
@click.option("--rewrite-first", is_flag=True, hidden=True)
def command(file: Path | None, words: str | None, rewrite_first: bool) -> None:
    """Bring the database to the present shape. Safe to run again.

    With --write it leaves your database alone: it compares the models with an empty one brought to the
    newest shape, and writes what differs to silkcast/migrations/versions, for you to read and mend.
    """
    if rewrite_first:
        tell(f"written: {write_first()}")
        return
    if words is not None:
        tell(f"written: {asyncio.run(write(words))}")
        return
    settings = settings_or_exit(file)

    async def run() -> bool:
        async with roof().open_database(settings, tell) as database:
            changed: bool = await roof().migrate(database)
            return changed

    tell("the database has its new shape" if asyncio.run(run()) else "the database is up to date")
