# SPDX-License-Identifier: Apache-2.0
"""Products, prices and stock."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.params import JSONBody, QueryParameter

from silkcast.faces.house import House
from silkcast.flows import listing
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import ProductNotFound
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ProductId, SellerId, VariantId, WarehouseId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Db, Tx
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from .access import Caller, needs
from .answering import IfMatch, Key, etag, once, version_in
from .shapes.goods import (
    Adjustment,
    Level,
    LevelList,
    NewProduct,
    Price,
    PriceList,
    Product,
    ProductList,
    Receipt,
    Warehouse,
    WarehouseList,
)
from .shapes.money import Amount

After = Annotated[str | None, QueryParameter(description="The `next` of the page before.", max_length=400)]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many to a page.")]


def _answer(product: Product, status: int = 200) -> Response[Product]:
    return Response(product, status_code=status, headers={"etag": etag(product.version)})


@get("/products", tags=["Products"], operation_id="listProducts", **needs("catalog:read"))
async def list_products(
    house: House,
    caller: Caller,
    q: Annotated[str | None, QueryParameter(description="Words in a name, or a SKU.", max_length=200)] = None,
    after: After = None,
    limit: Limit = 50,
) -> ProductList:
    """The shop's products, in whatever state."""
    async with house.database.read() as db:
        found = await catalog.search(db, seller=caller.seller, text=q, status=None, after=after, limit=limit)
    return ProductList([Product.of(one) for one in found.items], found.next)


@get("/products/{product:uuid}", tags=["Products"], operation_id="getProduct", **needs("catalog:read"))
async def get_product(house: House, caller: Caller, product: UUID) -> Response[Product]:
    """One product. Its ETag is needed to revise it."""
    async with house.database.read() as db:
        found = await catalog.product(db, ProductId(product), seller=caller.seller)
    return _answer(Product.of(found))


@post("/products", tags=["Products"], operation_id="createProduct", **needs("catalog:write"))
async def create_product(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    data: JSONBody[NewProduct],
    idempotency_key: Key,
) -> Response[Product]:
    """Write a product down, as a draft. Put it up for sale once it has pictures and all else it needs."""

    async def make(tx: Tx) -> Product:
        return Product.of(await listing.draft(tx, caller.seller, data.own()))

    made = await once(house, caller, request, idempotency_key, Product, make)
    made.headers["etag"] = etag(made.content.version)
    return made


@put("/products/{product:uuid}", tags=["Products"], operation_id="reviseProduct", **needs("catalog:write"))
async def revise_product(
    house: House, caller: Caller, product: UUID, data: JSONBody[NewProduct], if_match: IfMatch
) -> Response[Product]:
    """Say something else of a product, as it was read at `If-Match`. Variants are told apart by their SKU."""
    async with house.database.write(caller.actor) as tx:
        found = await listing.revise(
            tx, ProductId(product), data.own(), seller=caller.seller, version=version_in(if_match)
        )
    return _answer(Product.of(found))


@post(
    "/products/{product:uuid}/listing",
    tags=["Products"],
    operation_id="listProduct",
    status_code=200,
    **needs("catalog:write"),
)
async def put_up(house: House, caller: Caller, product: UUID) -> Response[Product]:
    """Offer a product for sale. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        found = await catalog.put_up(tx, ProductId(product), seller=caller.seller)
    return _answer(Product.of(found))


@post(
    "/products/{product:uuid}/withdrawal",
    tags=["Products"],
    operation_id="withdrawProduct",
    status_code=200,
    **needs("catalog:write"),
)
async def withdraw(house: House, caller: Caller, product: UUID) -> Response[Product]:
    """Stop offering a product. What is sold stays sold. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        found = await catalog.withdraw(tx, ProductId(product), seller=caller.seller)
    return _answer(Product.of(found))


@get("/products/{product:uuid}/prices", tags=["Prices"], operation_id="listPrices", **needs("catalog:read"))
async def list_prices(house: House, caller: Caller, product: UUID) -> PriceList:
    """What each variant costs now, in every market that has a price."""
    async with house.database.read() as db:
        found = await catalog.product(db, ProductId(product), seller=caller.seller)
        prices = await pricing.prices_everywhere(db, [variant.id for variant in found.variants])
    return PriceList([Price.of(price) for by in prices.values() for price in by.values()])


