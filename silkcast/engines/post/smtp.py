# SPDX-License-Identifier: Apache-2.0
"""SMTP: letters go out by a mail server. Phone numbers cannot be reached this way."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal

from silkcast.ground.clock import Clock, SystemClock
from silkcast.ground.refusals import Invalid
from silkcast.plumbing.engines import Engine
from silkcast.plumbing.settings import Secret
from silkcast.watch.notices.values import Letter

from .envelope import message


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server, and who we are to it."""

    host: str = "127.0.0.1"
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: Secret = Secret()
    sender: str = "Silkcast <shop@silkcast.example>"
    timeout_seconds: int = 20


@dataclass(eq=False)
class NoEmail(Invalid):
    """The letter is for a phone."""

    code = "post.no_email"


class Smtp:
    def __init__(self, settings: SmtpSettings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()

    async def send(self, letter: Letter, *, key: str) -> None:
        """One connection a letter; what the server refuses is raised, and the caller tries again."""
        if "@" not in letter.to:
            raise NoEmail()
        await asyncio.to_thread(self._hand_over, letter, key)

    def _hand_over(self, letter: Letter, key: str) -> None:
        wanted = self.settings
        kind = smtplib.SMTP_SSL if wanted.security == "tls" else smtplib.SMTP
        with kind(wanted.host, wanted.port, timeout=wanted.timeout_seconds) as server:
            if wanted.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if wanted.user:
                server.login(wanted.user, wanted.password.reveal())
            server.send_message(message(letter, sender=wanted.sender, at=self.clock.now(), key=key))


ENGINE = Engine("post", "smtp", "Mail server (SMTP)", SmtpSettings, Smtp)
