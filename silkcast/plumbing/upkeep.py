# SPDX-License-Identifier: Apache-2.0
"""Upkeep: plumbing's own ticks. What has run is kept for a while to be looked at, then forgotten."""

from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.answers import service as answers
from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick
from silkcast.plumbing.jobs import service as jobs
from silkcast.plumbing.outbox import service as outbox


async def forget_delivered(database: Database) -> None:
    """Events older than a month whose reactions have all ended."""
    await outbox.sweep(database)


async def forget_job_log(database: Database) -> None:
    """What the queue's log says of more than two weeks ago."""
    await jobs.sweep(database)


async def forget_answers(database: Database) -> None:
    """What requests with an idempotency key were answered more than a month ago."""
    await answers.sweep(database)


TICKS = (
    Tick("outbox.forget_delivered", timedelta(hours=6), forget_delivered),
    Tick("jobs.forget_log", timedelta(hours=6), forget_job_log),
    Tick("answers.forget", timedelta(hours=6), forget_answers),
)
