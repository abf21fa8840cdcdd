# SPDX-License-Identifier: Apache-2.0
"""Main: wires the house. Knows every name, holds no logic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from litestar.types import ASGIApp
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from silkcast.engines.video.far import Far
from silkcast.engines.video.far import Kept as KeptVideo
from silkcast.faces.account import routes as account_routes
from silkcast.faces.api import routes as api_routes
from silkcast.faces.app import make_app, swift_routes
from silkcast.faces.demo import codes as demo_codes
from silkcast.faces.desk import routes as desk_routes
from silkcast.faces.hooks import routes as hook_routes
from silkcast.faces.house import House, SiteSettings
from silkcast.faces.live import routes as live_routes
from silkcast.faces.live import telling
from silkcast.faces.live.claiming import Claims
from silkcast.faces.live.facts import Facts
from silkcast.faces.live.feed import Feed
from silkcast.faces.live.gathering import Gatherer
from silkcast.faces.live.presence import Presence
from silkcast.faces.shop import routes as shop_routes
from silkcast.faces.studio import routes as studio_routes
from silkcast.faces.swift import Route
from silkcast.flows import (
    calling_off,
    checkout,
    claiming,
    closing,
    dispatch,
    erasing,
    following,
    hooking,
    live,
    posting,
    receiving,
    reconciliation,
    settlement,
    steps,
    taking_back,
    withdrawing,
)
from silkcast.flows import packs as flow_packs
from silkcast.flows.exporting import ExportSettings
from silkcast.flows.scene import FlowSettings, Scene
from silkcast.goods.stock import jobs as stock_jobs
from silkcast.plumbing import packs, tongues, upkeep
from silkcast.plumbing.backup.placing import keeps_files_in_a_bucket as keeps_files_in_a_bucket
from silkcast.plumbing.backup.placing import place as place
from silkcast.plumbing.backup.placing import under
from silkcast.plumbing.db import Base, Database, Tx
from silkcast.plumbing.db.history import upgrade
from silkcast.plumbing.engines import engine
from silkcast.plumbing.files import Files, FilesSettings
from silkcast.plumbing.health import database_answers
from silkcast.plumbing.jobs import Job, Tick
from silkcast.plumbing.jobs.runner import Runner
from silkcast.plumbing.jobs.ticker import Ticker
from silkcast.plumbing.log import LogSettings, configure_log
from silkcast.plumbing.opening import has_database as has_database
from silkcast.plumbing.opening import is_open as is_open
from silkcast.plumbing.opening import open_database as open_database
from silkcast.plumbing.outbox import Reaction
from silkcast.plumbing.outbox.relay import Relay
from silkcast.plumbing.packs import PackSettings
from silkcast.plumbing.rubbish import not_looked_for
from silkcast.plumbing.settings import Settings, load_settings
from silkcast.plumbing.settings.basics import DatabaseSettings, EngineSettings, HouseSettings
from silkcast.plumbing.tongues import LanguageSettings
from silkcast.plumbing.wire import Bus, Hub
from silkcast.plumbing.wire.joint import Joint, Wire, open_joint, open_wire
from silkcast.plumbing.wire.settings import WireSettings
from silkcast.stage.chat.settings import ChatSettings
from silkcast.stage.deals import jobs as deal_jobs
from silkcast.stage.deals import reactions as deal_reactions
from silkcast.stage.deals.committer import CommitterSettings
from silkcast.trade.payments import reactions as payment_reactions
from silkcast.trade.returns import jobs as return_jobs
from silkcast.watch.hooks import jobs as hook_jobs
from silkcast.watch.hooks import reactions as hook_reactions
from silkcast.watch.insight import reactions as insight_reactions
from silkcast.watch.notices import reactions as notice_reactions
from silkcast.watch.notices.settings import NoticeSettings
from silkcast.who.closings import jobs as closing_jobs
from silkcast.who.identity import jobs as identity_jobs
from silkcast.who.identity.settings import CodeSettings
from silkcast.who.markets import jobs as market_jobs
from silkcast.who.translations import jobs as translation_jobs

RELAY_WAKE = "relay.wake"
"""Said by a process that announced events and has no relay."""
DatabaseError = SQLAlchemyError
"""What goes wrong with a database, by a name that no face has to import SQLAlchemy for."""

MODELS: tuple[str, ...] = (
    "silkcast.plumbing.db.outgoing",
    *(
        f"silkcast.{floor}.{name}.models"
        for floor, names in (
            ("plumbing", "outbox jobs answers"),
            ("who", "identity sellers closings teams translations"),
            ("money", "ledger rates"),
            ("goods", "admission catalog pricing stock"),
            ("trade", "customs returns orders payments quotes shipping"),
            ("stage", "chat rooms deals"),
            ("watch", "audit hooks insight notices"),
        )
        for name in names.split()
    ),
    "silkcast.flows.models",
)
"""Every module that has tables, lowest floor first."""

ROUTES = (
    *live_routes.ROUTES,
    *hook_routes.ROUTES,
    *shop_routes.ROUTES,
    *desk_routes.ROUTES,
    *api_routes.ROUTES,
    *account_routes.ROUTES,
    *studio_routes.ROUTES,
)
"""Every handler of every face."""

FLOWS = (*checkout.FLOWS, *dispatch.FLOWS)
"""Every flow that goes on after a restart."""


SECTIONS: Mapping[str, type] = {
    "house": HouseSettings,
    "database": DatabaseSettings,
    "site": SiteSettings,
    "log": LogSettings,
    "files": FilesSettings,
    "flows": FlowSettings,
    "export": ExportSettings,
    "engines": EngineSettings,
    "deals": CommitterSettings,
    "chat": ChatSettings,
    "wire": WireSettings,
    "packs": PackSettings,
    "codes": CodeSettings,
    "languages": LanguageSettings,
}


def metadata() -> MetaData:
    """All tables of the house, with every module that has some imported."""
    for name in MODELS:
        import_module(name)
    return Base.metadata


def settings_from(file: Path | None = None) -> Settings:
    """Every section of the house and of its engines; packs and languages are read from where they say."""
    known = set(SECTIONS)
    first = load_settings(SECTIONS, file=file, are_all=False)
    chosen = first.section("engines", EngineSettings).chosen()
    sections = {f"{kind}.{name}": engine(kind, name).settings for kind, name in chosen}
    assert not known & set(sections), "an engine's section has a name of its own"
    settings = load_settings({**SECTIONS, **sections}, file=file)
    packs.use(settings.section("packs", PackSettings))
    tongues.use(settings.section("languages", LanguageSettings))
    return settings


@dataclass(slots=True)
class Running:
    """A house that is open."""

    house: House
    app: ASGIApp
    swift: tuple[Route, ...]
    presence: Presence
    relay: Relay
    runner: Runner
    ticker: Ticker
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)


async def migrate(database: Database) -> bool:
    """Bring the database to the present shape. False if it had it already."""
    async with database.engine.begin() as connection:
        return await upgrade(connection, metadata())


def make_scene(settings: Settings, database: Database) -> Scene:
    """The engines of the settings, and what flows may reach."""
    folder = settings.section("house", HouseSettings).folder
    chosen = settings.section("engines", EngineSettings)
    made: dict[tuple[str, str], Any] = {}
    for kind, name in chosen.chosen():
        found = engine(kind, name)
        section: Any = settings.section(f"{kind}.{name}", found.settings)
        made[kind, name] = found.make(under(folder, section))
    return Scene(
        database=database,
        files=Files(under(folder, settings.section("files", FilesSettings))),
        payments={name: made["payment", name] for name in chosen.payments},
        carriers={name: made["carrier", name] for name in chosen.carriers},
        customs=made["customs", chosen.customs],
        video=made["video", chosen.video],
        post=made["post", chosen.post],
        hooks=made["hook", chosen.hook],
        translator=made["translation", chosen.translation],
        texts=made["sms", chosen.sms],
        origin=settings.section("site", SiteSettings).address,
        settings=settings.section("flows", FlowSettings),
        exporting=settings.section("export", ExportSettings),
    )


def reactions(scene: Scene, hub: Hub, site: SiteSettings) -> tuple[Reaction, ...]:
    """Everything that answers an event."""
    selling = (settlement, reconciliation, taking_back, calling_off, receiving, withdrawing)
    told = (*selling, closing, live, posting)
    return (
        *payment_reactions.REACTIONS,
        *deal_reactions.REACTIONS,
        *dispatch.reactions(scene),
        *(reaction for flow in told for reaction in flow.REACTIONS),
        *insight_reactions.REACTIONS,
        *hook_reactions.REACTIONS,
        *notice_reactions.reactions(NoticeSettings(site.address)),
        *telling.reactions(hub),
        *(demo_codes.REACTIONS if site.is_demo else ()),
    )


def jobs(scene: Scene) -> tuple[Job, ...]:
    """Everything that is done outside of transactions."""
    return (
        *reconciliation.jobs(scene),
        *dispatch.jobs(scene),
        *taking_back.jobs(scene),
        *calling_off.jobs(scene),
        *closing.jobs(scene),
        *live.jobs(scene),
        *posting.jobs(scene),
        *erasing.jobs(scene),
        *hooking.jobs(scene),
    )


def ticks(scene: Scene) -> tuple[Tick, ...]:
    """Everything that is done by the clock."""
    return (
        *upkeep.TICKS,
        *identity_jobs.TICKS,
        *closing_jobs.TICKS,
        *stock_jobs.TICKS,
        *deal_jobs.TICKS,
        *return_jobs.TICKS,
        *hook_jobs.TICKS,
        *translation_jobs.TICKS,
        *reconciliation.ticks(scene),
        *following.ticks(scene),
        *receiving.ticks(scene),
        steps.tick(scene, FLOWS),
    )


def wire(
    settings: Settings, database: Database, joint: Joint | None = None, *, is_worker: bool = False
) -> Running:
    """The whole house over a database, not started yet. A worker has its video engine in another process."""
    site = settings.section("site", SiteSettings)
    joint = joint or Joint(hub=Hub(tick_seconds=settings.section("wire", WireSettings).tick_seconds))
    scene = make_scene(settings, database)
    if is_worker:
        scene = replace(scene, video=Far(scene.video, joint.bus))
    hub = joint.hub
    Facts(database, hub)
    presence = Presence(database, hub, bus=joint.bus, owners=joint.owners)
    gatherer = Gatherer(database, hub, settings.section("chat", ChatSettings))
    house = House(
        scene,
        hub,
        site,
        gatherer,
        bus=joint.bus,
        owners=joint.owners,
        audience=presence,
        deals=settings.section("deals", CommitterSettings),
        codes=settings.section("codes", CodeSettings),
    )
    house.counter.tell = telling.DealsTold(hub).tell
    house.health.add("database", database_answers(database))
    feed, claims = Feed(house, presence), Claims(house)
    return Running(
        house=house,
        app=make_app(house, presence, ROUTES, feed, claims),
        swift=swift_routes(feed, claims),
        presence=presence,
        relay=Relay(database, (*reactions(scene, hub, site), *claiming.reactions(house.counter))),
        runner=Runner(database, jobs(scene)),
        ticker=Ticker(database, ticks(scene)),
    )


@asynccontextmanager
async def open_house(
    settings: Settings, tell: Callable[[str], None] = lambda words: None, *, is_worker: bool = False
) -> AsyncIterator[Running]:
    """The house with everything running: database, relay, jobs, clock, video. Closed in the other order.
    A worker has the database, the clock and the video engine with its keeper."""
    configure_log(settings.section("log", LogSettings))
    flow_packs.read()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings, tell, may_join=is_worker))
        if not is_worker:
            await migrate(database)
        joint = await stack.enter_async_context(open_joint(settings.section("wire", WireSettings), database))
        with not_looked_for():
            running = wire(settings, database, joint, is_worker=is_worker)
        scene = running.house.scene
        flow_packs.read_sheets(scene)
        shares_video = joint.bus.is_shared and not is_worker
        video = KeptVideo(scene.video, joint.bus) if shares_video else scene.video
        await video.start(live.Doorkeeper(database))
        stack.push_async_callback(video.stop)
        for engine_made in scene.payments.values():
            stack.push_async_callback(engine_made.close)
        if scene.translator is not None:
            stack.push_async_callback(scene.translator.close)
        await joint.bus.subscribe(RELAY_WAKE, lambda subject, octets: running.relay.wake())
        stack.push_async_callback(running.house.gatherer.close)
        works = [
            running.relay.run,
            running.runner.run,
            running.presence.run,
            running.house.shut.run,
            running.house.counter.committer.run,
            market_jobs.keep_fresh,
        ]
        if not is_worker:
            works.append(running.ticker.run)
        for work in works:
            task = asyncio.create_task(work(), name=work.__qualname__)
            running.tasks.append(task)
            stack.push_async_callback(_end, task)
        yield running


def wake_relays(tx: Tx, bus: Bus) -> None:
    """A process without a relay announced something."""
    if tx.announced:
        bus.publish(RELAY_WAKE, b"")


@asynccontextmanager
async def open_keeper(
    settings: Settings, workers: int, tell: Callable[[str], None] = lambda words: None
) -> AsyncIterator[Wire]:
    """What there is once, beside the workers that answer requests: the database, the clock, the wire and the
    video engine. What it hands out is the wire, for the workers to join."""
    configure_log(settings.section("log", LogSettings))
    flow_packs.read()
    folder = settings.section("house", HouseSettings).folder
    async with AsyncExitStack() as stack:
        connections = 40 + workers * (2 * settings.section("database", DatabaseSettings).pool_size + 2)
        opened = open_database(settings, tell, may_join=False, connections=connections)
        database = await stack.enter_async_context(opened)
        await migrate(database)
        kept = await stack.enter_async_context(open_wire(settings.section("wire", WireSettings), folder))
        bus = kept.bus
        database.after_commit(lambda tx: wake_relays(tx, bus))
        scene = make_scene(settings, database)
        video = KeptVideo(scene.video, bus)
        await video.start(live.Doorkeeper(database))
        stack.push_async_callback(video.stop)
        ticking = asyncio.create_task(Ticker(database, ticks(scene)).run())
        stack.push_async_callback(_end, ticking)
        yield kept


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def run() -> None:
    """The command line."""
    from silkcast.faces.cli import main

    main(obj=None)
