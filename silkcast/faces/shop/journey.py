# SPDX-License-Identifier: Apache-2.0
"""Journey: where an order is, told from its history, its parcel and its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from silkcast.faces.format import Format
from silkcast.faces.shop.order_views import OrderedThing, OrderView
from silkcast.faces.shop.pieces import first_image, product_href
from silkcast.faces.shop.price_words import lines_of
from silkcast.faces.shop.views import AddressLine, Step, StepState, Window
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.faces.words.marking import N_
from silkcast.flows import taking_back, withdrawing
from silkcast.flows.calling_off import BY_BUYER
from silkcast.goods.catalog import service as catalog
from silkcast.ground.clock import day
from silkcast.plumbing.db import Db
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.values import Declaration
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.values import Payment
from silkcast.trade.returns import service as returns
from silkcast.trade.returns import withdrawing as withdrawals
from silkcast.trade.returns.values import Return
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.values import Parcel
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

TITLES = {
    "held": N_("Waiting for your payment"),
    "awaiting_payment": N_("Waiting for your payment"),
    "paid": N_("Paid. The shop is packing"),
    "cod_accepted": N_("Ordered. The shop is packing"),
    "declared": N_("Packed and declared to customs"),
    "shipped": N_("On its way to you"),
    "delivered": N_("Delivered"),
    "cancelled": N_("This order was cancelled"),
    "expired": N_("The time to pay was over"),
    "refunded": N_("The money went back"),
}
TRACK = {
    "picked_up": N_("The carrier has it"),
    "export_hub": N_("At the export centre"),
    "export_cleared": N_("Out of China"),
    "departed": N_("In the air"),
    "arrived": N_("Landed"),
    "import_held": N_("Customs takes a closer look"),
    "import_cleared": N_("Through customs, duty already paid"),
    "delivery_office": N_("At the delivery office"),
    "out_for_delivery": N_("Out for delivery"),
    "attempt_failed": N_("Nobody was there; the carrier tries again"),
    "delivered": N_("Delivered"),
    "turned_back": N_("On its way back to the shop"),
    "returned_to_sender": N_("Back at the shop"),
    "lost": N_("The carrier has lost it"),
}
ICONS = {
    "departed": "airplane-tilt-fill",
    "picked_up": "truck-fill",
    "out_for_delivery": "truck-fill",
    "delivery_office": "warehouse-fill",
    "export_hub": "warehouse-fill",
}
AHEAD = ("departed", "import_cleared", "out_for_delivery", "delivered")
"""What is still to come, as far as it has not been."""
OVER = ("cancelled", "expired", "refunded")
UNPAID = ("held", "awaiting_payment")
StateWord = Literal["held", "waiting", "moving", "late", "delivered", "cancelled", "returning", "refunded"]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of an order."""

    order: Order
    payments: tuple[Payment, ...]
    parcel: Parcel | None
    declaration: Declaration | None
    returns: tuple[Return, ...]

    @property
    def last_payment(self) -> Payment | None:
        return self.payments[-1] if self.payments else None


async def story_of(db: Db, order: Order) -> Story:
    parcels = (await shipping.parcels(db, [order.id])).get(order.id, ())
    return Story(
        order,
        await payments.payments(db, order.id),
        next((one for one in parcels if one.direction == "out" and one.state != "cancelled"), None),
        (await customs.of_orders(db, [order.id])).get(order.id),
        (await returns.of_orders(db, [order.id])).get(order.id, ()),
    )


def steps_of(story: Story, visit: Visit) -> tuple[Step, ...]:
    """What was, what is now, what comes."""
    _ = words_in(visit.language).gettext
    f = Format.of(visit)
    order, parcel, declaration = story.order, story.parcel, story.declaration
    made = [Step(_("Ordered"), "done", order.placed_at)]
    if paid := order.reached("paid"):
        fact = _("%(amount)s by card") % {"amount": f.money_text(order.total)}
        made.append(Step(_("Paid"), "done", paid, fact))
    if order.reached("cod_accepted"):
        fact = _("You pay %(amount)s to the carrier at the door.") % {"amount": f.money_text(order.total)}
        made.append(Step(_("Accepted, cash on delivery"), "done", order.reached("cod_accepted"), fact))
    if parcel is not None and parcel.booked_at is not None:
        made.append(Step(_("Packed"), "done", parcel.booked_at, icon="package-fill"))
    if declaration is not None and declaration.sent_at is not None:
        fact = _("List %(number)s") % {"number": declaration.inventory_no} if declaration.inventory_no else ""
        made.append(Step(_("Declared for export"), "done", declaration.sent_at, fact))
        if declaration.released_at is not None:
            made.append(Step(_("Released by customs"), "done", declaration.released_at))
    seen: set[str] = set()
    for event in parcel.events if parcel else ():
        if event.step in TRACK and event.step not in seen:
            seen.add(event.step)
            made.append(
                Step(_(TRACK[event.step]), "done", event.at, event.place, icon=ICONS.get(event.step, ""))
            )
    made.sort(key=lambda step: step.when.timestamp() if step.when and not isinstance(step.when, str) else 0)
    return _with_now(made, story, seen, visit)


