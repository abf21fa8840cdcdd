# SPDX-License-Identifier: Apache-2.0
"""Shows: planning, the address and key for an encoder, the replay with its moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.views import Image
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.ground.ids import FileId, ProductId, ShowId
from silkcast.ground.refusals import Conflict, Invalid
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import BadTitle
from silkcast.stage.rooms.port import Recording
from silkcast.stage.rooms.values import NewShow, Show
from silkcast.watch.insight import service as insight

from . import forms
from .desk import Desk, see, uuid_in
from .pictures import address_of, first_image, kept
from .show_views import Moment, ShowForm, ShowsView, ShowView


def cover_of(show: Show, width: int = 640) -> Image | None:
    return address_of(show.cover, width) if show.cover else None


def stream_of(desk: Desk, show: Show) -> str:
    """Where the player finds the picture: the replay once there is one."""
    if show.replay is not None:
        return f"/media/{show.replay.path}"
    return f"/media/{desk.scene.video.playback_path(show.id)}"


@get("/shows", name="studio.shows")
async def list_shows(desk: Desk) -> Response[str]:
    shop = desk.shop.id
    async with desk.read() as db:
        live = await rooms.live_now(db, seller=shop)
        upcoming = await rooms.upcoming(db, seller=shop)
        ended = await rooms.ended(db, seller=shop)
    covered = [[(one, cover_of(one, 320)) for one in some] for some in (live, upcoming, ended)]
    return await desk.page("shows", ShowsView(*covered))


@get("/shows/new", name="studio.show.new")
async def new(desk: Desk, starts_at: str = "") -> Response[str]:
    """With a time that was found good, if one was."""
    said = {"starts_at": starts_at} if moment_in(starts_at[:40], desk.zone) else {}
    return await desk.page("plan", await form_view(desk, None, said, ""))


@post("/shows/new")
async def plan(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    return await save(desk, await forms.form_of(request), None)


@get("/shows/{id:str}/plan", name="studio.show.plan")
async def edit(desk: Desk, id: str) -> Response[str]:
    return await desk.page("plan", await form_view(desk, await show_of(desk, id), {}, ""))


@post("/shows/{id:str}/plan")
async def revise(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    return await save(desk, await forms.form_of(request), await show_of(desk, id))


async def show_of(desk: Desk, id: str) -> Show:
    async with desk.read() as db:
        return await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)


async def save(desk: Desk, form: FormMultiDict, before: Show | None) -> Response[Any]:
    said = forms.texts(form)
    try:
        new = await plan_of(desk, form, said, before)
        async with desk.write() as tx:
            if before is None:
                saved = await rooms.plan_show(tx, desk.shop.id, new)
            else:
                saved = await rooms.revise_show(tx, before.id, desk.shop.id, new)
    except (Invalid, Conflict) as refusal:
        view = await form_view(desk, before, said, words_of(refusal, desk.visit.language))
        return await desk.page("plan", view, status=422)
    return see(f"/studio/shows/{saved.id}")


async def plan_of(desk: Desk, form: FormMultiDict, said: Mapping[str, str], before: Show | None) -> NewShow:
    titles = forms.words(said, "title", before.titles if before else None)
    if titles is None:
        raise BadTitle("en")
    picture = await kept(desk.scene.files, form.get("cover"))
    cover: FileId | None = picture.file if picture else (before.cover if before else None)
    starts = moment_in(said.get("starts_at", ""), desk.zone) or (before.starts_at if before else None)
    return NewShow(titles, starts or desk.house.database.clock.now(), await run_of(desk, said), cover)


async def run_of(desk: Desk, said: Mapping[str, str]) -> tuple[ProductId, ...]:
    """Ticked products by the number beside them; only the shop's own."""
    ticked = [ProductId(uuid_in(name[4:])) for name in said if name.startswith("run-")]
    async with desk.read() as db:
        mine = await catalog.products(db, ticked)
    own = [id for id in ticked if id in mine and mine[id].seller == desk.shop.id]
    return tuple(sorted(own, key=lambda id: forms.whole(said.get(f"place-{id}", ""), 999)))


