# SPDX-License-Identifier: Apache-2.0
"""The sandbox customs from our side: it speaks to the program in `port`, and prints forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

import httpx
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from silkcast.engines.counterpart.signing import signed_by
from silkcast.ground.clock import Clock, SystemClock
from silkcast.plumbing.engines import Engine
from silkcast.plumbing.http import HttpSettings, make_client
from silkcast.plumbing.settings import Secret
from silkcast.trade.customs.errors import BadReceipt, BadSignature, MessageRefused, PortSilent
from silkcast.trade.customs.port import CustomsPort
from silkcast.trade.customs.values import CN23, Kind, Receipt

NAMESPACE = "{http://www.chinaport.gov.cn/ceb}"
CHINA = ZoneInfo("Asia/Shanghai")
RETURNS: Mapping[str, Kind] = {
    "CEB304Message": "303", "CEB404Message": "403", "CEB506Message": "505", "CEB604Message": "603",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where the sandbox customs listens, and what it and we both know."""

    base_url: str = "http://127.0.0.1:8812"
    secret: Secret = Secret()
    former_secret: Secret = Secret()
    timeout_seconds: int = 10


def _moment(text: str) -> datetime:
    """yyyyMMddHHmmssfff on the clocks of China."""
    if len(text) != 17 or not (text.isascii() and text.isdigit()):
        raise BadReceipt("returnTime")
    at = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    return at.replace(microsecond=int(text[14:]) * 1000)


def _receipt(kind: Kind, element: Element) -> Receipt:
    def text(name: str) -> str:
        return (element.findtext(f"{NAMESPACE}{name}") or "").strip()

    if not text("guid") or not text("returnStatus"):
        raise BadReceipt("guid or returnStatus")
    return Receipt(
        kind=kind,
        unit_guid=text("guid"),
        status=int(text("returnStatus")),
        at=_moment(text("returnTime")),
        info=text("returnInfo"),
        pre_no=text("preNo"),
        inventory_no=text("invtNo"),
    )


def read_receipts(body: bytes | str) -> tuple[Receipt, ...]:
    """The receipts in one message of customs: 304, 404, 506 or 604."""
    try:
        root: Element = fromstring(body)
        kind = RETURNS.get(root.tag.removeprefix(NAMESPACE))
        if kind is None:
            raise BadReceipt("message")
        return tuple(_receipt(kind, element) for element in root)
    except (ParseError, DefusedXmlException, ValueError) as fault:
        raise BadReceipt(type(fault).__name__) from fault


class Sandbox:
    """Serves trade.customs' port."""

    name = "sandbox"

    def __init__(self, settings: SandboxSettings, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._secrets = [one.reveal() for one in (settings.secret, settings.former_secret) if one]
        self._client = make_client(
            HttpSettings(answer_timeout_seconds=settings.timeout_seconds),
            base_url=settings.base_url,
            headers={"authorization": f"Bearer {settings.secret.reveal()}"},
        )

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        try:
            answered = await self._client.request(method, path, **options)
        except httpx.HTTPError as fault:
            raise PortSilent() from fault
        if answered.status_code in (409, 413, 422):
            raise MessageRefused(str(answered.json().get("why", "")))
        if not answered.is_success:
            raise PortSilent()
        return answered.json()

    async def send(self, xml: str, kind: Kind, *, key: str) -> None:
        """Hand over one message; it carries its own guid, so twice is once."""
        await self._ask("POST", "/v1/messages", content=xml.encode(), headers={"idempotency-key": key})

    async def receipts(self, since: datetime | None = None) -> tuple[Receipt, ...]:
        """All answers since a moment, oldest first."""
        told = await self._ask(
            "GET", "/v1/receipts", params={"since": str(int(since.timestamp() * 1000) if since else 0)}
        )
        return tuple(receipt for xml in cast(list[str], told) for receipt in read_receipts(xml.encode()))

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[Receipt, ...]:
        """Check the signature, then read."""
        if not signed_by(self._secrets, headers, body, self._clock.now()):
            raise BadSignature()
        return read_receipts(body)

    def cn23(self, form: CN23) -> bytes:
        """The form as a PDF of one page."""
        from silkcast.engines.customs import form as paper  # the drawing library is slow to load

        return paper.draw(form)


def make_sandbox(settings: SandboxSettings) -> CustomsPort:
    """The port's object."""
    return Sandbox(settings)


ENGINE = Engine(
    kind="customs", name="sandbox", label="Sandbox customs", settings=SandboxSettings, make=make_sandbox
)
