# SPDX-License-Identifier: Apache-2.0
"""`silkcast markets`: the off switch and the local teams, for whoever runs the house."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from silkcast.faces.refusal_words import words_of
from silkcast.flows import closing
from silkcast.ground.places import Country
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.watch.audit import service as audit
from silkcast.who.closings import service as closings
from silkcast.who.identity import managing
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import NoSuchContact
from silkcast.who.identity.values import MARKET_RIGHTS
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers
from silkcast.who.teams import service as teams
from silkcast.who.teams.values import Limits

from .roof import config_option, nearest, roof, settings_or_exit

T = TypeVar("T")
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z")
moment = click.DateTime(MOMENTS)
reason_option = click.option("--reason", required=True, help="Why. Buyers read it, and it stays.")
market_argument = click.argument("market")


@click.group()
def command() -> None:
    """Close and open markets, name their managers, set their limits.

    MARKET is a country's code: FR. Moments without a zone are UTC.
    """


def run(file: Path | None, work: Callable[[Database], Awaitable[T]]) -> T:
    """Over the house's database; a refusal in a line and exit status 1."""
    settings = settings_or_exit(nearest(file))

    async def over_database() -> T:
        async with roof().open_database(settings) as database:
            return await work(database)

    try:
        return asyncio.run(over_database())
    except Refusal as refusal:
        click.echo(f"{words_of(refusal, 'en')} ({refusal.code})", err=True)
        sys.exit(1)


def code_of(db: Db, market: str) -> Country:
    return markets.market(market.upper(), db.now.date()).code


def aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


@command.command("list")
@config_option
def list_markets(file: Path | None) -> None:
    """Print every market: open, closed or to be closed, and who manages it."""

    async def lines(database: Database) -> list[str]:
        async with database.read() as db:
            return await told(db)

    for line in run(file, lines):
        click.echo(line)


async def told(db: Db) -> list[str]:
    """A line for each market."""
    known = {one.market: one for one in await closings.all_open(db)}
    managers = await managing.managers(db)
    lines = []
    for market in markets.markets(db.now.date()):
        closure = known.get(market.code)
        state = "open"
        if closure is not None:
            word = "closed since" if closure.holds(db.now) else "closes at"
            state = f"{word} {closure.begun_at or closure.begins_at:%Y-%m-%d %H:%M}: {closure.reason}"
        count = sum(one.market == market.code for one in managers)
        lines.append(f"{market.code}  {market.names.text('en'):<24}  managers {count}  {state}")
    return lines


@command.command()
@config_option
@market_argument
@reason_option
@click.option("--from", "begins", type=moment, help="When; without it, now.")
@click.option("--until", "ends", type=moment, help="When it opens again by itself.")
@click.option(
    "--refund", is_flag=True, help="Let open orders go and give their money back; else they finish."
)
@click.option("--link", default="", help="Where buyers are led instead.")
@click.option("--dry-run", is_flag=True, help="Only say what refunding open orders would come to.")
def close(
    file: Path | None,
    market: str,
    reason: str,
    begins: datetime | None,
    ends: datetime | None,
    refund: bool,
    link: str,
    dry_run: bool,
) -> None:
    """Take no new orders from MARKET. Once this has ended, none is placed any more, in whatever process."""

    async def work(database: Database) -> list[str]:
        if dry_run:
            async with database.read() as db:
                return weighed(await closing.weigh(db, code_of(db, market)))
        async with database.write() as tx:
            code = code_of(tx, market)
            closure = await closings.close(
                tx, code, reason=reason, begins=aware(begins), ends=aware(ends), link=link,
                open_orders="refund" if refund else "finish",
            )  # fmt: skip
            await audit.record(
                tx, "market.closed", "market", code, reason=closure.reason, open_orders=closure.open_orders
            )
        return [f"{code} closed from {closure.begins_at:%Y-%m-%d %H:%M} UTC: {closure.reason}"]

    for line in run(file, work):
        click.echo(line)


