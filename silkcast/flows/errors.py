# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.money import Money
from silkcast.ground.refusals import Conflict, Invalid
from silkcast.trade.quotes.errors import NotSoldHere


@dataclass(eq=False)
class NothingWanted(Invalid):
    code: ClassVar[str] = "checkout.nothing_wanted"


@dataclass(eq=False)
class TwoShops(Invalid):
    """One order is with one shop."""

    code: ClassVar[str] = "checkout.two_shops"


@dataclass(eq=False)
class MethodNotOffered(Invalid):
    code: ClassVar[str] = "checkout.method_not_offered"
    method: str


@dataclass(eq=False)
class CashNotTaken(Conflict):
    """No cash on delivery here, or not above `most`."""

    code: ClassVar[str] = "checkout.cash_not_taken"
    most: Money | None


@dataclass(eq=False)
class NoDelivery(Conflict):
    """The delivery that was chosen is not offered for these goods, this place and this way to pay."""

    code: ClassVar[str] = "checkout.no_delivery"
    delivery: str


@dataclass(eq=False)
class OrderNotPayable(Conflict):
    code: ClassVar[str] = "checkout.order_not_payable"
    state: str


@dataclass(eq=False)
class UnknownHsCode(Invalid):
    code: ClassVar[str] = "listing.unknown_hs_code"
    hs_code: str


@dataclass(eq=False)
class NoPicture(Invalid):
    """What was sent is no picture we can read."""

    code: ClassVar[str] = "listing.no_picture"


@dataclass(eq=False)
class PictureTooLarge(Invalid):
    code: ClassVar[str] = "listing.picture_too_large"
    most_megabytes: int


@dataclass(eq=False)
class NotDispatchable(Conflict):
    """The order is not in a state in which it is packed and sent."""

    code: ClassVar[str] = "dispatch.not_dispatchable"
    state: str


@dataclass(eq=False)
class TooLateToCallOff(Conflict):
    """The order is paid, packed or over: its buyer can send it back, not call it off."""

    code: ClassVar[str] = "calling_off.too_late"
    state: str


@dataclass(eq=False)
class BuyerStillNeeded(Conflict):
    """The buyer's data cannot be erased yet. `why`: payment, refund, return, return_days."""

    code: ClassVar[str] = "erasing.still_needed"
    why: str


@dataclass(eq=False)
class NothingToGiveBack(Conflict):
    """No payment of the order holds as much as is to go back: not collected yet, or gone back already."""

    code: ClassVar[str] = "taking_back.nothing_to_give_back"


@dataclass(eq=False)
class StillSells(Conflict):
    """A shop is theirs: who answers for it cannot be forgotten."""

    code: ClassVar[str] = "erasing.still_sells"


@dataclass(eq=False)
class SaleBarred(NotSoldHere):
    """The market bars these goods. `reason` is `barred.` and the key of the reason; `rows` are its rows."""

    code: ClassVar[str] = "admission.barred"
    rows: tuple[str, ...] = ()
    law: str = ""
    source: str = ""
    mark: str = ""


@dataclass(eq=False)
class SalePapersNeeded(NotSoldHere):
    """The market lets these goods in with papers only, and nobody has seen them yet."""

    code: ClassVar[str] = "admission.papers_needed"
    rows: tuple[str, ...] = ()
    law: str = ""
    source: str = ""
    mark: str = ""


@dataclass(eq=False)
class PinBarred(Conflict):
    """No market at all may buy it: there is nobody to show it to."""

    code: ClassVar[str] = "admission.pin_barred"


@dataclass(eq=False)
class BadPaper(Invalid):
    """A paper is a PDF, a JPEG or a PNG."""

    code: ClassVar[str] = "admission.bad_paper"


@dataclass(eq=False)
class PaperTooLarge(Invalid):
    code: ClassVar[str] = "admission.paper_too_large"
    most_megabytes: int


@dataclass(eq=False)
class WithdrawalNotOffered(Conflict):
    """The law of this market knows no withdrawal by a button: a return can be asked for."""

    code: ClassVar[str] = "withdrawing.not_offered"
    market: str


@dataclass(eq=False)
class NothingToWithdraw(Conflict):
    """The contract has ended already."""

    code: ClassVar[str] = "withdrawing.nothing"
    state: str
