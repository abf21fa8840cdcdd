# SPDX-License-Identifier: Apache-2.0
"""Breaking a flow in every way there is: what each flow's own test hands over to be broken.

A case says how to begin (`begin` makes fresh ground and gives key and notes) and what to look at (`state`).
Then, for each step: it is done twice; it refuses before and after its work, and everything is undone; it
crashes before and after its work, and another runner goes on; and every undo is done twice. A flow that was
broken and went on ends like one that was not; one that was undone leaves what it found.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import pytest

from silkcast.flows import steps
from silkcast.flows.scene import Scene
from silkcast.flows.steps import Act, Flow, Notes, Step
from silkcast.ground.clock import SetClock
from silkcast.ground.refusals import Conflict, Unavailable

When = Literal["before", "after"]


class Refused(Conflict):
    code = "test.refused"


class Silent(Unavailable):
    code = "test.silent"


class Crash(Exception):
    """The power went."""


@dataclass(frozen=True)
class Case:
    """One flow to be broken."""

    flow: Flow
    begin: Callable[[], Awaitable[tuple[str, Mapping[str, Any]]]]
    state: Callable[[str], Awaitable[Any]]
    """What is looked at, of the thing with this key: the same before and after where all was undone."""
    quiet: Callable[[], Awaitable[None]]
    clock: SetClock


def twice(act: Act) -> Act:
    async def acting(scene: Scene, notes: Notes) -> Mapping[str, Any] | None:
        await act(scene, dict(notes))
        return await act(scene, dict(notes))

    return acting


def failing(act: Act, fault: type[Exception], when: When, times: int = 1) -> Act:
    """The act, that fails the first `times` it is asked, with its work done or not."""
    left = [times]

    async def acting(scene: Scene, notes: Notes) -> Mapping[str, Any] | None:
        if left[0] > 0:
            left[0] -= 1
            if when == "after":
                await act(scene, dict(notes))
            raise fault()
        return await act(scene, dict(notes))

    return acting


def with_step(flow: Flow, index: int, **changes: Any) -> Flow:
    broken = list(flow.steps)
    broken[index] = replace(broken[index], **changes)
    return replace(flow, steps=tuple(broken))


def all_twice(flow: Flow, *, undo: bool = False) -> Flow:
    made = [Step(one.name, twice(one.do), twice(one.undo) if undo else one.undo) for one in flow.steps]
    return replace(flow, steps=tuple(made))


async def whole(case: Case, scene: Scene) -> Any:
    """How it ends when nothing is broken."""
    key, notes = await case.begin()
    await steps.run(scene, case.flow, key, notes)
    await case.quiet()
    return await case.state(key)


async def break_in_every_way(case: Case, scene: Scene) -> None:
    good = await whole(case, scene)
    await repeat_steps(case, scene, good)
    for index in range(len(case.flow.steps)):
        await refuse_at(case, scene, index, "before")
        await refuse_at(case, scene, index, "after")
        await go_on_after(case, scene, index, "before", Silent, good)
        await go_on_after(case, scene, index, "after", Crash, good)
        await crash_while_undoing(case, scene, index)


async def repeat_steps(case: Case, scene: Scene, good: Any) -> None:
    key, notes = await case.begin()
    flow = all_twice(case.flow)
    first = await steps.run(scene, flow, key, notes)
    assert await steps.run(scene, flow, key, notes) == first, "asked again: the same answer"
    await case.quiet()
    assert await case.state(key) == good


async def refuse_at(case: Case, scene: Scene, index: int, when: When) -> None:
    """A refusal undoes all of it, though every undo is done twice; asked again, it says it was undone."""
    key, notes = await case.begin()
    before = await case.state(key)
    flow = all_twice(case.flow, undo=True)
    flow = with_step(flow, index, do=failing(case.flow.steps[index].do, Refused, when))
    with pytest.raises(Refused):
        await steps.run(scene, flow, key, notes)
    await case.quiet()
    assert await case.state(key) == before, f"step {index} refused {when} its work"
    with pytest.raises(steps.Undone) as undone:
        await steps.run(scene, flow, key, notes)
    assert undone.value.was == Refused.code


async def go_on_after(
    case: Case, scene: Scene, index: int, when: When, fault: type[Exception], good: Any
) -> None:
    """After a crash or a silence nothing is undone, and another runner brings it to the same end."""
    key, notes = await case.begin()
    flow = with_step(case.flow, index, do=failing(case.flow.steps[index].do, fault, when))
    with pytest.raises(fault):
        await steps.run(scene, flow, key, notes)
    assert await steps.go_on(scene, [flow]) == 0, "not yet: its runner may be alive"
    case.clock.advance(flow.lease + timedelta(seconds=1))
    assert await steps.go_on(scene, [flow]) == 1
    await case.quiet()
    assert await case.state(key) == good, f"step {index}: {fault.__name__} {when} its work"


async def crash_while_undoing(case: Case, scene: Scene, index: int) -> None:
    """The power goes in the middle of an undo: another runner undoes the rest."""
    key, notes = await case.begin()
    before = await case.state(key)
    last = len(case.flow.steps) - 1
    flow = with_step(case.flow, last, do=failing(case.flow.steps[last].do, Refused, "after"))
    flow = with_step(flow, index, undo=failing(flow.steps[index].undo, Crash, "after"))
    with pytest.raises(Crash):
        await steps.run(scene, flow, key, notes)
    case.clock.advance(flow.lease + timedelta(seconds=1))
    assert await steps.go_on(scene, [flow]) == 1
    await case.quiet()
    assert await case.state(key) == before
