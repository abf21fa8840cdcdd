# SPDX-License-Identifier: Apache-2.0
"""`silkcast duties`: cases of landed cost checked from files."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules

OK, MISMATCHED, BROKEN = 0, 1, 2


@click.group()
def command() -> None:
    """Landed cost: check cases, ask the rules."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
def check(files: tuple[BinaryIO, ...]) -> None:
    """Work out each case of FILES and compare.

    Prints a line for each case: `ID ok`, `ID MISMATCH expected … got …` or `ID not covered: …`. The exit
    status is 0 if none mismatched, 1 if one did, 2 if a file or a case breaks the format.
    """
    status = OK
    for file in files:
        try:
            for checked in duties.check(file.read()):
                click.echo(checked.line)
                if checked.outcome == "broken":
                    status = BROKEN
                elif checked.outcome == "mismatch":
                    status = max(status, MISMATCHED)
        except BrokenRules as broken:
            click.echo(f"{file.name} broken: {broken}", err=True)
            status = BROKEN
    sys.exit(status)
