# SPDX-License-Identifier: Apache-2.0
"""Codes: the demo has no post office, so one-time codes are printed where it runs."""

from __future__ import annotations

import click

from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.who.identity import service as identity
from silkcast.who.identity.events import CodeMade


async def print_code(tx: Tx, event: CodeMade) -> None:
    made = await identity.code_to_send(tx, event.sending)
    if made is not None:
        click.echo(f"· code {made.code} for {made.contact}")


REACTIONS = (Reaction("demo.print_code", CodeMade, print_code),)
