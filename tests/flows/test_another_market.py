# SPDX-License-Identifier: Apache-2.0
"""Markets that the house does not bring: a folder of data each, and orders go through the whole checkout.

Norway sells by card under its scheme for foreign sellers; Morocco by cash at the door, in a currency that no
central bank's rates of ours have. Their laws are told from memory, as their marks say.
"""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import silkcast
from silkcast.flows import offers
from silkcast.goods.pricing import service as pricing
from silkcast.ground.clock import SetClock
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.money.rates import service as rates
from silkcast.plumbing import packs
from silkcast.plumbing.db import Database
from silkcast.plumbing.packs import PackSettings
from silkcast.trade.orders.values import Buyer
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BadAddress, NoSuchMarket
from tests.flows import build
from tests.flows.build import World
from tests.flows.outside import programs

NORWAY = {
    "market.toml": """
[[edition]]
valid_from = 2026-01-01
rank = 70
region = "europe"
currency = "NOK"
languages = ["nb", "en"]
time_zone = "Europe/Oslo"
phone_prefix = "+47"
tax_display = "included"
tax_fact = { mark = "knowledge" }
price_habit = [
  { below = "1000.00", step = "10.00", ending = "9.00" },
  { step = "100.00", ending = "99.00" },
]
payment_methods = ["card"]
scheme = "VOEC"
incoterm = "DDP"
channel = "post"
sizes = ["eu"]

[edition.returns]
days = 14
basis = "law"
law = "Right of Withdrawal Act"
return_freight = "buyer"
gives_back = ["goods", "freight", "tax"]
answer_days = 3
fact = { mark = "knowledge", source = "Right of Withdrawal Act" }

[[edition.schemes]]
code = "VOEC"
pattern = "[0-9]{7}"
hint = "7"
fact = { mark = "knowledge" }

[edition.customs]
country = "326"
currency = "326"
fact = { mark = "knowledge" }

[edition.calendar]
rest_days = [6, 7]
peak = ["19:00", "22:00"]
delivery = ["09:00", "17:00"]
quiet = ["21:00", "08:00"]
fact = { mark = "ours" }

[edition.data]
zone = "EEA"
laws = ["GDPR"]
fact = { mark = "knowledge" }
""",
    "duties.yaml": """
market: 'NO'
edition: HS 2022
covers: ['62', '69']
sources: {}
rule_sets:
- name: NO, parcels from abroad
  valid_from: '2024-01-01'
  currency: NOK
  decimals: 2
  value_basis: cif
  components:
  - name: duty
    kind: duty
    rows:
    - {name: free of duty, valid_from: '2024-01-01', base: [cif], charge: {rate: '0'},
       collected_by: border, mark: knowledge}
  - name: mva
    kind: tax
    rows:
    - {name: VAT at sale, valid_from: '2024-01-01',
       when: {scheme: [VOEC]}, base: [goods, freight.charged, insurance.charged],
       charge: {rate: '0.25'}, collected_by: seller, mark: knowledge}
""",
    "carriers.yaml": """
carrier: sandbox
source: an example of ours
mark: example
routes:
  - {service: post_tracked, from: CN, to: 'NO', currency: NOK, first: "39.00", each: "6.00",
     days: [9, 14], valid_from: 2026-01-01}
  - {service: post_tracked, from: 'NO', to: CN, currency: NOK, first: "79.00", each: "12.00",
     days: [12, 20], valid_from: 2026-01-01}
""",
}  # fmt: skip
MOROCCO = {
    "market.toml": """
[[edition]]
valid_from = 2026-01-01
rank = 71
region = "africa"
currency = "MAD"
languages = ["ar", "fr"]
time_zone = "Africa/Casablanca"
phone_prefix = "+212"
tax_display = "included"
tax_fact = { mark = "knowledge" }
price_habit = [{ step = "10.00", ending = "9.00" }]
payment_methods = ["cod"]
incoterm = "DDP"
channel = "express"
sizes = ["fr"]

[edition.cod]
fee = "20.00"
most = "5000.00"
fact = { mark = "ours" }

[edition.returns]
days = 7
basis = "law"
law = "Law 31-08, article 36"
return_freight = "buyer"
gives_back = ["goods", "tax"]
answer_days = 3
fact = { mark = "knowledge", source = "Law 31-08" }

[edition.customs]
country = "232"
currency = ""
fact = { mark = "knowledge" }

[edition.calendar]
rest_days = [6, 7]
peak = ["20:00", "23:00"]
delivery = ["09:00", "19:00"]
quiet = ["22:00", "09:00"]
ramadan = { peak = ["21:00", "02:00"], delivery = ["10:00", "16:00"] }
fact = { mark = "ours" }

[edition.data]
zone = "MA"
laws = ["Law 09-08"]
fact = { mark = "knowledge" }
""",
    "duties.yaml": """
market: MA
edition: HS 2022
covers: ['62', '69']
sources: {}
rule_sets:
- name: MA, parcels from abroad
  valid_from: '2024-01-01'
  currency: MAD
  decimals: 2
  value_basis: cif
  components:
  - name: duty
    kind: duty
    rows:
    - {name: simplified duty, valid_from: '2024-01-01', base: [cif], charge: {rate: '0.40'},
       collected_by: border, mark: knowledge}
  - name: vat
    kind: tax
    rows:
    - {name: VAT at import, valid_from: '2024-01-01', base: [cif, duty], charge: {rate: '0.20'},
       collected_by: border, mark: knowledge}
""",
    "carriers.yaml": """
carrier: sandbox
source: an example of ours
mark: example
services:
  riad_line:
    name: {en: "Riad line", fr: "Ligne Riad", zh: "摩洛哥专线", ar: "خط الرياض"}
    max_grams: 20000
    max_side_mm: 1000
    max_girth_mm: 2000
    cutoff: "12:00"
    handling_days: 1
routes:
  - {service: riad_line, from: CN, to: MA, currency: MAD, first: "45.00", each: "7.00",
     days: [6, 9], cod_fee: "15.00", valid_from: 2026-01-01}
""",
    "rates.toml": """
[[rate]]
base = "USD"
quote = "MAD"
on = 2026-01-01
rate = "9.25"
kind = "peg"
mark = "ours"
source = "made up for this test"
""",
}  # fmt: skip
OSLO = Address(Country("NO"), "Kari Vik", "Storgata 5", "OSLO", postcode="0155", phone="+4740612345")
RABAT = Address(
    Country("MA"), "Salma Idrissi", "12 Avenue Allal", "Rabat", postcode="10000", phone="0650-123456"
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an operator writes: two folders of data, nothing else."""
    made = tmp_path_factory.mktemp("packs")
    for code, pack in (("no", NORWAY), ("ma", MOROCCO)):
        (made / code).mkdir()
        for name, text in pack.items():
            (made / code / name).write_text(text)
    return made


@pytest.fixture
def the_packs_of_the_house() -> Iterator[None]:
    """Whatever a test made known is forgotten after it."""
    yield
    packs.use(PackSettings())


@pytest.fixture
async def wider(
    database: Database, clock: SetClock, folder: Path, tmp_path: Path, the_packs_of_the_house: None
) -> AsyncIterator[World]:
    """A world whose operator set `SILKCAST_PACKS__FOLDER`."""
    async with (
        programs(tmp_path, folder) as outside,
        build.world(database, clock, outside, tmp_path, folder) as made,
    ):
        yield made
        await made.books()


async def priced(world: World, code: str, amount: str) -> None:
    currency = world.market(code).currency
    async with world.database.write() as tx:
        money = Money.of(amount, currency)
        await pricing.set_price(tx, world.variant("cup"), Country(code), money, currency=currency)


async def test_an_order_goes_through_in_a_market_that_is_a_folder(wider: World) -> None:
    await priced(wider, "NO", "159.00")
    order = await wider.delivered("NO", ship_to=OSLO, buyer=Buyer("Kari Vik", "kari@example.org", ""))
    assert (order.market, order.total.currency, order.state) == ("NO", "NOK", "delivered")
    told = {line.kind: line.amount for line in order.price_lines}
    assert told["goods"] == Money.of("318.00", "NOK")
    assert told["freight"] == Money.of("57.00", "NOK") or told["freight"].amount > 39
    assert told["tax"] == Money.rounded((told["goods"] + told["freight"]).amount / 4, "NOK")
    assert order.total == told["goods"] + told["freight"] + told["tax"]
    assert "order_delivered" in await wider.letters()
    await wider.nothing_failed()


async def test_an_order_is_paid_at_the_door_in_a_currency_of_a_pack(wider: World) -> None:
    async with wider.database.write() as tx:
        await rates.load_shipped_rates(tx)
    async with wider.database.read() as db:
        hint = await rates.suggest(db, Money.of("90", "CNY"), wider.market("MA"), db.now.date())
    assert hint.currency == "MAD"
    assert str(hint.amount).endswith("9.00")
    await priced(wider, "MA", str(hint.amount))
    buyer = Buyer("Salma Idrissi", "salma@example.org", "")
    order = await wider.delivered("MA", ship_to=RABAT, buyer=buyer, method="cod")
    assert (order.delivery.service, order.ship_to.phone) == ("sandbox/riad_line", "+212650123456")
    told = {line.kind for line in order.price_lines if not line.amount.is_zero}
    assert {"goods", "freight", "duty", "tax", "fee"} <= told
    await wider.nothing_failed()


async def test_its_addresses_prices_and_absence_are_checked_like_any_other(wider: World) -> None:
    with pytest.raises(NotSoldHere) as refused:
        await wider.buy("NO", ship_to=OSLO, buyer=Buyer("Kari", "kari@example.org", ""))
    assert refused.value.reason == "no_price"
    await priced(wider, "NO", "159.00")
    with pytest.raises(BadAddress):
        market = wider.market("NO")
        markets.check_address(Address(Country("NO"), "Kari", "Storgata 5", "OSLO", postcode="1"), market)
    async with wider.database.read() as db:
        (whole,) = (
            await offers.for_pages(
                db, [wider.variant("cup")], wider.market("NO"), wider.scene.carriers.values()
            )
        ).values()
    assert isinstance(whole, offers.Whole)
    assert whole.chosen.name.text("en") == "Post, tracked"
    assert markets.works(wider.market("NO"), whole.chosen.promise.from_day)
    packs.use(PackSettings())
    with pytest.raises(NoSuchMarket):
        wider.market("NO")


def test_no_code_knows_these_markets() -> None:
    """But where ISO's own lists stand."""
    lists = {"ground/money.py", "ground/places.py"}
    root = Path(silkcast.__file__).parent
    names = {"NOK", "VOEC", "Norway", "nb", "MA", "MAD", "Morocco"}
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in root.rglob("*.py")
        if str(path.relative_to(root)) not in lists
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert found == []
    assert not list(packs.HOUSE.rglob("*.py"))
