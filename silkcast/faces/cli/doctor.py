# SPDX-License-Identifier: Apache-2.0
"""`silkcast doctor`: what a new operator gets wrong, one line each, with what to do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from silkcast.faces.house import SiteSettings
from silkcast.plumbing.db.history import migrations
from silkcast.plumbing.db.server import server
from silkcast.plumbing.engines import GROUP
from silkcast.plumbing.faults import Fault
from silkcast.plumbing.settings import Settings
from silkcast.plumbing.settings.basics import DatabaseSettings
from silkcast.plumbing.wire.settings import WireSettings

from .checks import database, machine, public, wire
from .checks.finding import Finding, fail, ok
from .roof import config_option, roof, settings_or_exit

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@config_option
@click.option("--quiet", is_flag=True, help="Show only what is not well.")
def command(file: Path | None, quiet: bool) -> None:
    """Check what a new operator gets wrong. The exit status is 1 if anything failed."""
    settings = settings_or_exit(file)
    failed = 0
    for finding in findings(settings):
        failed += finding.level == "fail"
        if not quiet or finding.level != "ok":
            show(finding)
    sys.exit(1 if failed else 0)


def show(finding: Finding) -> None:
    level = click.style(f"{finding.level:<5}", fg=COLOURS[finding.level])
    click.echo(f"{level} {finding.subject:<12} {finding.words}")
    if finding.cure:
        click.echo(f"{'':<18} → {finding.cure}")


def findings(settings: Settings) -> Iterator[Finding]:
    """Every check, the machine's first."""
    site = settings.section("site", SiteSettings)
    house: Any = settings.section("house", object)
    engines: Any = settings.section("engines", object)
    is_open = roof().is_open(settings)
    yield from machine.python()
    yield machine.disk(house.folder)
    yield machine.writable("folder", house.folder)
    yield machine.keys(house.folder / "vault.keys")
    yield machine.port("port", site.host, site.port, is_open=is_open)
    yield from _video(settings, engines.video, house.folder, is_open)
    yield machine.files()
    yield machine.built()
    yield machine.words()
    yield from _entry_points()
    yield from public.origin(site)
    yield public.sessions(site)
    chosen: dict[str, tuple[str, ...]] = {}
    for kind, name in engines.chosen():
        chosen[kind] = (*chosen.get(kind, ()), name)
    yield from public.sandboxes(settings, chosen, site)
    yield asyncio.run(wire.wire(settings.section("wire", WireSettings)))
    yield from asyncio.run(_database(settings, engines.payments))


def _video(settings: Settings, name: str, folder: Path, is_open: bool) -> Iterable[Finding]:
    yield machine.ffmpeg()
    section: Any = roof().under(folder, settings.section(f"video.{name}", object))
    if hasattr(section, "folder"):
        yield machine.writable("films", section.folder)
    if hasattr(section, "rtmp_port"):
        yield machine.port("rtmp", section.rtmp_host, section.rtmp_port, is_open=is_open)


def _entry_points() -> Iterator[Finding]:
    """Every engine that any installed package brings."""
    sound = []
    for entry in sorted(metadata.entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            entry.load()
        except Exception as fault:  # whatever a stranger's package raises
            yield fail(
                "engines", f"{entry.name} does not load: {fault}", f"reinstall or remove {entry.value}"
            )
        else:
            sound.append(entry.name)
    yield ok("engines", f"installed: {', '.join(sound)}")


async def _database(settings: Settings, engines: Iterable[str]) -> list[Finding]:
    if not roof().has_database(settings):
        return [ok("postgres", "our own, made at the first start")]
    pool_size = settings.section("database", DatabaseSettings).pool_size
    asked = tuple(name for name in engines if name != "cod")
    try:
        async with roof().open_database(settings) as opened:
            found = await server(opened)
            told = list(database.server(found, pool_size))
            if found.migration == migrations()[-1]:
                told += await database.waiting(opened, asked)
            return told
    except (Fault, OSError, roof().DatabaseError) as fault:
        cure = "is the address right, the server up, and may this user in? See database.url"
        return [fail("postgres", f"{type(fault).__name__}: {fault}".splitlines()[0], cure)]
