# SPDX-License-Identifier: Apache-2.0
"""Whatever goes through the framework is a guest until it answers, however that ends."""

from __future__ import annotations

from typing import Any

import pytest

from silkcast.faces.live.guests import Guests
from silkcast.stage.deals.courtesy import Courtesy

START: Any = {"type": "http.response.start", "status": 200, "headers": []}


class Site:
    """Answers, and notes how many guests there were before and after the head of its answer."""

    def __init__(self, courtesy: Courtesy, *, fails: bool = False) -> None:
        self.courtesy, self.fails = courtesy, fails
        self.seen: list[int] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(self.courtesy.guests)
        if self.fails:
            raise OSError("gone")
        await send(START)
        self.seen.append(self.courtesy.guests)


async def ask(guests: Guests, kind: str = "http") -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nobody reads")

    scope: Any = {"type": kind}
    await guests(scope, receive, send)
    return sent


async def test_a_request_is_a_guest_until_the_head_of_its_answer() -> None:
    courtesy = Courtesy()
    site = Site(courtesy)
    assert await ask(Guests(site, courtesy)) == [START]
    assert site.seen == [1, 0], "what streams for an hour is none"


async def test_one_that_fails_has_left() -> None:
    courtesy = Courtesy()
    with pytest.raises(OSError, match="gone"):
        await ask(Guests(Site(courtesy, fails=True), courtesy))
    assert courtesy.guests == 0


async def test_what_is_no_request_is_no_guest() -> None:
    courtesy = Courtesy()
    site = Site(courtesy)
    await ask(Guests(site, courtesy), "lifespan")
    assert site.seen == [0, 0]