def moment_in(text: str, zone: ZoneInfo) -> datetime | None:
    """`2026-11-26T19:00` as the seller's own clock has it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone) if text else None
    except ValueError:
        return None


async def form_view(desk: Desk, show: Show | None, said: Mapping[str, str], problem: str) -> ShowForm:
    async with desk.read() as db:
        found = await catalog.search(db, seller=desk.shop.id, status="listed", limit=100)
    run = list(show.run) if show else []
    placed = [
        (one, first_image(one, desk.visit.language), run.index(one.id) + 1 if one.id in run else None)
        for one in found.items
    ]
    placed.sort(key=lambda one: one[2] or 999)
    titles = forms.by_language(show.titles if show else None)
    starts = show.starts_at.astimezone(desk.zone).strftime("%Y-%m-%dT%H:%M") if show else ""
    return ShowForm(
        show=show,
        action=f"/studio/shows/{show.id}/plan" if show else "/studio/shows/new",
        titles={one: said.get(f"title-{one}", text) for one, text in titles.items()},
        starts_at=said.get("starts_at", starts),
        zone=desk.visit.timezone,
        products=placed,
        cover=cover_of(show) if show else None,
        problem=problem,
    )


@get("/shows/{id:str}", name="studio.show")
async def show(desk: Desk, id: str, key: str = "") -> Response[str]:
    async with desk.read() as db:
        view = await show_view(db, desk, ShowId(uuid_in(id)), bool(key))
    return await desk.page("show", view)


@post("/shows/{id:str}/key")
async def renew(desk: Desk, id: str) -> Redirect:
    """A new key. Whoever still sends with the old one is cut."""
    show = ShowId(uuid_in(id))
    async with desk.write() as tx:
        await rooms.renew_key(tx, show, desk.shop.id)
    await desk.scene.video.kick(show)
    return see(f"/studio/shows/{id}?key=1#key")


async def show_view(db: Db, desk: Desk, id: ShowId, with_key: bool) -> ShowView:
    found = await rooms.the_show(db, id, seller=desk.shop.id)
    video = desk.scene.video
    products = await catalog.products(db, found.run)
    ingest = video.ingest_address(await rooms.stream_key(db, id, desk.shop.id)) if with_key else None
    return ShowView(
        show=found,
        cover=cover_of(found),
        ingest=ingest,
        server=video.ingest_address("").rtmp_url,
        run=[(one, first_image(one, desk.visit.language)) for one in in_order(products, found.run)],
        stream=stream_of(desk, found) if found.has_picture or found.replay else "",
        health=video.health(id),
        moments=await moments(db, desk, found),
        sales=[(one.market, one.orders, one.takings) for one in await insight.sales_of_show(db, id)],
    )


def in_order(products: Mapping[ProductId, Product], run: Sequence[ProductId]) -> list[Product]:
    return [products[id] for id in run if id in products]


async def moments(db: Db, desk: Desk, show: Show) -> list[Moment]:
    """When each product was shown, as places in the replay."""
    pins = await rooms.pins(db, show.id)
    products = await catalog.products(db, list({pin.product for pin in pins}))
    recording = await desk.scene.video.finish_recording(show.id) if show.replay else None
    return [
        Moment(
            products[pin.product],
            first_image(products[pin.product], desk.visit.language),
            pin.pinned_at,
            seconds_of(show, recording, pin.pinned_at),
        )
        for pin in pins
        if pin.product in products
    ]


def seconds_of(show: Show, recording: Recording | None, at: datetime) -> int:
    if recording is not None:
        return int(recording.offset(at))
    return max(0, int((at - (show.started_at or at)).total_seconds()))


HANDLERS = (list_shows, new, plan, edit, revise, show, renew)
