# SPDX-License-Identifier: Apache-2.0
"""The four messages of mode 9610, filled from the facts. What the table does not allow is refused here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from silkcast.ground.money import Money, total
from silkcast.trade.customs.errors import Disagree, TooManyLines
from silkcast.trade.customs.rules import fields
from silkcast.trade.customs.rules.fields import Value, code, fill, table
from silkcast.trade.customs.values import Facts, Goods, Kind

CHINA = ZoneInfo("Asia/Shanghai")
MODE = "9610"
NO_BAR_CODE = "无"
KILOGRAM = "035"
FIVE = Decimal("0.00001")

APP_TYPE = {"new": "1", "change": "2"}


@dataclass(frozen=True, slots=True)
class Document:
    """One unit of a message: its head, and its lines where it has any."""

    kind: Kind
    head: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...] = ()
    transfer: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is declared, in the currency it is declared in, to five decimals."""

    currency: str
    prices: tuple[Decimal, ...]
    totals: tuple[Decimal, ...]
    goods: Decimal
    freight: Decimal
    insurance: Decimal
    charge: Decimal


def china_time(moment: datetime) -> str:
    """YYYYMMDDhhmmss on the clocks of China."""
    return moment.astimezone(CHINA).strftime("%Y%m%d%H%M%S")


def gcode(hs_code: str) -> str:
    """Ten digits. Simplified export declares by the first digits known; the rest are zeros."""
    digits = hs_code.replace(".", "").replace(" ", "")
    return digits.ljust(10, "0")


def declared_currency(currency: str) -> str:
    """The order's own currency where the customs table has it, else the yuan."""
    return currency if fields.has_code("currencies", currency) else "CNY"


def amounts(facts: Facts) -> Amounts:
    """The sums, converted line by line where the order is declared in another currency.

    The money received is the goods, freight and insurance, and what was taken for the state abroad; it is
    converted in those parts, so that a rounded rate never makes it less than what it pays for.
    """
    own = facts.freight.currency
    goods = total((line.price * line.units for line in facts.lines), own)
    paid_for = goods + facts.freight + facts.insurance
    rest = facts.collection.amount - paid_for
    if rest.minor < 0:
        raise Disagree("charge", str(facts.collection.amount), str(paid_for))
    rate = facts.exchange.rate if facts.exchange else Decimal(1)

    def declared(amount: Money) -> Decimal:
        return (amount.amount * rate).quantize(FIVE, ROUND_HALF_UP)

    prices = tuple(declared(line.price) for line in facts.lines)
    totals = tuple(price * line.units for price, line in zip(prices, facts.lines, strict=True))
    sum_of_goods = sum(totals, Decimal(0))
    freight, insurance = declared(facts.freight), declared(facts.insurance)
    return Amounts(
        currency=code("currencies", facts.exchange.currency if facts.exchange else own),
        prices=prices,
        totals=totals,
        goods=sum_of_goods,
        freight=freight,
        insurance=insurance,
        charge=sum_of_goods + freight + insurance + declared(rest),
    )


def _common(guid: str, at: datetime, app_type: str) -> dict[str, Value]:
    return {"guid": guid, "appType": app_type, "appTime": china_time(at), "appStatus": "2"}


def _parties(facts: Facts) -> dict[str, Value]:
    return {
        "ebpCode": facts.platform.code,
        "ebpName": facts.platform.name,
        "ebcCode": facts.exporter.code,
        "ebcName": facts.exporter.name,
    }


def _order(facts: Facts, sums: Amounts, common: dict[str, Value]) -> Document:
    head = fill(
        "303",
        "OrderHead",
        common
        | _parties(facts)
        | {
            "orderType": "E",
            "orderNo": facts.order_no,
            "goodsValue": sums.goods,
            "freight": sums.freight,
            "currency": sums.currency,
            "note": facts.note,
        },
    )
    lines = tuple(
        fill(
            "303",
            "OrderList",
            {
                "gnum": number,
                "itemNo": line.sku,
                "itemName": line.name,
                "itemDescribe": line.description,
                "barCode": line.bar_code or NO_BAR_CODE,
                "unit": code("units", line.unit),
                "currency": sums.currency,
                "qty": line.units,
                "price": sums.prices[number - 1],
                "totalPrice": sums.totals[number - 1],
            },
        )
        for number, line in enumerate(facts.lines, start=1)
    )
    return Document("303", head, lines)


def _receipts(facts: Facts, sums: Amounts, common: dict[str, Value]) -> Document:
    values: dict[str, Value] = {
        "orderNo": facts.order_no,
        "payCode": facts.collection.company.code,
        "payName": facts.collection.company.name,
        "payNo": facts.collection.number,
        "charge": sums.charge,
        "currency": sums.currency,
        "accountingDate": china_time(facts.collection.at),
        "note": facts.collection.note,
    }
    return Document("403", fill("403", "Receipts", common | _parties(facts) | values))


