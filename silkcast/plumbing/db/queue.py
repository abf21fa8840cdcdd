# SPDX-License-Identifier: Apache-2.0
"""Queue: where pgqueuer's tables lie, and its statements.

Its package brings a command line and a settings library with it, a tenth of the time that the house takes to
start. So it is imported when the first job is wanted or looked for, not when the house starts.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
    from pgqueuer.domain.settings import DBSettings

SCHEMA = "jobs"
TABLE = f"{SCHEMA}.queue"
LOG = f"{SCHEMA}.log"


@cache
def queue() -> DBSettings:
    """The same places for pgqueuer. Every name is given, so no stray environment variable can move them."""
    from pgqueuer.domain.settings import DBSettings
    from pgqueuer.domain.types import Channel

    made = DBSettings(
        prefix="",
        db_schema=SCHEMA,
        channel=Channel("silkcast_jobs"),
        function="queue_changed",
        trigger="queue_changed",
        statistics_table="statistics",
        queue_status_type="status",
        queue_table="queue",
        queue_table_log="log",
        schedules_table="schedules",
    )
    assert (made.qualified.queue_table, made.qualified.queue_table_log) == (TABLE, LOG)
    return made


@cache
def statements() -> QueryQueueBuilder:
    """What pgqueuer writes its statements with."""
    from pgqueuer.adapters.persistence.qb import QueryQueueBuilder

    return QueryQueueBuilder(settings=queue())


def by_clock(statement: str, position: int) -> str:
    """pgqueuer asks the server what time it is; the house asks its clock: parameter `position`."""
    return statement.replace("NOW()", f"${position}::timestamptz")


@cache
def enqueueing() -> str:
    """Write jobs; one whose key waits already is left out."""
    return by_clock(statements().build_enqueue_query("skip"), 7)
