# SPDX-License-Identifier: Apache-2.0
"""A house at the door: its relay and its jobs run when they are told to, its texts lie in a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence

import httpx

from silkcast.main import Running
from silkcast.watch.notices.port import KeptLetter, Mailbox


async def delivered(running: Running) -> None:
    """Everything announced is answered, and everything queued is done."""
    await running.relay.deliver_all()
    await running.runner.run_due()


async def texts(running: Running) -> Sequence[KeptLetter]:
    box: object = running.house.scene.texts
    assert isinstance(box, Mailbox)
    return await box.kept(limit=50)


async def code_in_text(running: Running) -> str:
    """The six figures of the last text."""
    await delivered(running)
    words = (await texts(running))[0].letter.body
    found = re.search(r"#(\d{6})\s*$", words)
    assert found, "the last line of a text is for browsers"
    return found[1]


async def ask(client: httpx.AsyncClient, contact: str, next: str = "/") -> httpx.Response:
    return await client.post("/log-in/code", data={"contact": contact, "next": next})
