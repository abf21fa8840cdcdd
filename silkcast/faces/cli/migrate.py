# SPDX-License-Identifier: Apache-2.0
"""`silkcast migrate`: bring the database to the present shape, and write the next step of its history."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from .roof import config_option, roof, settings_or_exit, tell


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
        tell(f"written: {roof().write_first_migration()}")
        return
    if words is not None:
        tell(f"written: {asyncio.run(roof().write_migration(words))}")
        return
    settings = settings_or_exit(file)

    async def run() -> bool:
        async with roof().open_database(settings, tell) as database:
            changed: bool = await roof().migrate(database)
            return changed

    tell("the database has its new shape" if asyncio.run(run()) else "the database is up to date")
