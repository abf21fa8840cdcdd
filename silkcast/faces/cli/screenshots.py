# SPDX-License-Identifier: Apache-2.0
"""`silkcast screenshots`: pictures of every page, of a demo of their own."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import click

from .roof import tell


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("screenshots"), show_default=True
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The demo's; else one that is thrown away.",
)
@click.option("--only", default="", help="Pictures with this in their name: viewer-ar, studio-dark, room.")
@click.option("--at", default="", metavar="ADDRESS", help="Of a demo that runs already; else one is started.")
def command(out: Path, folder: Path | None, only: str, at: str) -> None:
    """Take a picture of every page. Ends with status 1 when one could not be taken, or its page is broken."""
    if find_spec("playwright") is None:
        click.secho(
            "this needs what the tests need: pip install playwright, and a Chromium", fg="red", err=True
        )
        raise SystemExit(2)
    from silkcast.faces.demo import screens

    with tempfile.TemporaryDirectory(prefix="silkcast-") as own:
        Path(own).chmod(0o755)
        faults = screens.everything(out, folder or Path(own) / "demo", only, tell, at=at)
    tell(f"pictures are in {out}")
    for fault in faults:
        click.secho(fault, fg="red", err=True)
    raise SystemExit(1 if faults else 0)
