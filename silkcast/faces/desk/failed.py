# SPDX-License-Identifier: Apache-2.0
from uuid import UUID

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.plumbing.jobs import service as jobs
from silkcast.plumbing.outbox import service as outbox
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User

from .side import Why, desk_page, reason_of, seen_to
from .views import FailedPage

Form = URLEncodedBody[Why]
HERE = "/desk/failed"


@get("/failed")
async def list_failed(house: House, visit: Visit, operator: User) -> Response[str]:
    """Work that gave up after all its tries: try again, or drop it with a reason."""
    async with house.database.read() as db:
        view = FailedPage(await jobs.failed(db), await outbox.failed(db))
    return await desk_page(house, visit, operator, "failed.html", view)


@post("/failed/jobs/{job:int}/retry")
async def retry_job(house: House, operator: User, job: int) -> Response[None]:
    async with house.database.write(actor_of(operator)) as tx:
        await jobs.retry(tx, job)
        await audit.record(tx, "job.retried", "job", job)
    return seen_to(HERE)


@post("/failed/jobs/{job:int}/drop")
async def drop_job(house: House, operator: User, job: int, data: Form) -> Response[None]:
    reason = reason_of(data)
    async with house.database.write(actor_of(operator)) as tx:
        await jobs.drop(tx, job, reason=reason)
        await audit.record(tx, "job.dropped", "job", job, reason=reason)
    return seen_to(HERE)


@post("/failed/reactions/{event:uuid}/{reaction:str}/retry")
async def retry_reaction(house: House, operator: User, event: UUID, reaction: str) -> Response[None]:
    async with house.database.write(actor_of(operator)) as tx:
        await outbox.retry(tx, event, reaction)
        await audit.record(tx, "reaction.retried", "event", event, reaction=reaction)
    return seen_to(HERE)


@post("/failed/reactions/{event:uuid}/{reaction:str}/drop")
async def drop_reaction(
    house: House, operator: User, event: UUID, reaction: str, data: Form
) -> Response[None]:
    reason = reason_of(data)
    async with house.database.write(actor_of(operator)) as tx:
        await outbox.drop(tx, event, reaction, reason=reason)
        await audit.record(tx, "reaction.dropped", "event", event, reaction=reaction, reason=reason)
    return seen_to(HERE)
