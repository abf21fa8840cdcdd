# SPDX-License-Identifier: Apache-2.0
"""What every carrier engine must do. Its tests subclass `CarrierContract` and say how to reach it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from silkcast.ground.ids import new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Size, Weight
from silkcast.trade.shipping import rules
from silkcast.trade.shipping.errors import BadSignature, CarrierRefused, NoParcel, ParcelGone
from silkcast.trade.shipping.port import Carrier
from silkcast.trade.shipping.values import Booking, Content, RateAsk

SHOP = Address(
    Country("CN"), "苏州锦织服饰有限公司", "观前街88号", "Suzhou", "215005", phone="+8651287654321"
)
HOMES = {
    country: Address(Country(country), name, street, city, postcode, region, phone=phone)
    for country, name, street, city, postcode, region, phone in [
        ("FR", "Claire Dubois", "12 rue des Lilas", "Lyon", "69003", "", "+33612345678"),
        ("US", "Ann Lee", "500 W Madison St", "Chicago", "60661", "IL", "+13125550100"),
        ("SA", "فاطمة الزهراء", "شارع الملك فهد 12", "الرياض", "12211", "", "+966501234567"),
        ("SG", "Tan Wei", "1 Bedok Road #04-12", "Singapore", "469000", "", "+6561234567"),
    ]
}
TODAY = date(2026, 11, 22)


def booking(to: str = "FR", **changes: object) -> Booking:
    contents = (
        Content("Mulberry silk scarf", 2, Weight(160), Money.of("59.80", "EUR"), "621410", Country("CN")),
    )
    made = Booking(
        reference=new_uuid().hex[-10:].upper(),
        service="post_tracked",
        sender=SHOP,
        receiver=HOMES[to],
        weight=Weight(420),
        size=Size(300, 200, 40),
        contents=contents,
        value=Money.of("59.80", "EUR"),
    )
    return replace(made, **changes)


def key() -> str:
    return str(new_uuid())


async def until(condition: object, seconds: int = 10) -> None:
    """Wait for something another program does."""
    for _ in range(seconds * 20):
        told = condition()  # type: ignore[operator]
        if await told if inspect.isawaitable(told) else told:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


class CarrierContract:
    """Subclasses give the fixtures `carrier`, and `signed` to sign a body as the carrier would."""

    @pytest.mark.parametrize("market", ["FR", "US", "SA", "SG"])
    async def test_its_own_prices_are_those_of_its_sheet(self, carrier: Carrier, market: str) -> None:
        for grams, size in ((420, Size(300, 200, 40)), (2310, Size(500, 400, 300)), (25_000, None)):
            ask = RateAsk(Country("CN"), Country(market), Weight(grams), TODAY, size, cod=market == "SA")
            assert await carrier.rates(ask) == rules.rates(carrier.sheet, ask)

    async def test_where_it_does_not_go_it_has_no_price(self, carrier: Carrier) -> None:
        assert await carrier.rates(RateAsk(Country("CN"), Country("CH"), Weight(420), TODAY)) == ()

    async def test_booking_gives_a_number_and_a_label(self, carrier: Carrier) -> None:
        booked = await carrier.book(booking(), key=key())
        assert booked.label.startswith(b"%PDF")
        assert booked.tracking
        assert booked.waybill_no
        if booked.tracking.startswith("LX"):
            assert rules.is_s10(booked.tracking)

    async def test_the_same_key_books_once(self, carrier: Carrier) -> None:
        wanted, one_key = booking(), key()
        first, second = await asyncio.gather(
            carrier.book(wanted, key=one_key), carrier.book(wanted, key=one_key)
        )
        assert first == second
        with pytest.raises(CarrierRefused):
            await carrier.book(replace(wanted, weight=Weight(500)), key=one_key)
        assert (await carrier.book(wanted, key=key())).tracking != first.tracking

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"receiver": replace(HOMES["FR"], street=" ")}, "receiver.street"),
            ({"receiver": replace(HOMES["FR"], country=Country("CH"))}, "service"),
            ({"service": "by_camel"}, "service"),
            ({"contents": ()}, "contents"),
            ({"weight": Weight(100)}, "contents"),
            ({"cod": Money.of("10.00", "EUR")}, "service"),
        ],
    )
    async def test_what_it_cannot_carry_is_refused_by_field(
        self, carrier: Carrier, change: dict[str, object], field: str
    ) -> None:
        with pytest.raises(CarrierRefused) as refused:
            await carrier.book(booking(**change), key=key())
        assert refused.value.field == field

    async def test_a_booked_parcel_can_be_followed(self, carrier: Carrier) -> None:
        booked = await carrier.book(booking(), key=key())
        events = await carrier.track(booked.tracking)
        assert events[0].step == "accepted"
        assert list(events) == sorted(events, key=lambda event: event.at)
        with pytest.raises(NoParcel):
            await carrier.track("LX000000005CN")

    async def test_a_parcel_not_picked_up_can_be_cancelled_twice(self, carrier: Carrier) -> None:
        booked = await carrier.book(booking(), key=key())
        for _ in range(2):
            await carrier.cancel(booked.tracking)
        with pytest.raises(NoParcel):
            await carrier.cancel("LX000000005CN")

    async def test_a_parcel_picked_up_cannot(self, carrier: Carrier) -> None:
        booked = await carrier.book(booking(), key=key())
        await self.carry(carrier, booked.tracking, steps=1)
        with pytest.raises(ParcelGone):
            await carrier.cancel(booked.tracking)

    async def test_delivered_with_cash_tells_the_amount(self, carrier: Carrier) -> None:
        cash = Money.of("199.00", "SAR")
        booked = await carrier.book(booking("SA", cod=cash), key=key())
        await self.carry(carrier, booked.tracking, steps=20)
        events = await carrier.track(booked.tracking)
        assert [event.amount for event in events if event.step == "cod_collected"] == [cash]
        assert rules.state_of(events) == "delivered"

    async def test_a_return_travels_from_the_buyer_to_the_shop(self, carrier: Carrier) -> None:
        back = booking(sender=HOMES["FR"], receiver=SHOP, direction="back")
        booked = await carrier.book(back, key=key())
        await self.carry(carrier, booked.tracking, steps=20)
        assert rules.state_of(await carrier.track(booked.tracking)) == "delivered"

    async def test_news_without_a_good_signature_is_refused(self, carrier: Carrier) -> None:
        body = b'{"tracking": "LX1", "events": []}'
        good = self.signed(body)
        assert carrier.read_webhook(good, body).tracking == "LX1"
        for headers in (
            {},
            {name: value + "0" for name, value in good.items()},
            {next(iter(good)): "t=,v1="},
        ):
            with pytest.raises(BadSignature):
                carrier.read_webhook(headers, body)
        with pytest.raises(BadSignature):
            carrier.read_webhook(good, body + b" ")

    async def test_signed_nonsense_is_refused(self, carrier: Carrier) -> None:
        for body in (b"", b"[]", b"{}", b'{"tracking": "L", "events": [{"step": "delivered"}]}'):
            with pytest.raises(CarrierRefused):
                carrier.read_webhook(self.signed(body), body)

    async def carry(self, carrier: Carrier, tracking: str, *, steps: int) -> None:
        """Make the next steps of the journey happen."""
        raise NotImplementedError

    def signed(self, body: bytes) -> Mapping[str, str]:
        raise NotImplementedError
