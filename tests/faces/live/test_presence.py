# SPDX-License-Identifier: Apache-2.0
"""How many watch: nobody is counted twice, nobody less than not at all."""

from __future__ import annotations

import pytest

from silkcast.faces.live.presence import Presence
from silkcast.ground.ids import ShowId
from silkcast.plumbing.wire import Hub
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town


async def test_who_comes_in_while_the_room_is_told_is_counted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence = Presence(town.database, Hub())
    show = town.show.id
    presence.arrive(show, "FR")
    await presence.tick()
    presence.leave(show, "FR")
    write = rooms.count

    async def count(tx: object, to: ShowId, *, likes: int, viewers: int) -> int:
        presence.arrive(show, "SA")
        return await write(tx, to, likes=likes, viewers=viewers)  # type: ignore[arg-type]

    monkeypatch.setattr(rooms, "count", count)
    await presence.tick()  # tells that the room is empty, and meanwhile somebody comes in
    monkeypatch.undo()

    assert presence.viewers(show) == 1
    presence.leave(show, "SA")
    assert presence.viewers(show) == 0
