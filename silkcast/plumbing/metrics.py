# SPDX-License-Identifier: Apache-2.0
"""Metrics: what Prometheus asks for. Labels are routes and kinds, never ids, or the numbers grow for ever."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import service as jobs
from silkcast.plumbing.outbox import service as outbox
from silkcast.plumbing.wire import Hub

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """A registry of this process's own, so that two houses in one test do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.http_seconds = Histogram(
            "silkcast_http_request_seconds",
            "Time to answer",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.refusals = Counter(
            "silkcast_refusals", "What was refused, by code", ["code"], registry=self.registry
        )
        self.relay_lag = Gauge(
            "silkcast_relay_lag_seconds", "How long the longest waiting event is due", registry=self.registry
        )
        self.relay_failed = Gauge(
            "silkcast_relay_failed", "Reactions parked for the desk", registry=self.registry
        )
        self.jobs = Gauge("silkcast_jobs", "Jobs by state", ["state"], registry=self.registry)
        self.jobs_lag = Gauge(
            "silkcast_jobs_lag_seconds", "How long the longest waiting job is due", registry=self.registry
        )
        self.readers = Gauge("silkcast_stream_readers", "Open event streams", registry=self.registry)
        self.topics = Gauge("silkcast_stream_topics", "Topics that are read now", registry=self.registry)
        self.refetches = Gauge(
            "silkcast_stream_refetches", "Readers told to fetch anew", registry=self.registry
        )
        self.streams = Gauge("silkcast_video_streams", "Video streams coming in", registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request. `route` is the pattern (`/orders/{id}`), never the path."""
        self.http_seconds.labels(method, route, str(status)).observe(seconds)

    def refused(self, code: str) -> None:
        self.refusals.labels(code).inc()

    async def look(self, database: Database, hub: Hub | None = None) -> None:
        """Ask for what is only known by asking; called as Prometheus does."""
        async with database.read() as db:
            lag, failed, state = await outbox.lag(db), await outbox.count_failed(db), await jobs.state(db)
        self.relay_lag.set(lag.total_seconds())
        self.relay_failed.set(failed)
        self.jobs_lag.set(state.lag.total_seconds())
        for name in ("due", "running", "failed"):
            self.jobs.labels(name).set(getattr(state, name))
        if hub is not None:
            counts = hub.counts()
            self.readers.set(sum(counts.values()))
            self.topics.set(len(counts))
            self.refetches.set(hub.refetches)

    def render(self) -> bytes:
        """In Prometheus's own format."""
        return generate_latest(self.registry)
