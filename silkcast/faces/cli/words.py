# SPDX-License-Identifier: Apache-2.0
"""`silkcast words`: how complete each language is, and a speaker's word that one is right."""

from __future__ import annotations

import sys

import click

from silkcast.faces.words import catalog, confirming
from silkcast.ground.clock import SystemClock
from silkcast.plumbing import tongues

from .roof import settings_or_exit


@click.group()
def command() -> None:
    """Languages: what lacks, what a speaker has confirmed."""


@command.command()
@click.argument("language", required=False)
def check(language: str | None) -> None:
    """Count the sentences of each language, or list those that LANGUAGE lacks; exit status 1 if any lacks."""
    settings_or_exit()
    lacks = False
    for tag, tongue in tongues.known().items():
        if tag == "en" or (language and tag != language):
            continue
        if not tongues.source(tag).exists():
            click.echo(f"{tag:8} {tongue.name}: no catalog")
            lacks = True
            continue
        kept = catalog.read(tag)
        done = confirming.progress(kept)
        lacks = lacks or done.said < done.sentences
        offered = "" if tongues.is_spoken(tag) else ", not offered yet"
        click.echo(
            f"{tag:8} {tongue.name}: {done.said} of {done.sentences} sentences,"
            f" {done.confirmed} confirmed, {done.by_machine} by machine{offered}"
        )
        if language:
            for message in kept:
                if message.id and not confirming.is_said(message):
                    click.echo(f"   {message.id if isinstance(message.id, str) else message.id[0]}")
    sys.exit(1 if lacks else 0)


@command.command()
@click.argument("language")
@click.option("--by", required=True, help="The speaker who has read it all.")
def confirm(language: str, by: str) -> None:
    """Mark every sentence of LANGUAGE as read and right."""
    settings_or_exit()
    if language not in tongues.known() or not tongues.source(language).exists():
        raise click.BadParameter(f"no catalog of {language!r}", param_hint="LANGUAGE")
    done = confirming.confirm(language, by=by, on=SystemClock().now().date())
    click.echo(f"{language}: {done.confirmed} of {done.sentences} sentences confirmed by {by}")
