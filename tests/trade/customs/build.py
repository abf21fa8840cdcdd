# SPDX-License-Identifier: Apache-2.0
"""A declaration to begin with: two kinds of silk goods to France."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from silkcast.ground.ids import OrderId, ParcelId, SellerId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Weight
from silkcast.trade.customs.rules import build as rules
from silkcast.trade.customs.values import (
    CN23,
    KINDS,
    Collection,
    Company,
    Content,
    Exchange,
    Facts,
    Goods,
    Sender,
    Site,
    Waybill,
)

AT = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 01:30 on the 23rd in China

SCARF = Goods(
    sku="SCARF-01-RED",
    name="Mulberry silk scarf, red",
    customs_name="真丝围巾",
    model="桑蚕丝100%|品牌:锦织|90x90cm",
    hs_code="6214.10",
    units=2,
    price=Money.of("29.90", "EUR"),
    net=Weight(160),
)
SHIRT = Goods(
    sku="SHIRT-07-M",
    name="Men's cotton knitted T-shirt, M",
    customs_name="棉制针织T恤衫",
    model="棉100%|男式|针织",
    hs_code="610910",
    units=1,
    price=Money.of("15.00", "EUR"),
    net=Weight(180),
)


def facts(currency: str = "EUR", **changes: object) -> Facts:
    def money(amount: str) -> Money:
        return Money.of(amount, currency)

    made = Facts(
        order=OrderId(new_uuid()),
        parcel=ParcelId(new_uuid()),
        seller=SellerId(new_uuid()),
        order_no="7K2M9XQ4TB",
        platform=Company("3301963K00", "锦播跨境电子商务有限公司"),
        exporter=Company("3205960A1B", "苏州锦织服饰有限公司"),
        agent=Company("3205980C2D", "苏州报关服务有限公司"),
        owner=Company("", "苏州锦织服饰有限公司"),
        sender=Sender(Company("3301963K00", "锦播跨境电子商务有限公司"), "DXPENT0000012345"),
        site=Site("2300", "2233", "3050", location="233012"),
        destination=Country("FR"),
        lines=(
            replace(SCARF, price=money("29.90")),
            replace(SHIRT, price=money("15.00")),
        ),
        freight=money("3.20"),
        insurance=money("0.00"),
        collection=Collection(Company("3100986P77", "沙盒支付有限公司"), "pay_0001", money("99.56"), AT),
        waybill=Waybill(
            Company("3301980E55", "沙盒邮政"), "LX123456785CN", Weight(420), "silk scarves, T-shirt"
        ),
        leaves_on=date(2026, 11, 24),
    )
    return replace(made, **changes)


SAUDI = Exchange("CNY", Decimal("1.8937"), date(2026, 11, 20), "central parity, example")


def guids() -> object:
    numbers = count(1)
    return lambda: str(UUID(int=0xABC << 100 | next(numbers))).upper()


def documents(given: Facts | None = None) -> tuple[rules.Document, ...]:
    return rules.documents(
        given or facts(),
        at=AT,
        cop_no="SC7K2M9XQ4TB",
        app_types=dict.fromkeys(KINDS, "1"),
        new_guid=guids(),  # type: ignore[arg-type]
    )


def form() -> CN23:
    return CN23(
        item_no="LX123456785CN",
        sender=Address(
            Country("CN"),
            "Suzhou Jinzhi Garments Co.",
            "88 Guanqian Street",
            "Suzhou",
            "215005",
            phone="+8651287654321",
        ),
        sender_email="post@jinzhi.example",
        sender_reference="3205960A1B",
        addressee=Address(
            Country("FR"), "Claire Dubois", "12 rue des Lilas", "Lyon", "69003", phone="+33612345678"
        ),
        addressee_email="claire@example.org",
        importer_reference="IM0100000010",
        category="sale of goods",
        contents=(
            Content(
                "Mulberry silk scarf, woven",
                2,
                Weight(160),
                Money.of("59.80", "EUR"),
                "621410",
                Country("CN"),
            ),
            Content(
                "Men's cotton knitted T-shirt",
                1,
                Weight(180),
                Money.of("15.00", "EUR"),
                "610910",
                Country("CN"),
            ),
        ),
        gross=Weight(420),
        postage=Money.of("3.20", "EUR"),
        office="Suzhou 215000",
        on=date(2026, 11, 23),
        invoice_no="7K2M9XQ4TB",
    )
