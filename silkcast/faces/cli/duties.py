# SPDX-License-Identifier: Apache-2.0
"""`silkcast duties`: cases of landed cost checked from files, files of rules read and put in force."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules, NoSuchRules
from silkcast.goods.duties.values import RuleSet
from silkcast.ground.clock import SystemClock, day
from silkcast.plumbing import packs
from silkcast.plumbing.packs import PackSettings

from .roof import config_option, nearest, settings_or_exit
from .tariff import tariff

OK, MISMATCHED, BROKEN = 0, 1, 2


@click.group()
def command() -> None:
    """Landed cost: check cases, ask the rules."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.option("--rules", is_flag=True, help="Ask the rules that are kept, at the date of each case.")
@config_option
def check(files: tuple[BinaryIO, ...], rules: bool, file: Path | None) -> None:
    """Work out each case of FILES and compare.

    Prints a line for each case: `ID ok`, `ID MISMATCH expected … got …` or `ID not covered: …`. The exit
    status is 0 if none mismatched, 1 if one did, 2 if a file or a case breaks the format.

    With --rules the shipments are judged by our own law of their market on their day, not by the rules in
    the case. Below a mismatch stands, component by component, which rows made it, ours and the case's.
    """
    if rules:
        _packs(file)
    status = OK
    for one in files:
        try:
            for checked in (duties.compare if rules else duties.check)(one.read()):
                click.echo(checked.line)
                if checked.outcome == "broken":
                    status = BROKEN
                elif checked.outcome == "mismatch":
                    status = max(status, MISMATCHED)
        except BrokenRules as broken:
            click.echo(f"{one.name} broken: {broken}", err=True)
            status = BROKEN
    sys.exit(status)


def _packs(file: Path | None) -> PackSettings:
    """From now on the operator's own packs count too."""
    settings = settings_or_exit(nearest(file)).section("packs", PackSettings)
    packs.use(settings)
    return settings


@command.command()
@config_option
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
def read(files: tuple[BinaryIO, ...], file: Path | None) -> None:
    """Read FILES of rules as strictly as those that are kept, and change nothing.

    Prints what each holds, or the first thing that is wrong with it and its line. The exit status is 0 if
    all can be kept, 2 if one cannot.
    """
    _packs(file)
    status = OK
    for one in files:
        try:
            click.echo(_told(*duties.read(one.read())))
        except BrokenRules as broken:
            click.echo(f"{one.name} refused: {broken}", err=True)
            status = BROKEN
    sys.exit(status)


@command.command()
@config_option
@click.argument("rules", metavar="FILE", type=click.File("rb"))
def load(rules: BinaryIO, file: Path | None) -> None:
    """Put a FILE of rules in force among your own packs, if nothing is wrong with it.

    It goes to the folder of the setting `packs.folder`, and running processes read it within seconds. A file
    with a fault is refused whole: the rules there were stay in force.
    """
    settings = _packs(file)
    if settings.folder is None:
        click.echo("no folder for packs of your own: set SILKCAST_PACKS__FOLDER", err=True)
        sys.exit(BROKEN)
    text = rules.read()
    try:
        told = _told(*duties.read(text))
        path = duties.put(text, settings.folder)
    except BrokenRules as broken:
        click.echo(f"{rules.name} refused, the rules there were stay in force: {broken}", err=True)
        sys.exit(BROKEN)
    click.echo(f"{told}; kept as {path}")


def _told(market: str, found: tuple[RuleSet, ...]) -> str:
    marks = Counter(row.mark for rules in found for part in rules.components for row in part.rows)
    spans = ", ".join(f"{rules.span.first} to {rules.span.last or 'open'}" for rules in found)
    rows = ", ".join(f"{count} {mark}" for mark, count in sorted(marks.items()))
    return f"{market}: rules in force {spans}; rows: {rows}"


command.add_command(tariff)

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
        for compared in duties.compare_vat(file.read(), on.date() if on else day(SystemClock().now())):
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
        found = duties.tax_rates(market.upper(), on.date() if on else day(SystemClock().now()))
    except NoSuchRules:
        raise click.ClickException(f"no rules are kept for {market}") from None
    for one in found:
        goods = f"HS {' '.join(one.hs)}" if one.hs else "all goods"
        but = f" but HS {' '.join(one.not_hs)}" if one.not_hs else ""
        until = f" to {one.valid_to}" if one.valid_to else ""
        click.echo(f"{one.rate}  {one.rule}, {goods}{but}, from {one.valid_from}{until}, {one.mark}")
        for source in one.sources:
            click.echo(f"    {source}")
