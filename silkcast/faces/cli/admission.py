# SPDX-License-Identifier: Apache-2.0
"""`silkcast admission`: what markets say of a product, and whether a file of barred goods can be read."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from silkcast.flows import admitting
from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import BadBarred
from silkcast.goods.admission.values import Verdict
from silkcast.goods.catalog import service as catalog
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database

from .roof import config_option, nearest, roof, settings_or_exit

OK, NOT_EVERYWHERE, BROKEN = 0, 1, 2


@click.group()
def command() -> None:
    """Barred goods: ask what markets say, check files."""


@command.command()
@click.argument("what")
@config_option
def check(what: str, file: Path | None) -> None:
    """Ask every open market about the product with the SKU WHAT, or check the file WHAT.

    For a SKU, a line for each market: its standing, until when a person decided so, and each row that was
    found with its effect, reason and source. The exit status is 0 if all markets admit it, 1 if not, 2 if
    there is no such product. A file `barred.toml` in the folder of its country is read strictly: the exit
    status is 2 if it is refused, with line and reason.
    """
    path = Path(what)
    if path.suffix == ".toml":
        check_file(path)
        return
    settings = settings_or_exit(nearest(file))

    async def run() -> int:
        async with roof().open_database(settings) as database:
            return await check_sku(database, what)

    sys.exit(asyncio.run(run()))


def check_file(path: Path) -> None:
    try:
        count = admission.check_file(path)
    except OSError as gone:
        click.echo(f"{path}: {gone.strerror}", err=True)
        sys.exit(BROKEN)
    except BadBarred as bad:
        click.echo(f"{path}:{bad.line}: {bad.why}", err=True)
        sys.exit(BROKEN)
    click.echo(f"{path} ok: {count} rows")


async def check_sku(database: Database, sku: str) -> int:
    async with database.read() as db:
        found = (await catalog.search(db, text=sku, status=None, limit=200)).items
        product = next((one for one in found if any(each.sku == sku for each in one.variants)), None)
        if product is None:
            click.echo(f"no product with the SKU {sku}", err=True)
            return BROKEN
        verdicts = await admitting.by_market(db, product)
        for line in lines(verdicts):
            click.echo(line)
    return OK if all(one.is_admitted for one in verdicts.values()) else NOT_EVERYWHERE


def lines(verdicts: Mapping[Country, Verdict]) -> Iterator[str]:
    """One line a market, and one a row that was found."""
    for market, verdict in sorted(verdicts.items()):
        ruled = f" by a person until {verdict.ruling.until}" if verdict.ruling else ""
        yield f"{market} {verdict.standing}{ruled}"
        for one in verdict.findings:
            words = ", ".join(dict.fromkeys(found.matched for found in one.evidence))
            law = f"; {one.row.law}" if one.row.law else ""
            yield f"   {one.effect} {one.code} ({one.row.reason}) by {words}{law} [{one.row.mark}]"
