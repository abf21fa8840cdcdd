# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

from litestar import Response, get

from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.plumbing.jobs import service as jobs
from silkcast.plumbing.outbox import service as outbox
from silkcast.stage.rooms import service as rooms
from silkcast.trade.customs import service as customs
from silkcast.trade.payments import service as payments
from silkcast.watch.insight import service as insight
from silkcast.who.identity.values import User

from .declarations import six_numbers
from .side import desk_page
from .views import Check, HomePage, Stream

SLOW = timedelta(seconds=30)


@get("/")
async def home(house: House, visit: Visit, operator: User) -> Response[str]:
    """Is the house well, what needs a person, what the day brought."""
    started = perf_counter()
    async with house.database.read() as db:
        by_state = await customs.count_by_state(db)
        took = int((perf_counter() - started) * 1000)
        today = await insight.sales_of_day(db, db.now.date())
    view = HomePage(
        checks=await _checks(house, visit, took),
        streams=await _streams(house, visit),
        today=today,
        declared=six_numbers(by_state, visit.language),
        needs=await _needs(house, visit, by_state.get("refused", 0) + by_state.get("failed", 0)),
        is_demo=house.site.is_demo,
    )
    return await desk_page(house, visit, operator, "home.html", view)


async def _checks(house: House, visit: Visit, took: int) -> Sequence[Check]:
    _ = catalog(visit.language).gettext
    async with house.database.read() as db:
        lag = await outbox.lag(db)
        queue = await jobs.state(db)
    scene = house.scene
    engines = ", ".join((*scene.payments, *scene.carriers))
    return (
        Check(_("Database"), _("answers in %(time)s ms") % {"time": took}, "jade"),
        Check(
            _("Relay"),
            _("%(time)s s behind") % {"time": int(lag.total_seconds())},
            "jade" if lag < SLOW else "saffron",
        ),
        Check(
            _("Jobs"),
            _("%(due)s due, %(running)s running, %(failed)s failed")
            % {"due": queue.due, "running": queue.running, "failed": queue.failed},
            "madder" if queue.failed else ("jade" if queue.lag < SLOW else "saffron"),
            "/desk/failed",
        ),
        Check(_("Engines"), engines, "jade"),
    )


async def _streams(house: House, visit: Visit) -> Sequence[Stream]:
    _ = catalog(visit.language).gettext
    async with house.database.read() as db:
        shows = await rooms.live_now(db)
    found = []
    for show in shows:
        health = house.scene.video.health(show.id)
        if health is None:
            fact = _("Nothing arrives")
        elif health.problem:
            fact = health.problem
        else:
            fact = _("Picture and sound arrive")
        found.append(Stream(show.titles, f"/live/{show.slug}", show.has_picture, fact, show.started_at))
    return found


async def _needs(house: House, visit: Visit, refused: int) -> Sequence[Check]:
    _ = catalog(visit.language).gettext
    async with house.database.read() as db:
        failed = (await jobs.state(db)).failed + await outbox.count_failed(db)
        silent = await payments.unsettled(
            db, older_than=db.now - timedelta(minutes=5), engines=house.scene.asked
        )
        by_hand = await payments.unsettled_refunds(db, older_than=db.now, engines=hand_engines(house))
    wanted = (
        (refused, _("Refused by customs"), "/desk/declarations?status=refused", "madder"),
        (failed, _("Failed work"), "/desk/failed", "madder"),
        (len(by_hand), _("Cash refunds to send"), "/desk/payments", "saffron"),
        (len(silent), _("Payments without an answer"), "/desk/payments", "saffron"),
    )
    return [Check(name, str(count), kind, href) for count, name, href, kind in wanted if count]


def hand_engines(house: House) -> tuple[str, ...]:
    """Engines that nobody can ask: people report what happened."""
    return tuple(name for name, engine in house.scene.payments.items() if engine.by_hand)