@put(
    "/variants/{variant:uuid}/prices/{market:str}",
    tags=["Prices"],
    operation_id="setPrice",
    **needs("catalog:write"),
)
async def set_price(
    house: House, caller: Caller, variant: UUID, market: str, data: JSONBody[Amount]
) -> Price:
    """Set what a unit costs in a market, in that market's currency and with its decimals."""
    id = VariantId(variant)
    async with house.database.write(caller.actor) as tx:
        await own_variant(tx, caller.seller, id)
        of = markets.market(market, tx.now.date())
        amount = pricing.read(data.amount, data.currency)
        await pricing.set_price(tx, id, of.code, amount, currency=of.currency)
        return Price.of((await pricing.prices(tx, [id], of.code))[id])


@delete(
    "/variants/{variant:uuid}/prices/{market:str}",
    tags=["Prices"],
    operation_id="clearPrice",
    **needs("catalog:write"),
)
async def clear_price(house: House, caller: Caller, variant: UUID, market: str) -> None:
    """No longer sold in this market. Again: nothing more happens."""
    id = VariantId(variant)
    async with house.database.write(caller.actor) as tx:
        await own_variant(tx, caller.seller, id)
        await pricing.clear_price(tx, id, markets.market(market, tx.now.date()).code)


@get("/warehouses", tags=["Stock"], operation_id="listWarehouses", **needs("catalog:read"))
async def list_warehouses(house: House, caller: Caller) -> WarehouseList:
    """Where the shop's goods lie."""
    async with house.database.read() as db:
        found = await sellers.warehouses(db, caller.seller)
    return WarehouseList(
        [Warehouse(one.id, one.name, one.address.city, one.address.country) for one in found]
    )


@get("/products/{product:uuid}/stock", tags=["Stock"], operation_id="listStock", **needs("catalog:read"))
async def list_stock(house: House, caller: Caller, product: UUID) -> LevelList:
    """On hand, held and free of each variant, warehouse by warehouse."""
    async with house.database.read() as db:
        found = await catalog.product(db, ProductId(product), seller=caller.seller)
        levels = await stock.by_warehouse(db, [variant.id for variant in found.variants])
    return LevelList([Level.of(level) for some in levels.values() for level in some])


@post("/stock/receipts", tags=["Stock"], operation_id="receiveStock", **needs("stock:write"))
async def receive_stock(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    data: JSONBody[Receipt],
    idempotency_key: Key,
) -> Response[Level]:
    """Units have arrived in a warehouse."""

    async def make(tx: Tx) -> Level:
        await own_variant(tx, caller.seller, VariantId(data.variant))
        await own_warehouse(tx, caller.seller, data.warehouse)
        return Level.of(
            await stock.receive(
                tx, VariantId(data.variant), WarehouseId(data.warehouse), data.units, data.why
            )
        )

    return await once(house, caller, request, idempotency_key, Level, make)


@post("/stock/adjustments", tags=["Stock"], operation_id="adjustStock", **needs("stock:write"))
async def adjust_stock(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    data: JSONBody[Adjustment],
    idempotency_key: Key,
) -> Response[Level]:
    """Correct a level after a count, up or down, but never below what is held."""

    async def make(tx: Tx) -> Level:
        await own_variant(tx, caller.seller, VariantId(data.variant))
        await own_warehouse(tx, caller.seller, data.warehouse)
        return Level.of(
            await stock.adjust(
                tx, VariantId(data.variant), WarehouseId(data.warehouse), data.change, data.why
            )
        )

    return await once(house, caller, request, idempotency_key, Level, make)


async def own_variant(db: Db, seller: SellerId, variant: VariantId) -> None:
    """Another shop's variant is not found."""
    of = (await catalog.variants(db, [variant])).get(variant)
    if of is None or of.product.seller != seller:
        raise ProductNotFound()


async def own_warehouse(db: Db, seller: SellerId, warehouse: UUID) -> None:
    if warehouse not in {one.id for one in await sellers.warehouses(db, seller)}:
        raise NotFound()


HANDLERS = [
    list_products,
    get_product,
    create_product,
    revise_product,
    put_up,
    withdraw,
    list_prices,
    set_price,
    clear_price,
    list_warehouses,
    list_stock,
    receive_stock,
    adjust_stock,
]
