# SPDX-License-Identifier: Apache-2.0
"""`silkcast deals`: who came when, and why each was granted or refused; from the database alone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from silkcast.ground.ids import DealId
from silkcast.plumbing.db import Database, Db
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import NoSuchDeal
from silkcast.stage.deals.values import Claim, Deal, Lane, Moved

from .roof import config_option, nearest, roof, settings_or_exit

WHY = {
    "granted": "a unit was left",
    "waiting": "none was left: place {place} in line",
    "sold_out": "none was left",
    "over_limit": "the buyer has the limit of {limit}",
}


@click.group()
def command() -> None:
    """Flash deals: what happened in them."""


def said(deal: Deal, claim: Claim) -> str:
    """One claim in a line. The buyer is a digest, as it lies in the database."""
    why = WHY[claim.outcome].format(place=claim.place, limit=deal.limit)
    now = "" if claim.state == "refused" else f"; now {claim.state}"
    units = "1 unit" if claim.units == 1 else f"{claim.units} units"
    return (
        f"  {claim.number:>7}  {moment(claim.at)}  {claim.buyer.hex[:12]}  {units:<8}"
        f"  {claim.outcome}: {why}{now}"
    )


def told(moved: Moved) -> str:
    """What else happened in the lane."""
    whose = f" claim {moved.number}" if moved.number is not None else ""
    units = f", {moved.units} units" if moved.units else ""
    return f"           {moment(moved.at)}  {moved.what}{whose}{units}"


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


async def lines(db: Db, deal: Deal) -> AsyncIterator[str]:
    """The deal, lane by lane, claims and what happened between them in their order."""
    yield f"deal {deal.id}: {deal.state}{f' ({deal.ended_why})' if deal.ended_why else ''}"
    yield f"  from {deal.starts_at} to {deal.ends_at}, {deal.limit} a buyer, waitlist: {deal.has_waitlist}"
    numbers = await deals.numbers(db, deal)
    for lane in deal.lanes:
        counts = ", ".join(f"{units} {state}" for state, units in sorted(numbers[lane.id].items()))
        yield f"lane {lane.id}, variant {lane.variant}: {lane.units} units, {lane.claims} claims: {counts}"
        async for line in _lane(db, deal, lane):
            yield line


async def _lane(db: Db, deal: Deal, lane: Lane) -> AsyncIterator[str]:
    moves = await deals.moves(db, lane.id)
    last = 0
    while page := await deals.claims(db, lane.id, after=last):
        for claim in page:
            while moves and moves[0][0] < claim.number:
                yield told(moves.pop(0)[1])
            yield said(deal, claim)
            last = claim.number
    for _, moved in moves:
        yield told(moved)


async def print_replay(database: Database, deal: DealId, tell: Callable[[str], None]) -> None:
    async with database.read() as db:
        async for line in lines(db, await deals.the_deal(db, deal)):
            tell(line)


@command.command()
@config_option
@click.argument("deal", type=click.UUID)
def replay(file: Path | None, deal: UUID) -> None:
    """Print who came when to DEAL, and why each was granted or refused.

    Claims stand in the order of their numbers, which is the order in which the committer took them up. What
    happened between them (a unit not paid in time, offered to the next in line, given back) stands where it
    happened. The exit status is 1 when there is no such deal.
    """
    settings = settings_or_exit(nearest(file))

    async def run() -> None:
        async with roof().open_database(settings) as database:
            await print_replay(database, DealId(deal), click.echo)

    try:
        asyncio.run(run())
    except NoSuchDeal:
        click.echo(f"no deal {deal}", err=True)
        sys.exit(1)
