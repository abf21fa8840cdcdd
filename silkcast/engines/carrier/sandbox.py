# SPDX-License-Identifier: Apache-2.0
"""The sandbox carrier from our side: it speaks to the program in `provider`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any, cast, get_args

import httpx

from silkcast.engines.carrier.sheet import sandbox_sheet
from silkcast.engines.counterpart.signing import signed_by
from silkcast.ground.clock import Clock, SystemClock
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.quantity import Size
from silkcast.plumbing.engines import Engine
from silkcast.plumbing.http import HttpSettings, make_client
from silkcast.plumbing.settings import Secret
from silkcast.trade.shipping.errors import BadSignature, CarrierRefused, CarrierSilent, NoParcel, ParcelGone
from silkcast.trade.shipping.port import Carrier
from silkcast.trade.shipping.values import (
    Booked,
    Booking,
    Rate,
    RateAsk,
    RateSheet,
    Step,
    TrackEvent,
    TrackNews,
)

STEPS = frozenset(get_args(Step))


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where the sandbox carrier listens, and what it and we both know."""

    base_url: str = "http://127.0.0.1:8811"
    secret: Secret = Secret()
    former_secret: Secret = Secret()
    """Still taken on callbacks while secrets rotate."""
    timeout_seconds: int = 10


def _size(size: Size | None) -> list[int] | None:
    return None if size is None else [size.length_mm, size.width_mm, size.height_mm]


def _money(amount: Money) -> dict[str, str]:
    return {"amount": str(amount.amount), "currency": amount.currency}


def _read_money(given: Mapping[str, Any]) -> Money:
    return Money.of(given["amount"], given["currency"])


def _event(given: Mapping[str, Any]) -> TrackEvent | None:
    """None for a step that is not in our words: a carrier may say more than we ask."""
    if given["step"] not in STEPS:
        return None
    at = datetime.fromisoformat(given["at"])
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    amount = _read_money(given["amount"]) if given.get("amount") else None
    return TrackEvent(
        given["id"], cast(Step, given["step"]), at, given.get("place", ""), given.get("country", ""), amount
    )


def _events(given: list[Mapping[str, Any]]) -> tuple[TrackEvent, ...]:
    read = (_event(one) for one in given)
    return tuple(sorted((one for one in read if one is not None), key=lambda one: (one.at, one.id)))


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "service": booking.service,
        "direction": booking.direction,
        "sender": asdict(booking.sender),
        "receiver": asdict(booking.receiver),
        "grams": booking.weight.grams,
        "size": _size(booking.size),
        "value": _money(booking.value),
        "cod": _money(booking.cod) if booking.cod else None,
        "scheme_number": booking.scheme_number,
        "receiver_number": booking.receiver_number,
        "contents": [
            {
                "text": content.text,
                "units": content.units,
                "net_grams": content.net.grams,
                "value": _money(content.value),
                "hs_code": content.hs_code,
                "origin": content.origin,
            }
            for content in booking.contents
        ],
    }


class Sandbox:
    """Serves trade.shipping's port."""

    name = "sandbox"

    def __init__(self, settings: SandboxSettings, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._secrets = [one.reveal() for one in (settings.secret, settings.former_secret) if one]
        self._client = make_client(
            HttpSettings(answer_timeout_seconds=settings.timeout_seconds),
            base_url=settings.base_url,
            headers={"authorization": f"Bearer {settings.secret.reveal()}"},
        )

    @property
    def sheet(self) -> RateSheet:
        """Prices as data."""
        return sandbox_sheet()

    async def _ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        try:
            answered = await self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as fault:
            raise CarrierSilent(self.name) from fault
        if answered.is_success:
            return answered.json()
        if answered.status_code == 404:
            raise NoParcel()
        if answered.status_code in (400, 409, 422):
            told = answered.json()
            raise CarrierRefused(str(told.get("field", "")), str(told.get("why", "")))
        raise CarrierSilent(self.name)

    async def rates(self, ask: RateAsk) -> tuple[Rate, ...]:
        """The carrier's own prices, cheapest first."""
        body = {
            "origin": ask.origin,
            "destination": ask.destination,
            "grams": ask.weight.grams,
            "size": _size(ask.size),
            "cod": ask.cod,
            "on": ask.on.isoformat(),
        }
        return tuple(
            Rate(
                carrier=self.name,
                service=one["service"],
                name=Words(one["name"]),
                price=_read_money(one["price"]),
                days_min=one["days"][0],
                days_max=one["days"][1],
                cutoff=time.fromisoformat(one["cutoff"]),
                handling_days=one["handling_days"],
                cod_ok=one["cod"],
                features=tuple(one["features"]),
            )
            for one in await self._ask("POST", "/v1/rates", body)
        )

    async def book(self, booking: Booking, *, key: str) -> Booked:
        """Book a parcel, out or back; the same key books once."""
        told = await self._ask("POST", "/v1/parcels", _booking(booking), **{"idempotency-key": key})
        return Booked(told["tracking"], told["waybill_no"], base64.b64decode(told["label"]))

    async def track(self, tracking: str) -> tuple[TrackEvent, ...]:
        """All that happened so far, oldest first."""
        return _events((await self._ask("GET", f"/v1/parcels/{tracking}"))["events"])

    async def cancel(self, tracking: str) -> None:
        """Only before the pick-up."""
        try:
            await self._ask("POST", f"/v1/parcels/{tracking}/cancel", {})
        except CarrierRefused as refused:
            raise ParcelGone(refused.why) from refused

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> TrackNews:
        """Check the signature, then read."""
        if not signed_by(self._secrets, headers, body, self._clock.now()):
            raise BadSignature()
        try:
            told = json.loads(body)
            return TrackNews(told["tracking"], _events(told["events"]))
        except (ValueError, KeyError, TypeError) as fault:
            raise CarrierRefused("body", "cannot be read") from fault


def make_sandbox(settings: SandboxSettings) -> Carrier:
    """The port's object."""
    return Sandbox(settings)


ENGINE = Engine(
    kind="carrier", name="sandbox", label="Sandbox carrier", settings=SandboxSettings, make=make_sandbox
)
