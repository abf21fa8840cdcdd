# SPDX-License-Identifier: Apache-2.0
"""The carrier's desk: takes bookings, tells the track, and lets time pass."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from silkcast.engines.carrier.provider import journey, label, numbers
from silkcast.engines.carrier.sheet import sandbox_sheet
from silkcast.engines.counterpart.app import Answer, App, Asked, Fault, answer
from silkcast.engines.counterpart.program import milliseconds
from silkcast.engines.counterpart.store import Store
from silkcast.ground.clock import Clock
from silkcast.ground.ids import new_code, new_uuid
from silkcast.ground.places import CITY_STATES
from silkcast.trade.shipping.values import Route, Service

TABLES = """
CREATE TABLE IF NOT EXISTS parcels (
    tracking TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    booking TEXT NOT NULL,
    waybill_no TEXT NOT NULL UNIQUE,
    label BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    booked INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
    tracking TEXT NOT NULL REFERENCES parcels (tracking),
    number INTEGER NOT NULL,
    due INTEGER NOT NULL,
    step TEXT NOT NULL,
    place TEXT NOT NULL,
    country TEXT NOT NULL,
    amount TEXT,
    told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tracking, number)
);
CREATE INDEX IF NOT EXISTS events_due ON events (told, due);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""
FAULTS = ("doubled", "disordered", "late", "silent")
BEFORE_PICK_UP = {"accepted"}


def _text(given: Mapping[str, Any], field: str, *, within: str = "") -> str:
    value = given.get(field)
    if not isinstance(value, str) or not value.strip():
        raise Fault(422, f"{within}{field}", "missing")
    return value


def _whole(given: Mapping[str, Any], field: str) -> int:
    value = given.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Fault(422, field, "not a whole number over zero")
    return value


