# SPDX-License-Identifier: Apache-2.0
"""Exporting: what a declaration says, gathered from the order, its payment, its parcel and its shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from silkcast.goods.catalog.values import VariantOf
from silkcast.ground.clock import day
from silkcast.ground.ids import VariantId
from silkcast.ground.money import Money
from silkcast.trade.customs.values import Collection, Company, Exchange, Facts, Goods, Sender, Site, Waybill
from silkcast.trade.orders.values import Order, OrderLine
from silkcast.trade.payments.values import Payment
from silkcast.trade.shipping.values import Parcel
from silkcast.who.sellers.values import Seller

UNITS = {"006": "set", "007": "item", "011": "piece"}
"""Units of sale by China customs' table, in the words of the declaration."""


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Who we are to China customs. The defaults are examples: nobody was issued them."""

    platform_code: str = "3301963K00"
    platform_name: str = "锦播跨境电子商务有限公司"
    agent_code: str = "3301980C2D"
    agent_name: str = "杭州报关服务有限公司"
    carrier_code: str = "3301980E55"
    carrier_name: str = "沙盒物流有限公司"
    payer_code: str = "3301986P77"
    payer_name: str = "沙盒支付有限公司"
    dxp_id: str = "DXPENT0000012345"
    customs_code: str = "2300"
    port_code: str = "2233"
    pod: str = "3050"
    location: str = "233012"


def facts(
    order: Order,
    parcel: Parcel,
    shop: Seller,
    payment: Payment | None,
    sold: dict[VariantId, VariantOf],
    ours: ExportSettings,
    exchange: Exchange | None,
    now: datetime,
    destination_code: str = "",
) -> Facts:
    """All that the four messages say."""
    exporter = Company(shop.customs.ebc_code or shop.customs.trade_code, shop.customs.ebc_name)
    platform = Company(ours.platform_code, ours.platform_name)
    carrier = Company(ours.carrier_code, ours.carrier_name)
    if payment is not None and payment.method != "cod":
        collection = Collection(
            Company(ours.payer_code, ours.payer_name),
            payment.provider_id[:60],
            order.total,
            payment.updated_at,
        )
    else:
        collection = Collection(carrier, order.number, order.total, order.placed_at, note="cash on delivery")
    return Facts(
        order=order.id,
        parcel=parcel.id,
        seller=order.seller,
        order_no=order.number,
        platform=platform,
        exporter=exporter,
        agent=Company(ours.agent_code, ours.agent_name),
        owner=Company("", shop.customs.ebc_name),
        sender=Sender(platform, ours.dxp_id),
        site=Site(ours.customs_code, ours.port_code, ours.pod, location=ours.location),
        destination=order.ship_to.country,
        lines=tuple(_goods(line, sold[line.variant]) for line in order.lines),
        freight=_of_kind(order, "freight"),
        insurance=_of_kind(order, "insurance"),
        collection=collection,
        waybill=Waybill(
            carrier,
            parcel.waybill_no or "",
            parcel.weight,
            ", ".join(sold[line.variant].product.names.text("en") for line in order.lines)[:60],
        ),
        leaves_on=day(now),
        exchange=exchange,
        destination_code=destination_code,
    )


def _goods(line: OrderLine, of: VariantOf) -> Goods:
    """What was bought at the price it was bought at, described as the shop describes it now: that is what a
    seller corrects when customs refuse."""
    names = of.product.names
    material = of.product.material
    return Goods(
        sku=line.sku,
        name=names.text("en"),
        customs_name=names.text("zh"),
        model=material.text("zh") if material else names.text("zh"),
        hs_code=of.product.hs_code,
        units=line.units,
        price=line.unit_price,
        net=of.variant.net * line.units,
        unit=UNITS.get(line.unit_code, "piece"),
    )


def _of_kind(order: Order, kind: str) -> Money:
    result = Money.zero(order.currency)
    for line in order.price_lines:
        if line.kind == kind:
            result = result + line.amount
    return result
