# SPDX-License-Identifier: Apache-2.0
"""Both posts carry the same letters: one into a folder, one to a real mail server that the test runs."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from silkcast.engines.post.mailbox import Mailbox, MailboxSettings
from silkcast.engines.post.smtp import NoEmail, Smtp, SmtpSettings
from silkcast.ground.clock import SetClock
from silkcast.watch.notices.values import Letter

LETTER = Letter("layla@example.test", "ar", "وصل الطلب 7K2M", "مرحبًا ليلى،\n\nتم تسليم طردك.\n")


class MailServer:
    """Speaks just enough SMTP to take a message, or to refuse its receiver."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.taken: list[bytes] = []
        self._refuses = refuses

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT" and self._refuses:
                writer.write(b"550 nobody here\r\n")
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                self.taken.append(body[:-5].replace(b"\r\n..", b"\r\n."))
                writer.write(b"250 kept\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(server: MailServer) -> AsyncIterator[int]:
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def test_a_letter_is_laid_once_for_its_owner_only(tmp_path: Path, clock: SetClock) -> None:
    mailbox = Mailbox(MailboxSettings(tmp_path / "box"), clock)

    for _ in range(2):
        await mailbox.send(LETTER, key="a1")

    (laid,) = (tmp_path / "box").iterdir()
    read = message_from_bytes(laid.read_bytes(), policy=default)
    assert (read["To"], read["Subject"]) == (LETTER.to, LETTER.subject)
    assert read.get_content().replace("\r\n", "\n") == LETTER.body
    assert stat.S_IMODE(laid.stat().st_mode) == 0o600


async def test_a_mail_server_gets_the_same_letter(clock: SetClock) -> None:
    server = MailServer()
    async with serving(server) as port:
        await Smtp(SmtpSettings(port=port, security="none"), clock).send(LETTER, key="a1")

    read = message_from_bytes(server.taken[0], policy=default)
    assert (read["Subject"], read["Message-ID"]) == (LETTER.subject, "<a1@silkcast>")
    assert read.get_content().replace("\r\n", "\n").strip() == LETTER.body.strip()


async def test_what_the_server_refuses_is_raised(clock: SetClock) -> None:
    async with serving(MailServer(refuses=True)) as port:
        with pytest.raises(OSError, match="nobody here"):
            await Smtp(SmtpSettings(port=port, security="none"), clock).send(LETTER, key="a1")


async def test_a_phone_is_not_reached_by_mail(clock: SetClock) -> None:
    with pytest.raises(NoEmail):
        await Smtp(SmtpSettings(), clock).send(Letter("+966501234567", "ar", "x", "y"), key="a1")
