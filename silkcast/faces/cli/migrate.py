# SPDX-License-Identifier: Apache-2.0
"""`silkcast migrate`: bring the database to the present shape."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from .roof import config_option, roof, settings_or_exit, tell


@click.command()
@config_option
def command(file: Path | None) -> None:
    """Bring the database to the present shape. Safe to run again."""
    settings = settings_or_exit(file)

    async def run() -> None:
        async with roof().open_database(settings, tell) as database:
            await roof().migrate(database)

    asyncio.run(run())
    tell("the database is up to date")
