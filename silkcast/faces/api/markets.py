# SPDX-License-Identifier: Apache-2.0
"""The off switch of a market, for programs of those who may use it."""

from litestar import get, post
from litestar.params import JSONBody

from silkcast.faces.house import House
from silkcast.flows import local
from silkcast.ground.places import Country
from silkcast.who.closings import service as closings
from silkcast.who.markets import service as markets

from .access import Caller, needs
from .shapes.markets import MarketState, MarketStates, NewClosure, Reopening

WRITE = needs("markets:write")


def code_of(house: House, code: str) -> Country:
    return markets.market(code.upper(), house.database.clock.now().date()).code


@get("/market-states", tags=["Markets"], operation_id="listMarketStates", **WRITE)
async def list_states(house: House, caller: Caller) -> MarketStates:
    """Every market: open, closed, or to be closed."""
    async with house.database.read() as db:
        known = {one.market: one for one in await closings.all_open(db)}
        return MarketStates(
            [MarketState.of(one.code, known.get(one.code), db.now) for one in markets.markets(db.now.date())]
        )


@post(
    "/market-states/{code:str}/close", tags=["Markets"], operation_id="closeMarket", status_code=200, **WRITE
)
async def close(house: House, caller: Caller, code: str, data: JSONBody[NewClosure]) -> MarketState:
    """Take no more orders from a market. Once this answers, none is placed any more. Open orders finish;
    to have them refunded is the operator's, at the desk or the command line."""
    market = code_of(house, code)
    async with house.database.write(caller.actor) as tx:
        closure = await local.close(tx, caller.user, market, reason=data.reason, link=data.link)
        return MarketState.of(market, closure, tx.now)


@post(
    "/market-states/{code:str}/reopen",
    tags=["Markets"],
    operation_id="reopenMarket",
    status_code=200,
    **WRITE,
)
async def reopen(house: House, caller: Caller, code: str, data: JSONBody[Reopening]) -> MarketState:
    """Take orders from a market again."""
    market = code_of(house, code)
    async with house.database.write(caller.actor) as tx:
        await local.reopen(tx, caller.user, market, data.reason)
        return MarketState.of(market, None, tx.now)


HANDLERS = (list_states, close, reopen)
