# SPDX-License-Identifier: Apache-2.0
"""The book: charges, refunds and the news of them. All that the provider decides is decided here."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import msgspec

from silkcast.ground.clock import Clock, day
from silkcast.ground.money import BadMoney, minor_units

from .cards import BANK_CODE, TestCard, digits
from .storage import Row, Storage

FAULTS = ("late", "doubled", "disordered", "lost_answer", "declined", "refund_slow", "refund_failed")
MOST_TRIES = 3
SLOW_SECONDS = 4
LATE_SECONDS = 60
OVERTAKEN_WITHIN_SECONDS = 600
"""So long news that is to come out of order waits for a younger piece to go first."""


@dataclass
class Wrong(Exception):
    """What the provider answers with an error: `status` of HTTP and a stable word."""

    status: int
    code: str


def fee_on(minor: int) -> int:
    """2.9 % and 30 minor units, half up, and never more than the amount."""
    return min((minor * 29 + 500) // 1000 + 30, minor)


class Book:
    """Every method is one whole step: done and on disk, or not at all."""

    def __init__(self, storage: Storage, clock: Clock, *, seed: str, pace: float = 1.0) -> None:
        self.storage = storage
        self._clock = clock
        self._seed = seed.encode()
        self._pace = pace

    def now(self) -> float:
        return self._clock.now().timestamp()

    def today(self) -> date:
        return day(self._clock.now())

    # -- charges

    def open_charge(self, asked: Row) -> Row:
        """A new charge that waits for its buyer."""
        amount, currency = _amount(asked), str(asked.get("currency", ""))
        try:
            minor_units(currency)
        except BadMoney:
            raise Wrong(400, "currency_unknown") from None
        return_url = str(asked.get("return_url", ""))
        if return_url and urlsplit(return_url).scheme not in ("http", "https"):
            raise Wrong(400, "return_url_wrong")
        seq = self.storage.insert(
            "charge",
            amount=amount,
            currency=currency,
            status="requires_action",
            capture=int(asked.get("capture", True) is not False),
            return_url=return_url,
            language=str(asked.get("language", "en")),
            merchant=str(asked.get("merchant", "")),
            metadata=_text_of(self._with_faults(asked, "charge")),
            created=int(self.now()),
        )
        id = f"ch_{seq:08d}"
        self.storage.update("charge", seq, id=id, token=self._token(id))
        if "declined" in faults_in(shown(self.charge(id))["metadata"]):
            return self._move(self.charge(id), "failed", reason="card_declined")
        self._tell("charge.created", id)
        return self.charge(id)

    def charge(self, id: str) -> Row:
        found = self.storage.row("SELECT * FROM charge WHERE id = ?", id)
        if found is None:
            raise Wrong(404, "charge_unknown")
        return found

    def by_token(self, token: str) -> Row:
        found = self.storage.row("SELECT * FROM charge WHERE token = ?", token)
        if found is None:
            raise Wrong(404, "page_unknown")
        return found

    def charges(self, after: int, limit: int) -> list[Row]:
        return self.storage.rows("SELECT * FROM charge WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)

    def try_card(self, token: str, card: TestCard) -> Row:
        """The buyer typed a card: it is taken, declined, or their bank asks first."""
        charge = self.by_token(token)
        if charge["status"] != "requires_action":
            return charge
        self.storage.update("charge", charge["seq"], last4=card.number[-4:], at_bank="", bank_tries=0)
        if card.asks_bank:
            self.storage.update("charge", charge["seq"], at_bank=card.outcome)
            return self.by_token(token)
        return self._decide(charge, card.outcome)

    def answer_bank(self, token: str, code: str) -> Row:
        """The buyer typed the bank's code. Three wrong ones are a refusal of the card."""
        charge = self.by_token(token)
        if charge["status"] != "requires_action" or not charge["at_bank"]:
            return charge
        if digits(code) == BANK_CODE:
            self.storage.update("charge", charge["seq"], at_bank="")
            return self._decide(charge, charge["at_bank"])
        tries = charge["bank_tries"] + 1
        self.storage.update("charge", charge["seq"], bank_tries=tries)
        if tries >= MOST_TRIES:
            self.storage.update("charge", charge["seq"], at_bank="")
            return self._decide(charge, "authentication_failed")
        return self.by_token(token)

    def _decide(self, charge: Row, outcome: str) -> Row:
        if outcome == "ok":
            return self._succeed(charge) if charge["capture"] else self._move(charge, "authorised")
        if outcome == "slow":
            due = self.now() + SLOW_SECONDS * self._pace
            self.storage.update("charge", charge["seq"], settles_at=due)
            return self._move(charge, "processing")
        tries = charge["tries"] + 1
        self.storage.update("charge", charge["seq"], tries=tries, reason=outcome)
        if tries >= MOST_TRIES:
            return self._move(charge, "failed", reason=outcome)
        self._tell("charge.declined", charge["id"])
        return self.charge(charge["id"])

    def capture(self, id: str, asked: Row) -> Row:
        charge, amount = self.charge(id), _amount(asked)
        if charge["status"] != "authorised":
            raise Wrong(409, "not_authorised")
        if amount > charge["amount"]:
            raise Wrong(409, "capture_over_amount")
        return self._succeed(charge, amount)

    def cancel(self, id: str) -> Row:
        charge = self.charge(id)
        if charge["status"] == "cancelled":
            return charge
        if charge["status"] not in ("requires_action", "authorised"):
            raise Wrong(409, "cannot_cancel")
        return self._move(charge, "cancelled", reason="cancelled")

    def _succeed(self, charge: Row, amount: int | None = None) -> Row:
        captured = charge["amount"] if amount is None else amount
        self.storage.update("charge", charge["seq"], captured=captured, fee=fee_on(captured), settles_at=None)
        return self._move(charge, "succeeded")

    def _move(self, charge: Row, status: str, *, reason: str = "") -> Row:
        self.storage.update("charge", charge["seq"], status=status, reason=reason)
        self._tell(f"charge.{status}", charge["id"])
        return self.charge(charge["id"])

    # -- refunds

    def open_refund(self, asked: Row) -> Row:
        """Money back, never more than was captured less what went back before."""
        charge, amount = self.charge(str(asked.get("charge", ""))), _amount(asked)
        if charge["status"] != "succeeded":
            raise Wrong(409, "not_captured")
        if charge["refunded"] + amount > charge["captured"]:
            raise Wrong(409, "refund_over_limit")
        metadata = self._with_faults(asked, "refund")
        faults = faults_in(metadata)
        slow = "refund_slow" in faults or "refund_failed" in faults
        seq = self.storage.insert(
            "refund",
            charge=charge["id"],
            amount=amount,
            status="pending",
            will_fail=int("refund_failed" in faults),
            metadata=_text_of(metadata),
            settles_at=self.now() + SLOW_SECONDS * self._pace,
            created=int(self.now()),
        )
        id = f"re_{seq:08d}"
        self.storage.update("refund", seq, id=id)
        self.storage.update("charge", charge["seq"], refunded=charge["refunded"] + amount)
        if slow:
            self._tell("refund.pending", charge["id"], id)
            return self.refund(id)
        return self._settle_refund(self.refund(id))

    def refund(self, id: str) -> Row:
        found = self.storage.row("SELECT * FROM refund WHERE id = ?", id)
        if found is None:
            raise Wrong(404, "refund_unknown")
        return found

    def _settle_refund(self, refund: Row) -> Row:
        status, reason = ("failed", "account_closed") if refund["will_fail"] else ("succeeded", "")
        self.storage.update("refund", refund["seq"], status=status, reason=reason, settles_at=None)
        if status == "failed":
            charge = self.charge(refund["charge"])
            self.storage.update("charge", charge["seq"], refunded=charge["refunded"] - refund["amount"])
        self._tell(f"refund.{status}", refund["charge"], refund["id"])
        return self.refund(refund["id"])

    def settle_due(self) -> None:
        """What takes its time has taken it: slow cards, slow refunds."""
        for charge in self.storage.rows("SELECT * FROM charge WHERE settles_at <= ?", self.now()):
            with self.storage.whole():
                self._succeed(charge)
        for refund in self.storage.rows("SELECT * FROM refund WHERE settles_at <= ?", self.now()):
            with self.storage.whole():
                self._settle_refund(refund)

    # -- news

    def _tell(self, kind: str, charge: str, refund: str | None = None) -> None:
        row = self.charge(charge)
        seq = self.storage.insert("event", kind=kind, charge=charge, body="", created=int(self.now()))
        id = f"evt_{seq:08d}"
        body = {
            "id": id,
            "kind": kind,
            "created_ms": int(self.now() * 1000),
            "charge": shown(row),
            "refund": shown_refund(self.refund(refund)) if refund else None,
        }
        self.storage.update("event", seq, id=id, body=_text_of(body))
        faults = faults_in(shown(row)["metadata"])
        due = self.now()
        if "late" in faults:
            due += LATE_SECONDS * self._pace
        if "disordered" in faults and not self._overtake(charge):
            due += OVERTAKEN_WITHIN_SECONDS * self._pace
        for _ in range(2 if "doubled" in faults else 1):
            self.storage.insert("delivery", event=id, due=due)

    def _overtake(self, charge: str) -> bool:
        """Put the waiting news of a charge behind the one that comes now; False where none waits."""
        waiting = self.storage.rows(
            "SELECT d.seq FROM delivery d JOIN event e ON e.id = d.event"
            " WHERE e.charge = ? AND NOT d.done ORDER BY d.seq DESC",
            charge,
        )
        for place, delivery in enumerate(waiting, start=1):
            self.storage.update("delivery", delivery["seq"], due=self.now() + place / 1000)
        return bool(waiting)

    def events(self, after: int, limit: int) -> list[Row]:
        return self.storage.rows("SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)

    def send_again(self, id: str) -> None:
        if not self.storage.row("SELECT 1 FROM event WHERE id = ?", id):
            raise Wrong(404, "event_unknown")
        self.storage.insert("delivery", event=id, due=self.now())

    # -- faults

    def add_fault(self, asked: Row) -> None:
        """From now on: the next `times` charges, or refunds, have this fault."""
        fault, on = asked.get("fault"), asked.get("on", "charge")
        if fault not in FAULTS or on not in ("charge", "refund"):
            raise Wrong(400, "fault_unknown")
        self.storage.insert("fault", fault=fault, on=on, times=int(asked.get("times", 1)))

    def _with_faults(self, asked: Row, on: str) -> Row:
        """The metadata given, with the faults that were set for the next of its kind."""
        metadata = dict(asked.get("metadata") or {})
        found = self.storage.rows('SELECT * FROM fault WHERE "on" = ? AND times > 0', on)
        for fault in found:
            self.storage.update("fault", fault["seq"], times=fault["times"] - 1)
        faults = faults_in(metadata) | {fault["fault"] for fault in found}
        return metadata | ({"fault": ",".join(sorted(faults))} if faults else {})

    def _token(self, id: str) -> str:
        return hmac.new(self._seed, id.encode(), hashlib.sha256).hexdigest()[:32]


def faults_in(metadata: Row) -> frozenset[str]:
    """The faults that somebody wished for, by the metadata's `fault`."""
    return frozenset(str(metadata.get("fault", "")).replace(",", " ").split())


def shown(charge: Row) -> Row:
    """A charge as the API and the news show it."""
    names = "id amount currency captured refunded fee status reason last4 created"
    return {name: charge[name] for name in names.split()} | {
        "capture": bool(charge["capture"]),
        "metadata": msgspec.json.decode(charge["metadata"]),
    }


def shown_refund(refund: Row) -> Row:
    names = "id charge amount status reason created"
    return {name: refund[name] for name in names.split()} | {
        "metadata": msgspec.json.decode(refund["metadata"])
    }


def _amount(asked: Row) -> int:
    amount = asked.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount < 10**12:
        raise Wrong(400, "amount_wrong")
    return amount


def _text_of(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
