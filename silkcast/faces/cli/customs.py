# SPDX-License-Identifier: Apache-2.0
"""`silkcast customs`: the papers of an order, as files."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Database
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.values import Message
from silkcast.trade.orders import service as orders

from .roof import config_option, nearest, roof, settings_or_exit

NOTHING = 1


@click.group()
def command() -> None:
    """Customs documents of orders."""


async def read_messages(database: Database, number: str) -> tuple[str, tuple[Message, ...]]:
    """The order's number as it is written, and all its messages."""
    async with database.read() as db:
        order = await orders.by_number(db, number)
        return order.number, await customs.messages(db, order.id)


def write_messages(number: str, messages: Sequence[Message], out: Path, *, every_attempt: bool) -> list[Path]:
    """A file each, of the last attempt or of all; the files."""
    last = max((message.attempt for message in messages), default=0)
    written = []
    for message in messages:
        if not every_attempt and message.attempt != last:
            continue
        out.mkdir(parents=True, exist_ok=True)
        attempt = f"-{message.attempt}" if every_attempt else ""
        file = out / f"{number}{attempt}-CEB{message.kind}.xml"
        file.write_text(message.xml, encoding="utf-8", newline="\n")
        written.append(file)
    return written


@command.command()
@config_option
@click.option("--order", "number", required=True, help="The order's number, as people read it out.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option("--every-attempt", is_flag=True, help="Also what was refused and sent again.")
def export(file: Path | None, number: str, out: Path, every_attempt: bool) -> None:
    """Write the XML messages of an order: CEB303, CEB403, CEB505 and CEB603, a file each.

    Prints the files. The exit status is 1 when there is no such order, or nothing was declared for it yet.
    """

    settings = settings_or_exit(nearest(file))

    async def read() -> tuple[str, tuple[Message, ...]]:
        async with roof().open_database(settings) as database:
            return await read_messages(database, number)

    try:
        name, messages = asyncio.run(read())
    except NotFound:
        click.echo(f"no order {number}", err=True)
        sys.exit(NOTHING)
    written = write_messages(name, messages, out, every_attempt=every_attempt)
    if not written:
        click.echo(f"nothing declared for order {number} yet", err=True)
        sys.exit(NOTHING)
    for path in written:
        click.echo(path)
