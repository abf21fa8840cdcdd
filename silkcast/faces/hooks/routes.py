# SPDX-License-Identifier: Apache-2.0

from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State

from silkcast.faces.house import House
from silkcast.ground.refusals import NotFound
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.errors import NoDeclaration
from silkcast.trade.payments import service as payments
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import NoParcel


@post("/hooks/payment/{engine:str}", status_code=200)
async def payment_news(request: Request[Any, Any, State], house: House, engine: str) -> Response[None]:
    """The signature is checked on the raw body, the body kept; a reaction works out what it means."""
    found = house.scene.payments.get(engine)
    if found is None:
        raise NotFound()
    headers, body = dict(request.headers), await request.body()
    event = found.read_webhook(headers, body)
    async with house.database.write() as tx:
        await payments.store_webhook(tx, engine, event, headers, body)
    return Response(None, status_code=200)


@post("/hooks/carrier/{carrier:str}", status_code=200)
async def carrier_news(request: Request[Any, Any, State], house: House, carrier: str) -> Response[None]:
    """What happened to a parcel. A parcel that is not ours is no fault of the carrier's."""
    found = house.scene.carriers.get(carrier)
    if found is None:
        raise NotFound()
    news = found.read_webhook(dict(request.headers), await request.body())
    async with house.database.write() as tx:
        try:
            await shipping.note_track(tx, news.tracking, news.events)
        except NoParcel:
            return Response(None, status_code=202)
    return Response(None, status_code=200)


@post("/hooks/customs", status_code=200)
async def customs_news(request: Request[Any, Any, State], house: House) -> Response[None]:
    """Receipts of customs, each kept in a transaction of its own."""
    for receipt in house.scene.customs.read_callback(dict(request.headers), await request.body()):
        async with house.database.write() as tx:
            try:
                await customs.note_receipt(tx, receipt)
            except NoDeclaration:
                continue
    return Response(None, status_code=200)


ROUTES = (payment_news, carrier_news, customs_news)