def _logistics(facts: Facts, sums: Amounts, common: dict[str, Value]) -> Document:
    values: dict[str, Value] = {
        "logisticsCode": facts.waybill.carrier.code,
        "logisticsName": facts.waybill.carrier.name,
        "logisticsNo": facts.waybill.number,
        "freight": sums.freight,
        "insuredFee": sums.insurance,
        "currency": sums.currency,
        "grossWeight": facts.waybill.gross.kilograms,
        "packNo": facts.waybill.packs,
        "goodsInfo": facts.waybill.text,
        "ebcCode": facts.exporter.code,
        "ebcName": facts.exporter.name,
    }
    return Document("505", fill("505", "Logistics", common | values))


def _inventory(facts: Facts, sums: Amounts, common: dict[str, Value], cop_no: str) -> Document:
    site, net = facts.site, sum(line.net.grams for line in facts.lines)
    values: dict[str, Value] = {
        "customsCode": site.customs_code,
        "orderNo": facts.order_no,
        "logisticsCode": facts.waybill.carrier.code,
        "logisticsName": facts.waybill.carrier.name,
        "logisticsNo": facts.waybill.number,
        "copNo": cop_no,
        "ieFlag": "E",
        "portCode": site.port_code,
        "ieDate": facts.leaves_on.strftime("%Y%m%d"),
        "statisticsFlag": "A",
        "agentCode": facts.agent.code,
        "agentName": facts.agent.name,
        "ownerCode": facts.owner.code or "NO",
        "ownerName": facts.owner.name,
        "tradeMode": MODE,
        "trafMode": code("transport", site.transport),
        "billNo": facts.waybill.bill_no,
        "loctNo": site.location,
        "country": facts.destination_code or code("countries", facts.destination),
        "POD": site.pod,
        "freight": sums.freight,
        "fCurrency": sums.currency,
        "fFlag": "3",
        "insuredFee": sums.insurance,
        "iCurrency": sums.currency,
        "iFlag": "3",
        "wrapType": code("packing", site.packing),
        "packNo": facts.waybill.packs,
        "grossWeight": facts.waybill.gross.kilograms,
        "netWeight": Decimal(net).scaleb(-3),
        "note": facts.note,
    }
    head = fill("603", "InventoryHead", common | _parties(facts) | values)
    lines = tuple(
        _inventory_line(facts, sums, number, line) for number, line in enumerate(facts.lines, start=1)
    )
    return Document("603", head, lines)


def _inventory_line(facts: Facts, sums: Amounts, number: int, line: Goods) -> dict[str, str]:
    statutory = line.statutory_unit or line.unit
    return fill(
        "603",
        "InventoryList",
        {
            "gnum": number,
            "itemNo": line.sku,
            "itemName": line.name,
            "gcode": gcode(line.hs_code),
            "gname": line.customs_name,
            "gmodel": line.model,
            "barCode": line.bar_code or NO_BAR_CODE,
            "country": facts.destination_code or code("countries", facts.destination),
            "currency": sums.currency,
            "qty": line.units,
            "qty1": line.net.kilograms if code("units", statutory) == KILOGRAM else Decimal(line.units),
            "unit": code("units", line.unit),
            "unit1": code("units", statutory),
            "price": sums.prices[number - 1],
            "totalPrice": sums.totals[number - 1],
        },
    )


def documents(
    facts: Facts,
    *,
    at: datetime,
    cop_no: str,
    app_types: Mapping[Kind, str],
    new_guid: Callable[[], str],
) -> tuple[Document, ...]:
    """The four documents in the order they are sent, each with a guid of its own."""
    limit = table().max_lines
    if not 0 < len(facts.lines) <= limit:
        raise TooManyLines(len(facts.lines), limit)
    sums = amounts(facts)

    def common(kind: Kind) -> dict[str, Value]:
        return _common(new_guid(), at, app_types[kind])

    made = (
        _order(facts, sums, common("303")),
        _receipts(facts, sums, common("403")),
        _logistics(facts, sums, common("505")),
        _inventory(facts, sums, common("603"), cop_no),
    )
    transfer = fill(
        "BaseTransfer",
        "BaseTransfer",
        {
            "copCode": facts.sender.company.code,
            "copName": facts.sender.company.name,
            "dxpMode": "DXP",
            "dxpId": facts.sender.dxp_id,
        },
    )
    return tuple(Document(one.kind, one.head, one.lines, transfer) for one in made)