def _with_now(made: list[Step], story: Story, seen: set[str], visit: Visit) -> tuple[Step, ...]:
    _ = words_in(visit.language).gettext
    order = story.order
    if order.state in OVER:
        title = _(TITLES[order.state])
        return (*made, Step(title, "refused", order.reached(order.state)))
    if order.state in UNPAID:
        return (*made, Step(_("Waiting for your payment"), "now", icon="package-fill"))
    if order.state == "delivered":
        return tuple(made)
    last = made.pop()
    state: StepState = "late" if is_late(story, visit) else "now"
    made.append(Step(last.title, state, last.when, last.fact, last.icon or "package-fill"))
    ahead = [step for step in AHEAD if step not in seen]
    if "import_cleared" in seen or "out_for_delivery" in seen:
        ahead = [step for step in ahead if step not in ("departed", "import_cleared")]
    return (*made, *(Step(_(TRACK[step]), "next") for step in ahead))


def is_late(story: Story, visit: Visit) -> bool:
    """The last day promised is over, and it is not there."""
    order = story.order
    if order.state in (*OVER, *UNPAID, "delivered"):
        return False
    return visit.today > order.delivery.promise_to


async def order_view(db: Db, story: Story, secret: str, visit: Visit) -> OrderView:
    """The page of an order."""
    words = words_in(visit.language)
    order, parcel = story.order, story.parcel
    late = is_late(story, visit)
    kept = parcel.promise_kept if parcel and order.state == "delivered" else None
    rule = markets.market(order.market, day(order.placed_at)).returns
    until = returns.open_until(taking_back.facts_of(order), rule) if order.state == "delivered" else None
    open_return = next((one for one in story.returns if one.state not in ("declined", "closed")), None)
    failed = story.last_payment is not None and story.last_payment.status in ("failed", "cancelled")
    title = words.gettext(TITLES[order.state])
    if order.state in UNPAID and failed:
        title = words.gettext("The payment did not go through")
    may_return = until is not None and until > db.now
    back = f"/order/{secret}/returns/{open_return.id}" if open_return else f"/order/{secret}/return"
    where = order.ship_to
    withdrawn_at = await withdrawals.withdrawn_at(db, order.id)
    return OrderView(
        number=order.number,
        title=title,
        state=_state(story, late=late),
        promise=None
        if order.state in OVER
        else Window(order.delivery.promise_from, order.delivery.promise_to),
        promise_words=_promise_words(story, visit, late=late, kept=kept, failed=failed),
        was_kept=kept,
        steps=steps_of(story, visit),
        things=await things(db, order, visit),
        lines=lines_of(order.price_lines, visit, delivery=order.delivery.name, why=f"/order/{secret}/why"),
        total=order.total,
        at_door=None if order.due_at_door.is_zero else order.due_at_door,
        address=None
        if order.erased_at
        else AddressLine(
            where.name,
            Format.of(visit).address_text(where),
        ),
        back="/orders" if visit.user_name else "/",
        send_back=back if open_return or may_return else "",
        return_until=day(until) if until and may_return else None,
        pay=f"/order/{secret}/pay" if order.state in UNPAID and order.held_until > db.now else "",
        tracking=parcel.tracking or "" if parcel else "",
        carrier=order.delivery.name if parcel and parcel.tracking else "",
        call_off=f"/order/{secret}/call-off" if order.state in BY_BUYER else "",
        withdraw=f"/order/{secret}/withdraw"
        if withdrawn_at or may_withdraw(order, may_return=may_return, today=day(db.now))
        else "",
        withdrawn_at=withdrawn_at,
    )


def may_withdraw(order: Order, *, may_return: bool, today: date) -> bool:
    """As long as the law's days run: from the order on."""
    if order.state in OVER or (order.state == "delivered" and not may_return):
        return False
    return withdrawing.is_offered(markets.market(order.market, day(order.placed_at)), today)


def _state(story: Story, *, late: bool) -> StateWord:
    order = story.order
    if late:
        return "late"
    if any(one.state not in ("declined", "closed", "refunded") for one in story.returns):
        return "returning"
    by_state: dict[str, StateWord] = {
        "held": "held",
        "awaiting_payment": "waiting",
        "delivered": "delivered",
        "cancelled": "cancelled",
        "expired": "cancelled",
        "refunded": "refunded",
    }
    return by_state.get(order.state, "moving")


def _promise_words(story: Story, visit: Visit, *, late: bool, kept: bool | None, failed: bool) -> str:
    _ = words_in(visit.language).gettext
    order = story.order
    f = Format.of(visit)
    if order.state in UNPAID:
        if failed:
            return _("Nothing was charged. The goods stay held until %(time)s: try another card.") % {
                "time": f.at_text(order.held_until)
            }
        return _("The goods are held for you until %(time)s.") % {"time": f.at_text(order.held_until)}
    if late:
        return _("This is later than promised. We are sorry.")
    if order.state in OVER or kept is not None:
        return ""
    return _("Promised when you ordered: there by %(day)s at the latest.") % {
        "day": f.day_text(order.delivery.promise_to)
    }


async def things(db: Db, order: Order, visit: Visit) -> tuple[OrderedThing, ...]:
    """What was bought, as it was named then."""
    words = words_in(visit.language)
    products = await catalog.products(db, [line.product for line in order.lines])
    shop = await sellers.seller(db, order.seller)
    made = []
    for line in order.lines:
        product = products.get(line.product)
        count = words.ngettext("%(num)s piece", "%(num)s pieces", line.units)
        pieces = count % {"num": Format.of(visit).number_text(line.units)}
        made.append(
            OrderedThing(
                name=line.name,
                fact=" · ".join(part for part in (line.options, pieces) if part),
                amount=line.line_total,
                image=first_image(product, visit.language) if product else None,
                href=product_href(product, shop) if product and product.is_listed else "",
            )
        )
    return tuple(made)
