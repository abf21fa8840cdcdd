# SPDX-License-Identifier: Apache-2.0
"""The roof, by name: commands run under it, and it is read only when one of them needs the whole house."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from silkcast.plumbing.settings import BadSettings, Settings


def roof() -> Any:
    """`silkcast.main`, which knows every name."""
    return import_module("silkcast.main")


def settings_or_exit(file: Path | None = None) -> Settings:
    """The settings, or every problem with them on a line of its own and exit status 2."""
    try:
        found: Settings = roof().settings_from(file)
    except BadSettings as bad:
        for problem in bad.problems:
            click.secho(problem, fg="red", err=True)
        raise SystemExit(2) from None
    return found


def tell(words: str) -> None:
    """A step on the way, for whoever waits."""
    click.echo(f"· {words}")


config_option = click.option(
    "--config",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file; else the one SILKCAST_CONFIG names.",
)
