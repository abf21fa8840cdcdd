# SPDX-License-Identifier: Apache-2.0
"""Codes: the demo has no post office, so one-time codes are printed where it runs."""

from __future__ import annotations

import click

from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.who.identity import service as identity
from silkcast.who.identity.events import CodeMade


async def print_code(tx: Tx, event: CodeMade) -> None:
    code = await identity.code_to_send(tx, event.user, event.purpose)
    if code is not None:
        person = await identity.the_user(tx, event.user)
        click.echo(f"· code {code} for {person.contact}")


REACTIONS = (Reaction("demo.print_code", CodeMade, print_code),)
