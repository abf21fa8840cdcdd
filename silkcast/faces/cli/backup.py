# SPDX-License-Identifier: Apache-2.0
"""`silkcast backup`: everything that cannot be made again, in one file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from silkcast.plumbing.backup import service as backup
from silkcast.plumbing.backup.archive import Manifest

from .roof import config_option, passphrase_option, read_passphrase, roof, settings_or_exit, tell


@click.command()
@config_option
@passphrase_option
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path | None, passphrase_file: Path | None, target: Path) -> None:
    """Write everything that cannot be made again to one FILE: database, keys, files, films.

    It may be called while the house is open. Without a passphrase, whoever has the file can read every
    address and every key in it.
    """
    settings = settings_or_exit(file)
    passphrase = read_passphrase(passphrase_file)

    async def run() -> Manifest:
        async with roof().open_database(settings, tell) as database:
            made = await backup.make(database, roof().place(settings), target, passphrase)
        return made

    made = asyncio.run(run())
    tell(f"written: {target}, {target.stat().st_size / 1_000_000:.1f} MB, migration {made.migration}")
    if roof().keeps_files_in_a_bucket(settings):
        click.secho("! files lie in a bucket: they are not in this backup", fg="yellow", err=True)
    if not passphrase:
        click.secho(
            "! this file opens everything: keep it like a key, or seal it with --passphrase-file",
            fg="yellow",
            err=True,
        )
