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
def command(out: Path, folder: Path | None, only: str) -> None:
    """Take the pictures of the documentation. The exit status is 1 when one of them could not be taken."""
    if find_spec("playwright") is None:
        click.secho(
            "this needs what the tests need: pip install playwright, and a Chromium", fg="red", err=True
        )
        raise SystemExit(2)
    from silkcast.faces.demo import screens

    with tempfile.TemporaryDirectory(prefix="silkcast-") as own:
        Path(own).chmod(0o755)
        missing = screens.everything(out, folder or Path(own) / "demo", only, tell)
    tell(f"pictures are in {out}")
    raise SystemExit(1 if missing else 0)
