# SPDX-License-Identifier: Apache-2.0
"""The command line: `silkcast COMMAND`. Each command lives in a file of its own, read when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from silkcast import __version__
from silkcast.plumbing.faults import Fault
from silkcast.plumbing.rubbish import not_looked_for

# name: (file, its command, one line of help). The help stands here so that `silkcast --help` reads no file.
COMMANDS = {
    "demo": ("demo", "Make a small world, start everything, and print the addresses."),
    "serve": ("serve", "Start the site, its database if it has none, and the video engine."),
    "migrate": ("migrate", "Bring the database to the present shape."),
    "config": ("config", "Show each setting, its value and where it comes from."),
    "backup": ("backup", "Write everything that cannot be made again to one file."),
    "restore": ("restore", "Put a backup back into an empty installation."),
    "doctor": ("doctor", "Check what a new operator gets wrong."),
    "customs": ("customs", "Customs documents of orders."),
    "deals": ("deals", "Flash deals: who came when, and why each was granted or refused."),
    "admission": ("admission", "Barred goods: ask what markets say, check files."),
    "markets": ("markets", "Close and open markets, name their managers, set their limits."),
    "duties": ("duties", "Landed cost: check cases, ask the rules."),
    "words": ("words", "Languages: what lacks a translation, what a speaker has confirmed."),
    "screenshots": ("screenshots", "Take the pictures of the documentation."),
}


class Lazy(click.Group):
    """Finds a command by the table above and imports its file only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        file, _ = COMMANDS[cmd_name]
        try:
            with not_looked_for():
                module = import_module(f"{__name__}.{file}")
        except ModuleNotFoundError as missing:
            if missing.name != f"{__name__}.{file}":
                raise
            return None
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Fault as fault:
            click.secho(str(fault), fg="red", err=True)
            raise SystemExit(1) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="silkcast")
def main() -> None:
    """Silkcast: go live, sell across borders, deliver, take back, and the books close to the cent."""
