# SPDX-License-Identifier: Apache-2.0
"""The demo's evening: a film goes out to the live show round and round, the host pins what it shows, viewers
say their lines. All of it through the doors that sellers and viewers use."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Coroutine
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

import structlog

from silkcast.faces.demo import broadcast, script
from silkcast.faces.demo.film import FPS, plan
from silkcast.faces.demo.founding import Founded, Tell, pinned_by_picture
from silkcast.faces.demo.world import Shop
from silkcast.faces.demo.world import Show as ToldShow
from silkcast.flows import live
from silkcast.flows.scene import Scene
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import SellerId, ShowId
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.children import dies_with_us
from silkcast.plumbing.db import SYSTEM, Db
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Saying
from silkcast.stage.deals import service as deals
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow, Show

log = structlog.get_logger()
FILM = "qinghe-kiln"
LONGEST_SHOW = timedelta(hours=2)
"""After that the show ends, its replay stays, and a new one begins."""
MOST_SHOWS = 3
"""Then the demo goes off air until it is started again: recordings are not to fill the disk."""
BEHIND_SECONDS = 2.2
"""What viewers see is so much older than what is sent: pins come when the picture does."""
LINE_SECONDS = 9.0
PAUSE_SECONDS = 60.0
BETWEEN_SECONDS = 20.0


async def draw_film(folder: Path, tell: Tell) -> Path:
    """The film, made now if it is not there: by a child of its own, so that it can be stopped midway."""
    made = script.read(FILM)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "silkcast.faces.demo.film", made.name, str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        preexec_fn=dies_with_us(),
    )
    assert child.stdout is not None
    film: Path | None = None
    try:
        while line := (await child.stdout.readline()).decode().rstrip():
            if line.endswith(".mp4"):
                film = Path(line)
            else:
                tell(line)
        await child.wait()
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
            await child.wait()
    if film is None:
        raise RuntimeError("the film could not be drawn")
    return film


def told_live(founded: Founded) -> tuple[Shop, ToldShow]:
    return next((shop, show) for shop in founded.world.shops for show in shop.shows if show.is_live)


async def live_show(scene: Scene, founded: Founded) -> Show:
    """The demo's show, on air. One that ran long enough, or was ended, makes room for another; one that
    the seller holds meanwhile is waited for."""
    shop, told = told_live(founded)
    seller = founded.shops[shop.slug].id
    while True:
        async with scene.database.read() as db:
            on_air = await rooms.live_now(db, seller=seller)
            now = db.now
        for show in on_air:
            if show.titles.text("en") != told.title.text("en"):
                await asyncio.sleep(BETWEEN_SECONDS)
            elif show.started_at is not None and now - show.started_at < LONGEST_SHOW:
                return show
            else:
                await live.end_show(scene, show.id, seller, SYSTEM)
        if not on_air:
            return await _begin(scene, founded, seller, told)


async def _begin(scene: Scene, founded: Founded, seller: SellerId, told: ToldShow) -> Show:
    async with scene.database.write() as tx:
        run = [(await catalog.by_slug(tx, seller, slug)).id for slug in told.products]
        plan = NewShow(told.title, tx.now, tuple(run), founded.covers.get(told.cover))
        planned = await rooms.plan_show(tx, seller, plan)
        return await rooms.start(tx, planned.id, seller)


async def go_on_air(scene: Scene, show: Show, film: Path) -> None:
    """Send the film to the show until cancelled."""
    async with scene.database.read() as db:
        key = await rooms.stream_key(db, show.id, show.seller)
    await broadcast.broadcast(film, scene.video.ingest_address(key).rtmp_url, key)


async def is_selling(db: Db, show: ShowId) -> bool:
    """Whether a deal of the show counts down, or runs and has units left."""
    deal = await deals.launched(db, show)
    return deal is not None and deal.phase(db.now) != "over" and any(lane.left > 0 for lane in deal.lanes)


async def pin_along(scene: Scene, show: Show) -> None:
    """Pin what the film shows, scene by scene, round by round. What a deal sells stays on the table."""
    shots = await asyncio.to_thread(plan, script.read(FILM))
    seconds = int((shots[-1].start + shots[-1].seconds) * FPS) // FPS
    by_picture = await pinned_by_picture(scene, show)
    moments = [
        (shot.start, by_picture[shot.scene.picture.name])
        for shot in shots
        if shot.scene.picture.name in by_picture
    ]
    clock = asyncio.get_running_loop()
    begun = clock.time()
    for turn in count():
        for start, product in moments:
            due = begun + turn * seconds + start + BEHIND_SECONDS
            await asyncio.sleep(max(0.0, due - clock.time()))
            async with scene.database.write() as tx:
                if not await is_selling(tx, show.id):
                    await rooms.pin(tx, show.id, show.seller, product)


async def talk(scene: Scene, founded: Founded, show: Show) -> None:
    """The viewers' lines, one after the other, with a pause after each round."""
    lines = founded.world.lines
    for number, line in enumerate(cycle(lines)):
        await asyncio.sleep(LINE_SECONDS if (number + 1) % len(lines) else PAUSE_SECONDS)
        author = Author("viewer", f"demo/{line.name}", line.name)
        async with scene.database.write() as tx:
            await chat.say(tx, show.id, show.seller, Saying(author, line.text, line.language))


async def evening(scene: Scene, founded: Founded, film: Path) -> None:
    """One show after the other."""
    for _ in range(MOST_SHOWS):
        show = await live_show(scene, founded)
        doings = (
            go_on_air(scene, show, film),
            pin_along(scene, show),
            talk(scene, founded, show),
        )
        tasks = [asyncio.create_task(_whole(doing)) for doing in doings]
        try:
            await _until_over(scene, show)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(BETWEEN_SECONDS)
    log.warning("demo.off_air", shows=MOST_SHOWS)
    await asyncio.Event().wait()


async def _whole(doing: Coroutine[Any, Any, None]) -> None:
    """One thing that goes wrong does not end the evening."""
    try:
        await doing
    except Refusal as refusal:  # the show was ended meanwhile, or a line was refused
        log.info("demo.refused", refusal_code=refusal.code)
    except Exception:
        log.exception("demo.failed")


async def _until_over(scene: Scene, show: Show) -> None:
    """Until somebody ends the show in the studio, or it has lasted long enough."""
    while True:
        await asyncio.sleep(3)
        async with scene.database.read() as db:
            now = await rooms.the_show(db, show.id)
            if not now.is_live or (now.started_at and db.now - now.started_at > LONGEST_SHOW):
                return
