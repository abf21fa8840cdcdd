# SPDX-License-Identifier: Apache-2.0
"""News over the wire: to a real receiver on loopback, and never into our own network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from silkcast.engines.hook.http import HttpHooks, HttpHookSettings
from silkcast.flows import hooking
from silkcast.plumbing.db import Database
from silkcast.watch.hooks import service as hooks
from silkcast.watch.hooks.port import NotReached
from silkcast.watch.hooks.values import Outgoing
from tests.watch.hooks.test_hooks import holds
from tests.who.sellers.build import open_shop


@dataclass(slots=True)
class Receiver:
    """A program of a seller's: keeps what it is sent, answers as it is told."""

    url: str = ""
    status: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
        headers = {
            name.lower(): value for name, value in (line.split(": ", 1) for line in head if ": " in line)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        self.heard.append((headers, body))
        writer.write(f"HTTP/1.1 {self.status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/in"
    async with server:
        yield made


@pytest.fixture
async def loopback() -> AsyncIterator[HttpHooks]:
    sender = HttpHooks(HttpHookSettings(reach="loopback"))
    yield sender
    await sender.close()


async def test_a_delivery_arrives_signed_and_is_noted(
    database: Database, receiver: Receiver, loopback: HttpHooks
) -> None:
    async with database.write() as tx:
        seller = (await open_shop(tx)).id
        made = await hooks.subscribe(tx, seller, receiver.url, ["order.paid"])
        await hooks.tell(tx, seller, "order.paid", {"order": "o-1"}, key="k")
        (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items

    await hooking.send(database, loopback, delivery.id)
    await hooking.send(database, loopback, delivery.id)

    ((headers, body),) = receiver.heard
    assert holds(headers["silkcast-signature"], body, made.secret)
    assert headers["silkcast-kind"] == "order.paid"
    async with database.read() as db:
        (noted,) = (await hooks.deliveries(db, seller, made.hook.id)).items
    assert (noted.state, noted.status, noted.tries) == ("sent", 200, 1)


async def test_a_refusing_receiver_is_asked_again(
    database: Database, receiver: Receiver, loopback: HttpHooks
) -> None:
    receiver.status = 500
    async with database.write() as tx:
        seller = (await open_shop(tx)).id
        made = await hooks.subscribe(tx, seller, receiver.url, ["order.paid"])
        await hooks.tell(tx, seller, "order.paid", {}, key="k")
        (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items

    await hooking.send(database, loopback, delivery.id)
    receiver.status = 202
    await hooking.send(database, loopback, delivery.id)

    async with database.read() as db:
        (noted,) = (await hooks.deliveries(db, seller, made.hook.id)).items
    assert (noted.state, noted.tries, len(receiver.heard)) == ("sent", 2, 2)
    assert receiver.heard[0][1] == receiver.heard[1][1]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/in",
        "https://127.0.0.1:9/in",
        "https://localhost:9/in",
        "https://10.0.0.1/in",
        "https://169.254.169.254/latest",
        "https://[::1]:9/in",
        "https://[::ffff:127.0.0.1]:9/in",
    ],
)
async def test_our_own_network_is_out_of_reach(url: str, receiver: Receiver) -> None:
    sender = HttpHooks(HttpHookSettings())
    try:
        with pytest.raises(NotReached):
            await sender.send(Outgoing(url, {}, b"{}"))
    finally:
        await sender.close()


async def test_nobody_there_is_written_down(database: Database, loopback: HttpHooks) -> None:
    async with database.write() as tx:
        seller = (await open_shop(tx)).id
        made = await hooks.subscribe(tx, seller, "http://127.0.0.1:1/in", ["order.paid"])
        await hooks.tell(tx, seller, "order.paid", {}, key="k")
        (delivery,) = (await hooks.deliveries(tx, seller, made.hook.id)).items

    await hooking.send(database, loopback, delivery.id)

    async with database.read() as db:
        (noted,) = (await hooks.deliveries(db, seller, made.hook.id)).items
    assert (noted.state, noted.status, noted.fault) == ("waiting", 0, "ConnectError")