def weighed(found: closing.Weighed) -> list[str]:
    sums = ", ".join(str(one) for one in found.refunds) or "nothing"
    return [
        f"{found.orders} open orders",
        f"{found.paid} paid, would be given back: {sums}",
        f"{found.unpaid} not paid, would be let go",
        f"{found.at_door} to be paid at the door, would be called off",
    ]


@command.command()
@config_option
@market_argument
@reason_option
def reopen(file: Path | None, market: str, reason: str) -> None:
    """Take orders from MARKET again, or call off a closure to come."""

    async def act(tx: Tx, code: Country) -> str:
        opened = await closings.reopen(tx, code, reason)
        await audit.record(tx, "market.reopened", "market", code, reason=opened.ended_why)
        return f"{code} is open"

    one_act(file, market, act)


def one_act(file: Path | None, market: str, act: Callable[[Tx, Country], Awaitable[str]]) -> None:
    async def work(database: Database) -> str:
        async with database.write() as tx:
            return await act(tx, code_of(tx, market))

    click.echo(run(file, work))


@command.command()
@config_option
@market_argument
@click.argument("contact")
@reason_option
@click.option(
    "--right",
    "rights",
    multiple=True,
    required=True,
    type=click.Choice(MARKET_RIGHTS),
    help="May be repeated.",
)
def grant(file: Path | None, market: str, contact: str, reason: str, rights: tuple[str, ...]) -> None:
    """Let the account with CONTACT change these things of MARKET. What it was allowed before is replaced."""

    async def act(tx: Tx, code: Country) -> str:
        person = await identity.by_contact(tx, contact)
        if person is None:
            raise NoSuchContact
        why = teams.why_of(reason)
        await managing.grant(tx, person.id, code, rights, why)
        facts: dict[str, Any] = {"rights": " ".join(sorted(rights)), "reason": why, "user": str(person.id)}
        await audit.record(tx, "market.manager_named", "market", code, **facts)
        return f"{person.name} manages {code}: {', '.join(sorted(rights))}"

    one_act(file, market, act)


@command.command()
@config_option
@market_argument
@click.argument("contact")
@reason_option
def revoke(file: Path | None, market: str, contact: str, reason: str) -> None:
    """Take from the account with CONTACT all it may do in MARKET."""

    async def act(tx: Tx, code: Country) -> str:
        person = await identity.by_contact(tx, contact)
        if person is None:
            raise NoSuchContact
        why = teams.why_of(reason)
        await managing.revoke(tx, person.id, code, why)
        await audit.record(tx, "market.manager_revoked", "market", code, reason=why, user=str(person.id))
        return f"{person.name} manages {code} no more"

    one_act(file, market, act)


@command.command()
@config_option
@market_argument
@reason_option
@click.option("--shop", default="", help="The address of one shop; without it, every shop there.")
@click.option("--price-down", type=int, default=0, show_default=True, help="Percent under the shop's price.")
@click.option("--price-up", type=int, default=0, show_default=True, help="Percent over it.")
@click.option("--floor-down", type=int, default=0, show_default=True, help="The same for the lowest price.")
@click.option("--floor-up", type=int, default=0, show_default=True, help="The same for the lowest price.")
@click.option("--deal-most", type=int, default=0, show_default=True, help="Percent a deal may be allowed.")
def limits(
    file: Path | None,
    market: str,
    reason: str,
    shop: str,
    price_down: int,
    price_up: int,
    floor_down: int,
    floor_up: int,
    deal_most: int,
) -> None:
    """Set how far the managers of MARKET may go."""

    async def act(tx: Tx, code: Country) -> str:
        seller = (await sellers.by_slug(tx, shop)).id if shop else None
        found = Limits(code, seller, price_down, price_up, floor_down, floor_up, deal_most, why=reason)
        await teams.set_limits(tx, found)
        said = f"price -{price_down} +{price_up}, floor -{floor_down} +{floor_up}, deals {deal_most}"
        await audit.record(tx, "market.limits_set", "market", code, reason=reason, limits=said)
        return f"{code}: {said}"

    one_act(file, market, act)
