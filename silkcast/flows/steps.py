# SPDX-License-Identifier: Apache-2.0
"""Steps: how every flow runs, is undone, and goes on after a restart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from silkcast.ground.refusals import Conflict, Refusal, TooMany, Unavailable
from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import store
from .scene import Scene
from .store import Progress

log = structlog.get_logger()

NOT_NOW = (Unavailable, TooMany)
"""Refusals that say nothing of what was done: the step is not undone, it is asked again later."""

Notes = dict[str, Any]
"""What a flow remembers between steps: ids and plain facts that fit in JSON, never personal."""

Act = Callable[[Scene, Notes], Awaitable[Mapping[str, Any] | None]]


async def _nothing(scene: Scene, notes: Notes) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """`do` returns what to remember; `undo` takes back what `do` did, if it did."""

    name: str
    do: Act
    undo: Act = _nothing


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    steps: Sequence[Step]
    lease: timedelta = field(default=timedelta(seconds=60))
    """How long a flow may be silent before another runner goes on with it."""


async def run(scene: Scene, flow: Flow, key: str, notes: Mapping[str, Any]) -> Notes:
    """Run the flow for this key, or go on with it; what it remembers in the end.

    A refusal in a step undoes it and the steps before it, and is raised. A silence of somebody outside, or
    any other fault, leaves the progress where it is: `go_on` takes it up again.
    """
    async with scene.database.write() as tx:
        progress = await store.begin(tx, flow.name, key, notes)
    if progress.state == "done":
        return dict(progress.notes)
    if progress.state in ("undoing", "undone"):
        kept = dict(progress.notes)
        if progress.state == "undoing":
            await _undo(scene, flow, progress, kept, progress.steps_done)
        raise Undone(progress.refusal or "flow.undone")
    return await _do(scene, flow, progress)


async def _do(scene: Scene, flow: Flow, progress: Progress) -> Notes:
    notes = dict(progress.notes)
    for index in range(progress.steps_done, len(flow.steps)):
        step = flow.steps[index]
        try:
            notes |= await step.do(scene, dict(notes)) or {}
        except NOT_NOW as refusal:
            log.warning("flow.waits", flow=flow.name, step=step.name, code=refusal.code)
            raise
        except Refusal as refusal:
            log.info("flow.refused", flow=flow.name, step=step.name, code=refusal.code)
            await _undo(scene, flow, progress, notes, index + 1, refusal.code)
            raise
        state = "done" if index + 1 == len(flow.steps) else "running"
        await _note(scene, progress, state, index + 1, notes)
    return notes


async def _undo(
    scene: Scene, flow: Flow, progress: Progress, notes: Notes, reached: int, code: str | None = None
) -> None:
    await _note(scene, progress, "undoing", reached, notes, code)
    for index in range(reached - 1, -1, -1):
        notes |= await flow.steps[index].undo(scene, dict(notes)) or {}
        await _note(scene, progress, "undoing" if index else "undone", index, notes)


async def _note(
    scene: Scene, progress: Progress, state: Any, done: int, notes: Notes, code: str | None = None
) -> None:
    async with scene.database.write() as tx:
        await store.note(tx, progress.id, state=state, steps_done=done, notes=notes, refusal=code)


async def fresh_key(scene: Scene, flow: Flow, stem: str) -> str:
    """The key of the present attempt: one that was undone makes room for another."""
    async with scene.database.read() as db:
        undone = await store.count_undone(db, flow.name, f"{stem}/")
    return f"{stem}/{undone}"


async def go_on(scene: Scene, flows: Sequence[Flow], *, limit: int = 20) -> int:
    """Take up the flows that a crash left behind; how many. One that fails again does not stop the others."""
    taken = 0
    for flow in flows:
        async with scene.database.write() as tx:
            waiting = await store.left_behind(tx, flow.name, tx.now - flow.lease, limit)
        for progress in waiting:
            await _go_on_with(scene, flow, progress)
        taken += len(waiting)
    return taken


async def _go_on_with(scene: Scene, flow: Flow, progress: Progress) -> None:
    try:
        await run(scene, flow, progress.key, progress.notes)
    except Refusal as refusal:
        log.info("flow.went_on_to_refusal", flow=flow.name, code=refusal.code)
    except Exception:
        # it stays where it is and is taken up again; the others must still go on
        log.exception("flow.failed_again", flow=flow.name, key=progress.key)


def tick(scene: Scene, flows: Sequence[Flow]) -> Tick:
    """Every half minute, take up what was left behind."""

    async def run_left_behind(database: Database) -> None:
        await go_on(scene, flows)

    return Tick("flows.go_on", timedelta(seconds=30), run_left_behind)


@dataclass(eq=False)
class Undone(Conflict):
    """The flow of this key was undone before; `was` is the code of the refusal then."""

    code = "flow.undone"
    was: str
