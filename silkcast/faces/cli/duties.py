# SPDX-License-Identifier: Apache-2.0
"""`silkcast duties`: cases of landed cost checked from files."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import BinaryIO

import click

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules, NoSuchRules

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


DAY = click.DateTime(["%Y-%m-%d"])


@command.command()
@click.argument("file", type=click.File("rb"))
@click.option("--on", type=DAY, default=None, help="The day asked for, today if left out.")
def vat(file: BinaryIO, on: datetime | None) -> None:
    """Compare the VAT kept for each state of the European Union with a published table.

    FILE is the JSON file of the package eu-vat-rates-data. Prints a line for each state, and the row to add
    where they differ. The exit status is 0 if all agree, 1 if one differs, 2 if FILE is no such table.
    """
    status = OK
    try:
        for compared in duties.compare_vat(file.read(), (on or datetime.now(UTC)).date()):
            click.echo(compared.line)
            if not compared.is_same:
                status = MISMATCHED
    except BrokenRules as broken:
        click.echo(f"{file.name} broken: {broken}", err=True)
        status = BROKEN
    sys.exit(status)


@command.command()
@click.argument("market")
@click.option("--on", type=DAY, default=None, help="The day asked for, today if left out.")
def taxes(market: str, on: datetime | None) -> None:
    """Print the rates of tax in force in MARKET (two letters) on a day, with mark and source."""
    try:
        found = duties.tax_rates(market.upper(), (on or datetime.now(UTC)).date())
    except NoSuchRules:
        raise click.ClickException(f"no rules are kept for {market}") from None
    for one in found:
        goods = f"HS {' '.join(one.hs)}" if one.hs else "all goods"
        but = f" but HS {' '.join(one.not_hs)}" if one.not_hs else ""
        until = f" to {one.valid_to}" if one.valid_to else ""
        click.echo(f"{one.rate}  {one.rule}, {goods}{but}, from {one.valid_from}{until}, {one.mark}")
        for source in one.sources:
            click.echo(f"    {source}")
