# SPDX-License-Identifier: Apache-2.0
"""What payments says no to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import PaymentId
from silkcast.ground.money import Money
from silkcast.ground.refusals import Conflict, Invalid, NotFound

from .port import Status


@dataclass(eq=False)
class NoSuchPayment(NotFound):
    code: ClassVar[str] = "payments.not_found"


@dataclass(eq=False)
class NoSuchRefund(NotFound):
    code: ClassVar[str] = "payments.refund_not_found"


@dataclass(eq=False)
class NoSuchWebhook(NotFound):
    code: ClassVar[str] = "payments.webhook_not_found"


@dataclass(eq=False)
class BadAmount(Invalid):
    """Nothing, less than nothing, or another currency than the payment's."""

    code: ClassVar[str] = "payments.bad_amount"
    amount: Money


@dataclass(eq=False)
class KeyReused(Conflict):
    """This key already stands for another payment or refund."""

    code: ClassVar[str] = "payments.key_reused"


@dataclass(eq=False)
class AlreadyPaid(Conflict):
    """A payment of this order has succeeded."""

    code: ClassVar[str] = "payments.already_paid"
    payment: PaymentId


@dataclass(eq=False)
class NotPaid(Conflict):
    """Nothing has been paid, so nothing goes back."""

    code: ClassVar[str] = "payments.not_paid"
    status: Status


@dataclass(eq=False)
class TooMuchBack(Conflict):
    """More than is left of what was paid."""

    code: ClassVar[str] = "payments.too_much_back"
    wanted: Money
    left: Money


@dataclass(eq=False)
class OtherProviderId(Conflict):
    """The provider now calls the payment by another name than before."""

    code: ClassVar[str] = "payments.other_provider_id"
    payment: PaymentId


@dataclass(eq=False)
class AmountDiffers(Conflict):
    """The provider says another amount than was asked. A person has to look."""

    code: ClassVar[str] = "payments.amount_differs"
    payment: PaymentId
    asked: Money
    said: Money


@dataclass(eq=False)
class TooEarly(Conflict):
    """A refund that was not ours, of a payment not yet known to have succeeded: try again later."""

    code: ClassVar[str] = "payments.too_early"
    payment: PaymentId
