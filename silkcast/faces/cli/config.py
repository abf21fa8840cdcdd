# SPDX-License-Identifier: Apache-2.0
"""`silkcast config`: each setting, its value, and where it comes from."""

from __future__ import annotations

from pathlib import Path

import click

from .roof import config_option, settings_or_exit


@click.command()
@config_option
@click.argument("section", required=False)
def command(file: Path | None, section: str | None) -> None:
    """Show each setting, its value and where it comes from; secrets stay hidden."""
    last = ""
    for value in settings_or_exit(file):
        if section is not None and value.section != section:
            continue
        if value.section != last:
            click.secho(f"\n[{value.section}]", bold=True)
            last = value.section
        click.echo(f"{value.key} = {value.value}  ", nl=False)
        click.secho(f"# {value.origin}", dim=True)
