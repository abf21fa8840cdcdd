# SPDX-License-Identifier: Apache-2.0
"""`silkcast duties tariff`: official tariff files read, and what changed in them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, NoReturn

import click

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenTariff, NoSuchRules
from silkcast.goods.duties.tariff.changes import Change
from silkcast.goods.duties.tariff.files import Duty
from silkcast.ground.clock import SystemClock
from silkcast.plumbing import packs
from silkcast.plumbing.packs import PackSettings

from .roof import config_option, nearest, settings_or_exit

CURRENCIES = {"uk": "GBP", "taric": "EUR", "hts": "USD"}
OK, CHANGED, BROKEN = 0, 1, 2


@click.command()
@click.argument("shape", type=click.Choice(list(CURRENCIES)))
@click.argument("tariff", metavar="FILE", type=click.File("rb"))
@click.option("--against", type=click.File("rb"), help="An earlier file of the same shape.")
@click.option("--rules", metavar="MARKET", help="Compare with the rules kept for this market (two letters).")
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Write rows for a pack there.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day asked for, today if left out.")
@config_option
def tariff(
    shape: str,
    tariff: BinaryIO,
    against: BinaryIO | None,
    rules: str | None,
    write: Path | None,
    on: datetime | None,
    file: Path | None,
) -> None:
    """Read an official tariff FILE and print what changed.

    SHAPE is uk (table of measures, CSV; answer for a commodity, JSON), taric (table of duties, CSV) or hts
    (export, JSON or CSV). Prints a line for each rate that was not understood, and with --against or
    --rules for each code that is new, changed, ended, coming, or differs. The exit status is 0 if nothing
    changed, 1 if something did, 2 if a file is broken.
    """
    day = (on or SystemClock().now()).date()
    try:
        found = duties.read_tariff(shape, tariff.read())
    except BrokenTariff as broken:
        _refuse(tariff.name, broken)
    changes = _since(shape, found, against, day) if against else []
    unnamed = 0
    if rules:
        packs.use(settings_or_exit(nearest(file)).section("packs", PackSettings))
        try:
            differing, unnamed = duties.tariff_against_rules(found, rules.upper(), day)
        except NoSuchRules:
            click.echo(f"no rules are kept for {rules} on {day}", err=True)
            sys.exit(BROKEN)
        changes += differing
    lines = duties.tariff_not_understood(found)
    for one in (*lines, *changes):
        click.echo(one.line)
    counts = Counter(one.kind for one in changes)
    parts = [f"{count} {kind}" for kind, count in sorted(counts.items())]
    parts += [f"{unnamed} not named by the rules"] if rules else []
    click.echo(", ".join([f"{len(found)} duties read", f"{len(lines)} not understood", *parts]))
    if write:
        rows = duties.tariff_rows(found, day, CURRENCIES[shape], Path(tariff.name).name)
        write.write_text(rows, encoding="utf-8")
    sys.exit(CHANGED if changes else OK)


def _since(shape: str, found: Sequence[Duty], against: BinaryIO, day: date) -> list[Change]:
    try:
        return duties.tariff_changes(found, duties.read_tariff(shape, against.read()), day)
    except BrokenTariff as broken:
        _refuse(against.name, broken)


def _refuse(name: str, broken: BrokenTariff) -> NoReturn:
    click.echo(f"{name} broken: {broken}", err=True)
    sys.exit(BROKEN)