def _object(given: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = given.get(field)
    if not isinstance(value, dict):
        raise Fault(422, field, "missing")
    return value


def _sides(given: Mapping[str, Any]) -> list[int]:
    """The three sides, the longest first; a size not given hinders nothing."""
    size = given.get("size")
    if size is None:
        return [1, 1, 1]
    if (
        not isinstance(size, list)
        or len(size) != 3
        or not all(type(side) is int and side > 0 for side in size)
    ):
        raise Fault(422, "size", "not three whole numbers over zero")
    return sorted(size, reverse=True)


def _day(given: Mapping[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(_text(given, field))
    except ValueError:
        raise Fault(422, field, "not a date") from None


def _contents(given: Mapping[str, Any]) -> None:
    contents = given.get("contents")
    if not isinstance(contents, list) or not contents or not all(isinstance(one, dict) for one in contents):
        raise Fault(422, "contents", "missing")
    for one in contents:
        _text(one, "text", within="contents.")
        _whole(one, "units")
    if sum(_whole(one, "net_grams") for one in contents) > given["grams"]:
        raise Fault(422, "contents", "heavier than the parcel")


def _cash(given: Mapping[str, Any], currency: str) -> None:
    cash = given.get("cod")
    if cash is None:
        return
    try:
        fitting = Decimal(cash["amount"]) > 0 and cash["currency"] == currency
    except (InvalidOperation, KeyError, TypeError, ValueError):
        fitting = False
    if not fitting:
        raise Fault(422, "cod", "not an amount in the country's currency")


@dataclass
class Desk:
    store: Store
    clock: Clock
    day_seconds: Decimal
    new_code: Callable[[int], str] = new_code

    def app(self, secret: str) -> App:
        made = App(secret)
        made.add("POST", "/v1/rates", self.rates)
        made.add("POST", "/v1/parcels", self.book)
        made.add("GET", "/v1/parcels/{tracking}", self.look)
        made.add("GET", "/v1/parcels/{tracking}/label", self.label)
        made.add("POST", "/v1/parcels/{tracking}/cancel", self.cancel)
        made.add("POST", "/sandbox/faults", self.set_faults)
        made.add("POST", "/sandbox/parcels/{tracking}/advance", self.advance)
        return made

    def _priced(self, given: Mapping[str, Any]) -> list[tuple[Service, Route, Decimal]]:
        """Each service that goes there, with its price: our own sum, not our customer's."""
        sheet, grams, today = sandbox_sheet(), _whole(given, "grams"), _day(given, "on")
        sides = _sides(given)
        found = []
        for route in sheet.routes:
            service = sheet.services[route.service]
            in_time = route.valid_from <= today and (route.valid_to is None or today <= route.valid_to)
            way = (route.origin, route.destination) == (given.get("origin"), given.get("destination"))
            too_big = (
                sides[0] > service.max_side_mm or sides[0] + 2 * (sides[1] + sides[2]) > service.max_girth_mm
            )
            if not way or not in_time or too_big or grams > service.max_weight.grams:
                continue
            if given.get("cod") and route.cod_fee is None:
                continue
            paid = grams
            if service.volumetric_divisor:
                paid = max(paid, -(-sides[0] * sides[1] * sides[2] // service.volumetric_divisor))
            steps = -(-max(0, paid - 500) // 100)
            fee = route.cod_fee.amount if given.get("cod") and route.cod_fee else Decimal(0)
            found.append((service, route, route.first.amount + steps * route.each.amount + fee))
        return sorted(found, key=lambda one: (one[2], one[1].days_max))

    async def rates(self, asked: Asked) -> Answer:
        """What each service costs and takes."""
        return answer(
            [
                {
                    "service": service.code,
                    "name": dict(service.name.by_language),
                    "price": {"amount": str(amount), "currency": route.first.currency},
                    "days": [route.days_min, route.days_max],
                    "cutoff": service.cutoff.isoformat("minutes"),
                    "handling_days": service.handling_days,
                    "cod": route.cod_fee is not None,
                    "features": list(service.features),
                }
                for service, route, amount in self._priced(asked.json())
            ]
        )

    def _checked(self, given: dict[str, Any]) -> Route:
        """The route of a booking that may be taken."""
        for party in ("sender", "receiver"):
            country = _text(_object(given, party), "country", within=f"{party}.")
            for field in ("name", "street") if country in CITY_STATES else ("name", "street", "city"):
                _text(_object(given, party), field, within=f"{party}.")
        _text(given, "reference")
        ask = {
            "origin": given["sender"]["country"],
            "destination": given["receiver"]["country"],
            "grams": given.get("grams"),
            "size": given.get("size"),
            "cod": given.get("cod"),
            "on": self.clock.now().date().isoformat(),
        }
        fitting = [route for service, route, _ in self._priced(ask) if service.code == given.get("service")]
        if not fitting:
            raise Fault(422, "service", "not for this way, weight, size or cash")
        _contents(given)
        _cash(given, fitting[0].first.currency)
        return fitting[0]

    async def book(self, asked: Asked) -> Answer:
        """Take a parcel. The same key with the same booking is answered with the same parcel."""
        key, given = asked.headers.get("idempotency-key", ""), asked.json()
        if not key:
            raise Fault(400, "idempotency-key", "missing")
        booking = json.dumps(given, sort_keys=True)
        if (known := self.store.one("SELECT * FROM parcels WHERE key = ?", key)) is not None:
            if known["booking"] != booking:
                raise Fault(409, "idempotency-key", "used for another booking")
            return self._booked(known["tracking"])
        route = self._checked(given)
        tracking = self._number(given)
        waybill = tracking if tracking.startswith("LX") else f"WB{self.new_code(11)}"
        now = self.clock.now()
        page = label.draw(given, tracking, waybill, route.service, now.date())
        with self.store.transaction():
            self.store.run(
                "INSERT INTO parcels (tracking, key, booking, waybill_no, label, booked)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                tracking, key, booking, waybill, page, milliseconds(now),
            )  # fmt: skip
            self._plan(given, route, tracking, milliseconds(now))
        return self._booked(tracking)

    def _number(self, given: Mapping[str, Any]) -> str:
        while True:
            if given["service"] == "post_tracked":
                number = numbers.post_number(given["sender"]["country"], self.new_code)
            else:
                number = numbers.express_number(self.new_code)
            if self.store.one("SELECT 1 FROM parcels WHERE tracking = ?", number) is None:
                return number

    def _plan(self, given: Mapping[str, Any], route: Route, tracking: str, booked: int) -> None:
        stages = journey.stages(
            origin=given["sender"]["country"],
            destination=given["receiver"]["country"],
            takes=journey.days(given["reference"], route.days_min, route.days_max),
            longest=route.days_max,
            how=journey.trigger(given["receiver"]["street"]),
            cod=bool(given.get("cod")),
        )
        for number, stage in enumerate(stages):
            cash = json.dumps(given["cod"]) if stage.with_cash else None
            due = booked + int(stage.day * self.day_seconds * 1000)
            self.store.run(
                "INSERT INTO events (tracking, number, due, step, place, country, amount)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                tracking, number, due, stage.step, stage.place, stage.country, cash,
            )  # fmt: skip

    def _parcel(self, tracking: str) -> Any:
        found = self.store.one("SELECT * FROM parcels WHERE tracking = ?", tracking)
        if found is None:
            raise Fault(404, "tracking", "no such parcel")
        return found

    def _booked(self, tracking: str) -> Answer:
        found = self._parcel(tracking)
        page = base64.b64encode(found["label"]).decode()
        return answer({"tracking": tracking, "waybill_no": found["waybill_no"], "label": page}, 201)

    async def look(self, asked: Asked) -> Answer:
        """The parcel's state and all that happened to it up to now."""
        found = self._parcel(asked.named["tracking"])
        self.work(self.clock.now())
        rows = self.store.all(
            "SELECT * FROM events WHERE tracking = ? AND told = 1 ORDER BY number", found["tracking"]
        )
        return answer(
            {"tracking": found["tracking"], "state": found["state"], "events": [_event(row) for row in rows]}
        )

    async def label(self, asked: Asked) -> Answer:
        """The label once more."""
        return Answer(200, self._parcel(asked.named["tracking"])["label"], "application/pdf")

    async def cancel(self, asked: Asked) -> Answer:
        """Only before the pick-up; twice is once."""
        found = self._parcel(asked.named["tracking"])
        self.work(self.clock.now())
        told = self.store.all("SELECT step FROM events WHERE tracking = ? AND told = 1", found["tracking"])
        if {row["step"] for row in told} - BEFORE_PICK_UP:
            raise Fault(409, "tracking", "picked up already")
        with self.store.transaction():
            self.store.run("UPDATE parcels SET state = 'cancelled' WHERE tracking = ?", found["tracking"])
            self.store.run("DELETE FROM events WHERE tracking = ? AND told = 0", found["tracking"])
        return answer({"tracking": found["tracking"], "state": "cancelled"})

    async def advance(self, asked: Asked) -> Answer:
        """Let the next thing (or `steps` of them) happen now; what follows moves up with it."""
        found, steps = self._parcel(asked.named["tracking"]), _whole({"steps": 1} | asked.json(), "steps")
        now = milliseconds(self.clock.now())
        rows = self.store.all(
            "SELECT number, due FROM events WHERE tracking = ? AND told = 0 ORDER BY number LIMIT ?",
            found["tracking"], steps,
        )  # fmt: skip
        if rows:
            sooner = max(0, rows[-1]["due"] - now)
            with self.store.transaction():
                self.store.run(
                    "UPDATE events SET due = MAX(due - ?, ?) WHERE tracking = ? AND told = 0",
                    sooner, now - len(rows), found["tracking"],
                )  # fmt: skip
                for offset, row in enumerate(rows):
                    self.store.run(
                        "UPDATE events SET due = ? WHERE tracking = ? AND number = ?",
                        now - len(rows) + offset, found["tracking"], row["number"],
                    )  # fmt: skip
        return await self.look(asked)

    async def set_faults(self, asked: Asked) -> Answer:
        """Switch faults on and off, for all parcels."""
        given = asked.json()
        for name, value in given.items():
            if name not in FAULTS:
                raise Fault(422, name, "no such fault")
            self.switch(name, bool(value))
        return answer(sorted(self.faults()))

    def switch(self, name: str, on: bool) -> None:
        self.store.run("INSERT OR REPLACE INTO switches (name, value) VALUES (?, ?)", name, int(on))

    def faults(self) -> set[str]:
        return {row["name"] for row in self.store.all("SELECT name FROM switches WHERE value = 1")}

    def work(self, now: datetime) -> None:
        """Let happen what is due, and queue the news of it."""
        moment = milliseconds(now)
        rows = self.store.all(
            "SELECT * FROM events WHERE told = 0 AND due <= ? ORDER BY due, tracking, number LIMIT 500",
            moment,
        )
        if not rows:
            return
        faults = self.faults()
        with self.store.transaction():
            for row in rows:
                self.store.run(
                    "UPDATE events SET told = 1 WHERE tracking = ? AND number = ?",
                    row["tracking"],
                    row["number"],
                )
                self._tell(row, moment, faults)

    def _tell(self, row: Any, moment: int, faults: set[str]) -> None:
        if "silent" in faults:
            return
        news = {"id": str(new_uuid()), "tracking": row["tracking"], "events": [_event(row)]}
        body, due = json.dumps(news).encode(), moment
        if "late" in faults:
            due += int(self.day_seconds * 1000)
        if "disordered" in faults and row["number"] % 2 == 0:
            due += 1500
        for _ in range(2 if "doubled" in faults else 1):
            self.store.call_back(body, "application/json", due)


def _event(row: Any) -> dict[str, Any]:
    at = datetime.fromtimestamp(row["due"] / 1000, UTC)
    told = {
        "id": f"{row['tracking']}-{row['number']}",
        "step": row["step"],
        "at": at.isoformat(),
        "place": row["place"],
        "country": row["country"],
    }
    return told | ({"amount": json.loads(row["amount"])} if row["amount"] else {})
