# SPDX-License-Identifier: Apache-2.0
"""NATS: a bus between processes and machines, over a nats-server without storage."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError, NoRespondersError

from silkcast.plumbing.faults import Fault
from silkcast.plumbing.settings import Secret
from silkcast.plumbing.wire.bus import MOST_OCTETS, Answerer, BusAway, End, Handler, NobodyAnswers

log = structlog.get_logger(__name__)

FAILED = {"failed": "1"}
MOST_WAITING = 20_000
"""Messages of ours that wait to be sent, and of theirs that wait to be heard."""
_ADDRESS = re.compile(r"^(?:nats|tls|ws|wss)://\S+$")


class NoWire(Fault):
    """The nats-server of the settings does not take us in."""


class Nats:
    """One connection. Made by `joined`; comes back by itself for as long as it is open."""

    is_shared = True

    def __init__(self, client: Client) -> None:
        self._client = client
        self._outgoing: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(MOST_WAITING)
        self._sending = asyncio.create_task(self._send())
        self._answering: set[asyncio.Task[None]] = set()
        self._when_back: list[Callable[[], None]] = []
        self._is_closed = False

    @property
    def is_here(self) -> bool:
        return bool(self._client.is_connected) and not self._is_closed

    @property
    def is_open(self) -> bool:
        return not self._is_closed

    def publish(self, subject: str, octets: bytes) -> bool:
        if not self.is_here or len(octets) > MOST_OCTETS or self._outgoing.full():
            return False
        self._outgoing.put_nowait((subject, octets))
        return True

    async def _send(self) -> None:
        while True:
            subject, octets = await self._outgoing.get()
            try:
                await self._client.publish(subject, octets)
            except (NatsError, OSError) as fault:
                # numbered or repeated by those whom it concerns
                log.warning("wire.not_sent", error=type(fault).__name__)
            finally:
                self._outgoing.task_done()

    async def subscribe(self, subject: str, handler: Handler) -> End:
        async def hear(message: Msg) -> None:
            try:
                handler(message.subject, message.data)
            except Exception:
                log.exception("wire.handler_failed", subject=subject)

        return await self._subscribed(subject, hear)

    async def answer(self, subject: str, answerer: Answerer) -> End:
        async def hear(message: Msg) -> None:
            task = asyncio.create_task(self._answer(message, answerer))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

        return await self._subscribed(subject, hear)

    async def _subscribed(self, subject: str, hear: Any) -> End:
        made = await self._client.subscribe(
            subject, cb=hear, pending_msgs_limit=MOST_WAITING, pending_bytes_limit=64 * 1024 * 1024
        )
        if self._client.is_connected:  # else it is told when we are back
            with suppress(NatsError, TimeoutError):
                await self._client.flush(timeout=1)  # from now on the server knows, whoever asks

        async def end() -> None:
            try:
                await made.unsubscribe()
            except NatsError as fault:
                log.debug("wire.not_unsubscribed", error=type(fault).__name__)

        return end

    async def _answer(self, message: Msg, answerer: Answerer) -> None:
        headers: dict[str, str] | None = None
        try:
            said = await answerer(message.subject, message.data)
        except Exception:
            log.exception("wire.answerer_failed", subject=message.subject.rpartition(".")[2])
            said, headers = b"", FAILED
        try:
            await self._client.publish(message.reply, said, headers=headers)
        except (NatsError, OSError) as fault:
            log.warning("wire.not_answered", error=type(fault).__name__)

    async def request(self, subject: str, octets: bytes, timeout_seconds: float) -> bytes:
        if not self.is_here:
            raise BusAway
        try:
            said = await self._client.request(subject, octets, timeout=timeout_seconds)
        except (TimeoutError, NoRespondersError):
            raise NobodyAnswers(subject) from None
        except MaxPayloadError as fault:
            raise BusAway("the message is too long") from fault
        except (NatsError, OSError) as fault:
            raise BusAway(type(fault).__name__) from None
        if said.headers and FAILED.items() <= said.headers.items():
            raise NobodyAnswers(f"{subject}: it failed there")
        return bytes(said.data)

    def when_back(self, call: Callable[[], None]) -> None:
        self._when_back.append(call)

    async def back(self) -> None:
        log.info("wire.back")
        for call in self._when_back:
            call()

    async def close(self) -> None:
        if self.is_here:
            try:
                async with asyncio.timeout(2):
                    await self._outgoing.join()
                    await self._client.flush()
            except (TimeoutError, NatsError):
                log.warning("wire.closed_with_words_left")
        self._is_closed = True
        self._sending.cancel()
        for task in list(self._answering):
            task.cancel()
        await asyncio.gather(self._sending, *self._answering, return_exceptions=True)
        await self._client.close()


async def joined(url: Secret, *, patience_seconds: float = 10.0) -> Nats:
    """A bus on the server of the address; raises NoWire if it does not take us in within our patience."""
    if not _ADDRESS.match(url.reveal()):
        raise NoWire("wire.url is not an address of NATS: nats://token@host:4222")
    client = Client()
    made: list[Nats] = []

    async def away() -> None:
        if any(one.is_open for one in made):
            log.warning("wire.away")

    async def back() -> None:
        for one in made:
            await one.back()

    async def wrong(fault: Exception) -> None:
        # the text of a fault may name the address, and with it the token
        log.warning("wire.fault", error=type(fault).__name__)

    try:
        async with asyncio.timeout(patience_seconds):
            await client.connect(
                url.reveal(),
                name="silkcast",
                error_cb=wrong,
                disconnected_cb=away,
                reconnected_cb=back,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=cast(int, 0.2),
                connect_timeout=2,
                ping_interval=2,
                max_outstanding_pings=2,
            )
    except (TimeoutError, NatsError, OSError, ValueError) as fault:
        await client.close()
        words = f"the wire does not answer ({type(fault).__name__}): is nats-server up, and the token right?"
        raise NoWire(words) from None
    made.append(Nats(client))
    return made[0]
