# SPDX-License-Identifier: Apache-2.0
"""The roof, by name: commands run under it, and it is read only when one of them needs the whole house."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from silkcast.plumbing.faults import Fault
from silkcast.plumbing.postgres import PostgresFailed
from silkcast.plumbing.rubbish import not_looked_for
from silkcast.plumbing.settings import BadSettings, Settings

DEMO = Path("var/demo/demo.toml")


def roof() -> Any:
    """`silkcast.main`, which knows every name."""
    with not_looked_for():
        return import_module("silkcast.main")


def settings_or_exit(file: Path | None = None) -> Settings:
    """The settings, or every problem with them on a line of its own and exit status 2."""
    try:
        with not_looked_for():  # the engines that the settings name are imported here
            found: Settings = roof().settings_from(file)
    except BadSettings as bad:
        for problem in bad.problems:
            click.secho(problem, fg="red", err=True)
        raise SystemExit(2) from None
    return found


def nearest(file: Path | None) -> Path | None:
    """The settings file that was named; the demo's where none is and this folder has no other house."""
    is_told = any(name.startswith("SILKCAST_") for name in os.environ)
    if file is not None or is_told or Path("var/postgres").exists() or not DEMO.exists():
        return file
    click.echo(f"· with the demo's settings, {DEMO}", err=True)
    return DEMO


@contextmanager
def told_plainly() -> Iterator[None]:
    """What an operator can mend is told in a line, not in a traceback: a port or folder that is taken."""
    try:
        yield
    except PostgresFailed as failure:
        click.secho(str(failure), fg="red", err=True)
        raise SystemExit(1) from None
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise
        click.secho(f"another program has a port that is needed here: {fault.strerror}", fg="red", err=True)
        raise SystemExit(1) from None


def tell(words: str) -> None:
    """A step on the way, for whoever waits."""
    click.echo(f"· {words}")


config_option = click.option(
    "--config",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file; else the one SILKCAST_CONFIG names.",
)

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file whose first line is the passphrase that seals the backup.",
)


def read_passphrase(file: Path | None) -> str:
    """The first line of the file; nothing where there is none, an empty line refused."""
    if file is None:
        return ""
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise Fault(f"{file} has no passphrase in its first line")
    return lines[0].strip()
