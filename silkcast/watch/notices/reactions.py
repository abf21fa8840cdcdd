# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from silkcast.goods.admission import service as admission
from silkcast.goods.admission.events import AppealAnswered
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import (
    OrderAcceptedForCash,
    OrderDelivered,
    OrderEvent,
    OrderExpired,
    OrderPaid,
    OrderShipped,
)
from silkcast.trade.orders.values import Order
from silkcast.trade.payments.events import RefundSucceeded
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.events import ContractWithdrawn, ReturnAsked, ReturnDeclined
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.events import ParcelBooked
from silkcast.who.identity import service as identity
from silkcast.who.identity.events import CodeMade
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import NoSuchMarket
from silkcast.who.sellers import service as sellers

from . import service as notices
from .rules import Fact
from .settings import NoticeSettings
from .values import Kind

AT_ONCE: frozenset[Kind] = frozenset({"order_placed", "order_cancelled", "withdrawal_received"})
"""What buyers wait for, having just done something: sent in quiet hours too."""


def reactions(settings: NoticeSettings) -> tuple[Reaction, ...]:
    """What buyers and sellers are told, and when."""

    async def tell(tx: Tx, kind: Kind, order: Order, key: str, **more: Fact) -> None:
        if order.erased_at is not None or not (to := order.buyer.email or order.buyer.phone):
            return
        await notices.queue(
            tx,
            kind,
            to=to,
            language=order.language,
            facts={**await _facts(tx, order, settings.origin), **more},
            about=order.id,
            key=key,
            not_before=None if kind in AT_ONCE else _after_quiet_hours(tx, order),
        )

    def on(
        kind: Kind, more: Callable[[Tx, Order], Awaitable[Mapping[str, Fact]]]
    ) -> Callable[..., Awaitable[None]]:
        async def react(tx: Tx, event: OrderEvent) -> None:
            order = await orders.order(tx, event.order)
            await tell(tx, kind, order, f"{kind}/{order.id}", **await more(tx, order))

        return react

    async def refunded(tx: Tx, event: RefundSucceeded) -> None:
        order = await orders.order(tx, event.order)
        await tell(tx, "refund_made", order, f"refund_made/{event.refund}", amount=event.amount)

    async def return_booked(tx: Tx, event: ParcelBooked) -> None:
        parcel = await shipping.parcel(tx, event.parcel)
        if parcel.returning is None:
            return
        asked = await returns.returning(tx, parcel.returning)
        order = await orders.order(tx, event.order)
        until = (asked.send_by or tx.now).date()
        await tell(
            tx, "return_accepted", order, f"return_accepted/{asked.id}", code=event.tracking, until=until
        )

    async def return_declined(tx: Tx, event: ReturnDeclined) -> None:
        asked = await returns.returning(tx, event.returning)
        order = await orders.order(tx, event.order)
        await tell(tx, "return_declined", order, f"return_declined/{asked.id}", note=asked.answer or "–")

    async def withdrawn(tx: Tx, event: ContractWithdrawn) -> None:
        order = await orders.order(tx, event.order)
        at = f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
        await tell(tx, "withdrawal_received", order, f"withdrawal_received/{order.id}", at=at)

    async def return_asked(tx: Tx, event: ReturnAsked) -> None:
        asked = await returns.returning(tx, event.returning)
        owner = await identity.the_user(tx, (await sellers.seller(tx, event.seller)).owner)
        await notices.queue(
            tx,
            "return_asked",
            to=owner.contact,
            language=owner.language,
            facts={
                "number": asked.number,
                "note": asked.words or asked.reason.replace("_", " "),
                "until": asked.answer_by.date(),
                "link": f"{settings.origin}/studio/returns/{asked.id}",
            },
            about=event.order,
            key=f"return_asked/{asked.id}",
        )

    async def appeal_answered(tx: Tx, event: AppealAnswered) -> None:
        asked = await admission.the_appeal(tx, event.appeal)
        owner = await identity.the_user(tx, (await sellers.seller(tx, event.seller)).owner)
        await notices.queue(
            tx,
            "appeal_answered",
            to=owner.contact,
            language=owner.language,
            facts={
                "product": asked.name,
                "place": asked.market,
                "answer": asked.answer,
                "link": f"{settings.origin}/studio/products/{asked.product}/admission/{asked.market}",
            },
            about=asked.product,
            key=f"appeal_answered/{asked.id}",
        )

    async def code(tx: Tx, event: CodeMade) -> None:
        made = await identity.code_to_send(tx, event.sending)
        if made is None:
            return
        await notices.queue(
            tx,
            "code" if "@" in made.contact else "code_text",
            to=made.contact,
            language=made.language,
            facts={"code": made.code, "minutes": str(identity.CODE_MINUTES), "host": settings.host},
            about=event.sending,
            key=f"code/{event.sending}",
        )

    return (
        Reaction("notices.code", CodeMade, code),
        Reaction("notices.appeal_answered", AppealAnswered, appeal_answered),
        Reaction("notices.withdrawn", ContractWithdrawn, withdrawn),
        Reaction("notices.return_asked", ReturnAsked, return_asked),
        Reaction("notices.return_booked", ParcelBooked, return_booked),
        Reaction("notices.return_declined", ReturnDeclined, return_declined),
        Reaction("notices.paid", OrderPaid, on("order_placed", _nothing)),
        Reaction("notices.accepted_for_cash", OrderAcceptedForCash, on("order_placed", _nothing)),
        Reaction("notices.expired", OrderExpired, on("order_cancelled", _nothing)),
        Reaction("notices.shipped", OrderShipped, on("order_shipped", _tracking)),
        Reaction("notices.delivered", OrderDelivered, on("order_delivered", _until)),
        Reaction("notices.refunded", RefundSucceeded, refunded),
    )


def _after_quiet_hours(tx: Tx, order: Order) -> datetime | None:
    """When the buyer may be told; None for now. A market that is no more has no quiet hours."""
    try:
        market = markets.market(order.market, tx.now.date())
    except NoSuchMarket:
        return None
    moment = markets.tell_at(market, tx.now)
    return None if moment == tx.now else moment


async def _facts(tx: Tx, order: Order, origin: str) -> Mapping[str, Fact]:
    shop = await sellers.seller(tx, order.seller)
    return {
        "name": order.buyer.name,
        "shop": shop.name.text(order.language),
        "number": order.number,
        "items": "\n".join(f"{line.units} × {line.name.text(order.language)}" for line in order.lines),
        "total": order.total,
        "promise": (order.delivery.promise_from, order.delivery.promise_to),
        "link": f"{origin}/order/{await orders.link_secret(tx, order.id)}",
    }


async def _nothing(tx: Tx, order: Order) -> Mapping[str, Fact]:
    return {}


async def _tracking(tx: Tx, order: Order) -> Mapping[str, Fact]:
    parcels = (await shipping.parcels(tx, [order.id])).get(order.id, ())
    return {"tracking": next((parcel.tracking for parcel in parcels if parcel.tracking), order.number)}


async def _until(tx: Tx, order: Order) -> Mapping[str, Fact]:
    rule = markets.market(order.market, order.placed_at.date()).returns
    delivered = order.reached("delivered") or tx.now
    return {"until": (delivered + timedelta(days=rule.days)).date()}
