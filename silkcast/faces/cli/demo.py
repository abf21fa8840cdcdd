# SPDX-License-Identifier: Apache-2.0
"""`silkcast demo`: a small world, everything started, the addresses printed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click
import structlog

from silkcast.faces.demo import sheet as sheets
from silkcast.faces.demo.counterparts import Counterparts, Pace, answering
from silkcast.faces.demo.sheet import Sheet, Taken

from .roof import settings_or_exit, tell, told_plainly

log = structlog.get_logger()


async def beside(running: Any, sheet: Sheet, counterparts: Counterparts, *, is_bare: bool) -> None:
    """What goes on beside the site: the world is founded, then the evening begins."""
    from silkcast.faces.demo import evening, founding, history
    from silkcast.faces.demo.board import board

    scene = running.house.scene
    beside_it = [asyncio.create_task(counterparts.keep())]
    try:
        for name in ("payment", "carrier", "customs"):
            if not await answering(getattr(sheet, name)):
                tell(
                    f"the sandbox {name} does not answer: see {sheet.folder / 'counterparts' / name / 'log'}"
                )
        founded = await founding.found(scene, tell)
        film = await evening.draw_film(sheet.folder / "films", tell) if not is_bare else None
        if film is not None:
            await history.past_shows(scene, founded, film, sheet.folder / "media")
        show = await evening.live_show(scene, founded)
        if film is not None:
            beside_it.append(asyncio.create_task(_logged(history.orders_of(scene, founded, show))))
        click.echo(board(sheet, founded, show, scene.video.ingest_address("").rtmp_url))
        if film is not None:
            await evening.evening(scene, founded, film)
        else:
            await asyncio.Event().wait()
    finally:
        for task in beside_it:
            task.cancel()
        await asyncio.gather(*beside_it, return_exceptions=True)


async def _logged(doing: Coroutine[Any, Any, None]) -> None:
    """What goes wrong beside the site is told, and the site stays open."""
    try:
        await doing
    except Exception:
        log.exception("demo.stands_still")


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where everything of the demo lies; take it away to begin anew.",
)
@click.option("--port", type=int, help="Of the site; else 8000, or a free one.")
@click.option(
    "--day-seconds", default=Pace().day_seconds, show_default=True, help="How long a parcel's day takes."
)
@click.option("--bare", "is_bare", is_flag=True, help="Shops and a live show, but no film and no orders.")
def command(folder: Path, port: int | None, day_seconds: str, is_bare: bool) -> None:
    """Make a small world, start everything, and print the addresses. Ctrl-C leaves nothing running."""
    import uvloop

    from .serve import serve_until_told

    try:
        held = sheets.lock(folder)
    except Taken:
        click.secho(f"a demo runs in {folder} already: its settings are in {folder / sheets.NAME}", err=True)
        raise SystemExit(1) from None
    with held:
        sheet = sheets.write(folder, port=port)
        settings = settings_or_exit(sheet.file)
        counterparts = Counterparts(sheet, Pace(day_seconds))

        async def world(running: Any) -> None:
            await _logged(beside(running, sheet, counterparts, is_bare=is_bare))

        try:
            counterparts.start()
            with told_plainly():
                uvloop.run(serve_until_told(settings, world))
        except KeyboardInterrupt:
            tell("closing")
        finally:
            with contextlib.suppress(KeyboardInterrupt):
                counterparts.stop()
    tell("everything is closed; the next start takes it up again")
