# SPDX-License-Identifier: Apache-2.0
"""The side of the desk, its forms, and how every page of it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from litestar import Response

from silkcast.faces.asking import page
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.goods.admission import service as admission
from silkcast.ground.refusals import Invalid
from silkcast.plumbing.jobs import service as jobs
from silkcast.plumbing.outbox import service as outbox
from silkcast.trade.customs import service as customs
from silkcast.who.identity.values import User

PER_PAGE = 50
MOST_ROWS = 5000
"""Of a sheet."""


@dataclass(frozen=True, slots=True)
class Why:
    """The one field of forms that act."""

    reason: str = ""


@dataclass(eq=False)
class ReasonMissing(Invalid):
    """What an operator does to others is done for a reason."""

    code: ClassVar[str] = "desk.reason_missing"


@dataclass(frozen=True, slots=True)
class WhyAndWhat(Why):
    """The form of an act that cannot be undone: what it is done to is written once more."""

    what: str = ""


@dataclass(eq=False)
class NotConfirmed(Invalid):
    """What was written is not what the act would be done to."""

    code: ClassVar[str] = "desk.not_confirmed"


def reason_of(why: Why) -> str:
    reason = why.reason.strip()[:500]
    if not reason:
        raise ReasonMissing()
    return reason


async def desk_page(
    house: House, visit: Visit, operator: User, template: str, view: object, **more: Any
) -> Response[str]:
    """A page of the desk with its side: places with the counts that need a person. A market's manager has one
    place only."""
    _ = catalog(visit.language).gettext
    async with house.database.read() as db:
        failed = (await jobs.state(db)).failed + await outbox.count_failed(db)
        by_state = await customs.count_by_state(db)
        appeals = await admission.count_open(db)
    refused = by_state.get("refused", 0) + by_state.get("failed", 0)
    places = [
        ("home", "/desk", _("Home"), "house", None),
        ("sellers", "/desk/sellers", _("Shops"), "storefront", None),
        ("markets", "/desk/markets", _("Markets"), "globe-simple", None),
        ("orders", "/desk/orders", _("Orders"), "package", None),
        ("declarations", "/desk/declarations", _("Customs"), "file-text", refused),
        ("appeals", "/desk/appeals", _("Appeals"), "prohibit", appeals),
        ("payments", "/desk/payments", _("Payments"), "credit-card", None),
        ("ledger", "/desk/ledger", _("Ledger"), "scales", None),
        ("promises", "/desk/promises", _("Promises"), "handshake", None),
        ("notices", "/desk/notices", _("Messages"), "envelope-simple", None),
        ("glossary", "/desk/glossary", _("Glossary"), "translate", None),
        ("failed", "/desk/failed", _("Failed work"), "warning", failed),
        ("audit", "/desk/audit", _("Audit log"), "clipboard-text", None),
    ]
    owner = (operator.name, _("Operator") if operator.is_operator else _("Market manager"), "/you", None)
    if not operator.is_operator:
        places = [place for place in places if place[0] == "markets"]
    return page(f"desk/{template}", view, visit, places=places, owner=owner, **more)


def address(path: str, **asked: str | None) -> str:
    """A path with what was asked for; what is empty is left out."""
    kept = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def seen_to(path: str) -> Response[None]:
    """After an act: back to the page that shows what became of it."""
    return Response(None, status_code=303, headers={"location": path})
