# SPDX-License-Identifier: Apache-2.0
"""Twilio: texts go out by a gateway that speaks Twilio's Messages API, Twilio's own or another's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import httpx
import msgspec

from silkcast.plumbing.engines import Engine
from silkcast.plumbing.http import HttpSettings, make_client
from silkcast.plumbing.settings import Secret
from silkcast.watch.notices.port import TextNotSent
from silkcast.watch.notices.values import Text


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """The gateway, and who we are to it."""

    address: str = "https://api.twilio.com"
    account: str = ""
    token: Secret = Secret()
    sender: str = ""
    """A number in E.164, a name that the country allows, or MG… for a messaging service."""
    reach: Literal["any", "loopback"] = "any"
    answer_timeout_seconds: float = 10.0


class _Answer(msgspec.Struct, frozen=True):
    sid: str = ""
    code: int | None = None


class Twilio:
    def __init__(self, settings: TwilioSettings) -> None:
        if not settings.address.startswith("https://") and settings.reach != "loopback":
            raise ValueError("sms.twilio: address begins with https://, since texts hold codes")
        self._settings = settings
        self._path = (
            f"{settings.address}/2010-04-01/Accounts/{quote(settings.account, safe='')}/Messages.json"
        )
        self._client = make_client(
            HttpSettings(answer_timeout_seconds=settings.answer_timeout_seconds), reach=settings.reach
        )

    async def send(self, text: Text, *, key: str) -> None:
        """One request a text. The API knows no key: an answer that was lost may bring a text twice."""
        wanted = self._settings
        sender = "MessagingServiceSid" if wanted.sender.startswith("MG") else "From"
        try:
            answer = await self._client.post(
                self._path,
                data={"To": text.to, sender: wanted.sender, "Body": text.words},
                auth=(wanted.account, wanted.token.reveal()),
            )
        except httpx.HTTPError as fault:
            raise TextNotSent(0, type(fault).__name__) from None
        if answer.status_code != 201:
            raise TextNotSent(answer.status_code, _reason(answer.content))
        if not _read(answer.content).sid:
            raise TextNotSent(answer.status_code, "no sid")

    async def close(self) -> None:
        await self._client.aclose()


def _read(body: bytes) -> _Answer:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Answer()


def _reason(body: bytes) -> str:
    """The gateway's own number for what was wrong. Its words name the phone: they go nowhere."""
    code = _read(body).code
    return str(code) if code is not None else ""


ENGINE = Engine("sms", "twilio", "SMS by Twilio's Messages API", TwilioSettings, Twilio)
