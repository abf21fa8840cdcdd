# SPDX-License-Identifier: Apache-2.0
"""The office: takes messages in, decides, answers. What is decided is written before it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring
from zoneinfo import ZoneInfo

from silkcast.engines.counterpart.app import Answer, App, Asked, Fault, answer
from silkcast.engines.counterpart.program import milliseconds
from silkcast.engines.counterpart.store import Store
from silkcast.engines.customs.port.comparing import compare, missing
from silkcast.engines.customs.port.reading import Reason, Unit, Unreadable, read
from silkcast.ground.clock import Clock

TABLES = """
CREATE TABLE IF NOT EXISTS messages (guid TEXT PRIMARY KEY, body BLOB NOT NULL, taken INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS units (
    guid TEXT PRIMARY KEY,
    message TEXT NOT NULL REFERENCES messages (guid),
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    state TEXT NOT NULL,
    taken INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS units_reference ON units (kind, reference);
CREATE INDEX IF NOT EXISTS units_state ON units (state, kind);
CREATE TABLE IF NOT EXISTS receipts (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (guid),
    status INTEGER NOT NULL,
    info TEXT NOT NULL,
    due INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    xml BLOB
);
CREATE INDEX IF NOT EXISTS receipts_due ON receipts (told, due);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""
FAULTS = ("doubled", "disordered", "silent")
CHINA = ZoneInfo("Asia/Shanghai")
NAMESPACE = "http://www.chinaport.gov.cn/ceb"
RETURNS = {
    "303": ("CEB304Message", "OrderReturn", ("ebpCode", "ebcCode", "orderNo")),
    "403": ("CEB404Message", "ReceiptsReturn", ("ebcCode", "orderNo", "payNo")),
    "505": ("CEB506Message", "LogisticsReturn", ("logisticsCode", "logisticsNo")),
    "603": ("CEB604Message", "InventoryReturn", ("agentCode", "copNo")),
}
STORED = Reason("海关入库", "stored by customs")
RELEASED = Reason("放行", "released")
PATIENCE = 10
register_namespace("ceb", NAMESPACE)


def _reference(unit: Unit) -> str:
    """What the documents of one order are found by."""
    return unit.head.get("logisticsNo" if unit.kind == "505" else "orderNo", "")


def _trigger(unit: Unit) -> str:
    names = " ".join(line.get("gname", "") + " " + line.get("itemName", "") for line in unit.lines).upper()
    words = ("INSPECT", "REVIEW", "REFUSE", "ERROR")
    return next((word for word in words if f"SANDBOX-{word}" in names), "")


@dataclass
class Office:
    store: Store
    clock: Clock
    delay: Decimal

    def app(self, secret: str) -> App:
        made = App(secret)
        made.add("POST", "/v1/messages", self.take)
        made.add("GET", "/v1/receipts", self.receipts)
        made.add("POST", "/sandbox/faults", self.set_faults)
        return made

    async def take(self, asked: Asked) -> Answer:
        """Take a message in. The same message twice is once; another under the same guid is refused."""
        try:
            units = read(asked.body)
        except Unreadable as fault:
            raise Fault(422, "body", str(fault)) from None
        guid, now = units[0].message_guid, milliseconds(self.clock.now())
        known = self.store.one("SELECT body FROM messages WHERE guid = ?", guid)
        if known is not None:
            if known["body"] != asked.body:
                raise Fault(409, "guid", "used for another message")
            return answer({"taken": guid}, 202)
        if any(not unit.guid for unit in units):
            raise Fault(422, "guid", "a document without a guid")
        with self.store.transaction():
            self.store.run("INSERT INTO messages (guid, body, taken) VALUES (?, ?, ?)", guid, asked.body, now)
            for unit in units:
                if self.store.one("SELECT 1 FROM units WHERE guid = ?", unit.guid):
                    raise Fault(409, "guid", "a document of this guid is there")
                self._take_unit(unit, now)
        return answer({"taken": guid}, 202)

    def _take_unit(self, unit: Unit, now: int) -> None:
        reference, soon = _reference(unit), now + int(self.delay * 300)
        stored = self.store.one(
            "SELECT 1 FROM units WHERE kind = ? AND reference = ? AND state IN ('stored', 'released')",
            unit.kind, reference,
        )  # fmt: skip
        state, told, status = "stored", str(STORED), 120
        if unit.faults:
            state, told, status = "refused", "；".join(map(str, unit.faults)), 100
        elif unit.head.get("appType") == "1" and stored:
            exists = {"303": -301010, "403": -401007, "505": -504012, "603": -621004}
            state, status = "failed", exists[unit.kind]
            told = str(Reason("单证已存在", "the document exists already"))
        elif unit.head.get("appType") == "2" and not stored:
            state, status = "refused", 100
            told = str(Reason("无可变更的单证", "there is nothing to change"))
        elif unit.kind == "603" and _trigger(unit) == "ERROR":
            state, told, status = (
                "failed",
                str(Reason("沙盒：处理异常", "sandbox: processing error")),
                -621010,
            )
        if unit.kind == "603" and state == "stored":
            state = "waiting"
        self.store.run(
            "INSERT INTO units (guid, message, kind, reference, state, taken) VALUES (?, ?, ?, ?, ?, ?)",
            unit.guid, unit.message_guid, unit.kind, reference, state, now,
        )  # fmt: skip
        self._answer(unit.guid, status, told, soon)

    def _answer(self, unit: str, status: int, info: str, due: int) -> None:
        self.store.run(
            "INSERT INTO receipts (unit, status, info, due) VALUES (?, ?, ?, ?)",
            unit,
            status,
            info[:1000],
            due,
        )

    def _unit(self, guid: str) -> Unit:
        row = self.store.one(
            "SELECT body FROM units JOIN messages ON messages.guid = units.message WHERE units.guid = ?", guid
        )
        assert row is not None
        return next(unit for unit in read(row["body"]) if unit.guid == guid)

    def _beside(self, inventory: Unit) -> dict[str, Unit]:
        """The documents of the list's order that are stored, the newest of each kind."""
        found = {"603": inventory}
        for kind, field in (("303", "orderNo"), ("403", "orderNo"), ("505", "logisticsNo")):
            row = self.store.one(
                "SELECT guid FROM units WHERE kind = ? AND reference = ? AND state = 'stored'"
                " ORDER BY taken DESC, guid DESC LIMIT 1",
                kind, inventory.head.get(field, ""),
            )  # fmt: skip
            if row is not None:
                found[kind] = self._unit(row["guid"])
        return found

    def _decide(self, now: int) -> None:
        """Lists that wait for their other documents: release, refuse, or wait on."""
        for row in self.store.all("SELECT * FROM units WHERE state = 'waiting' AND kind = '603'"):
            inventory = self._unit(row["guid"])
            beside = self._beside(inventory)
            absent = missing(beside)
            if absent and now < row["taken"] + int(self.delay * PATIENCE * 1000):
                continue
            reasons, trigger, due = (
                absent or compare(beside),
                _trigger(inventory),
                now + int(self.delay * 1000),
            )
            if trigger == "REFUSE":
                reasons = [*reasons, Reason("沙盒：退单", "sandbox: refused on demand")]
            with self.store.transaction():
                if trigger in ("INSPECT", "REVIEW") and not reasons:
                    held = {
                        "INSPECT": (500, "查验 / inspection"),
                        "REVIEW": (300, "人工审核 / manual review"),
                    }
                    self._answer(row["guid"], *held[trigger], due)
                    due += int(self.delay * 1000)
                state = "refused" if reasons else "released"
                told = "；".join(map(str, reasons)) if reasons else str(RELEASED)
                self._answer(row["guid"], 100 if reasons else 800, told, due)
                self.store.run("UPDATE units SET state = ? WHERE guid = ?", state, row["guid"])

    def _receipt(self, row: Any) -> bytes:
        """The receipt as the message of its kind: 304, 404, 506, 604."""
        unit = self._unit(row["unit"])
        message, name, fields = RETURNS[unit.kind]
        at = datetime.fromtimestamp(row["due"] / 1000, CHINA)
        values = {"guid": unit.guid} | {field: unit.head.get(field, "") for field in fields}
        if unit.kind == "603":
            serial = f"{row['id']:09d}"[-9:]
            office = unit.head.get("customsCode", "0000")
            values |= {"preNo": f"B{at:%Y%m%d}{serial}", "invtNo": f"{office}{at:%Y}E{serial}"}
            values |= {
                field: unit.head.get(field, "")
                for field in ("ebcCode", "ebpCode", "orderNo", "statisticsFlag")
            }
        values |= {
            "returnStatus": str(row["status"]),
            "returnTime": f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}",
            "returnInfo": row["info"],
        }
        root = Element(f"{{{NAMESPACE}}}{message}", {"guid": unit.message_guid, "version": "1.0"})
        returned = SubElement(root, f"{{{NAMESPACE}}}{name}")
        for field, text in values.items():
            SubElement(returned, f"{{{NAMESPACE}}}{field}").text = text
        written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return written

    async def receipts(self, asked: Asked) -> Answer:
        """All answers since a moment in milliseconds."""
        since = asked.query.get("since", "0")
        if not since.isdigit():
            raise Fault(422, "since", "not milliseconds")
        self.work(self.clock.now())
        rows = self.store.all(
            "SELECT xml FROM receipts WHERE told = 1 AND due >= ? ORDER BY due, id", int(since)
        )
        return answer([row["xml"].decode() for row in rows])

    async def set_faults(self, asked: Asked) -> Answer:
        """Switch faults on and off."""
        for name, value in asked.json().items():
            if name not in FAULTS:
                raise Fault(422, name, "no such fault")
            self.switch(name, bool(value))
        return answer(sorted(self.faults()))

    def switch(self, name: str, on: bool) -> None:
        self.store.run("INSERT OR REPLACE INTO switches (name, value) VALUES (?, ?)", name, int(on))

    def faults(self) -> set[str]:
        return {row["name"] for row in self.store.all("SELECT name FROM switches WHERE value = 1")}

    def work(self, now: datetime) -> None:
        """Decide what waits, and tell what is due."""
        moment = milliseconds(now)
        self._decide(moment)
        faults = self.faults()
        for row in self.store.all(
            "SELECT * FROM receipts WHERE told = 0 AND due <= ? ORDER BY due, id", moment
        ):
            xml = self._receipt(row)
            with self.store.transaction():
                self.store.run("UPDATE receipts SET told = 1, xml = ? WHERE id = ?", xml, row["id"])
                if "silent" in faults:
                    continue
                later = int(self.delay * 1500) if "disordered" in faults and row["status"] == 120 else 0
                for _ in range(2 if "doubled" in faults else 1):
                    self.store.call_back(xml, "application/xml", moment + later)
