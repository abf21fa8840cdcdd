# SPDX-License-Identifier: Apache-2.0
"""`silkcast restore`: a backup put back into an empty installation."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from silkcast.plumbing.backup import service as backup

from .roof import config_option, passphrase_option, read_passphrase, roof, settings_or_exit, tell


@click.command()
@config_option
@passphrase_option
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path | None, passphrase_file: Path | None, source: Path) -> None:
    """Put the backup in FILE back into an empty installation, and bring it to the present shape."""
    settings = settings_or_exit(file)

    async def run() -> None:
        made = await backup.put_back(
            lambda: roof().open_database(settings, tell),
            roof().place(settings),
            source,
            read_passphrase(passphrase_file),
        )
        tell(f"back as of {made.made_at:%Y-%m-%d %H:%M} UTC, made by Silkcast {made.silkcast}")
        async with roof().open_database(settings, tell) as database:
            if await roof().migrate(database):
                tell("the database has its new shape")

    asyncio.run(run())
