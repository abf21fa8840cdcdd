# SPDX-License-Identifier: Apache-2.0
"""Paying: where a buyer goes once the money was asked for."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.datastructures import State

from silkcast.faces.asking import page
from silkcast.faces.house import House
from silkcast.faces.shop.buy_views import BankView
from silkcast.faces.shop.buying import done_view
from silkcast.faces.visit import Visit
from silkcast.flows.checkout import Outcome

QUIET = {"referrer-policy": "no-referrer"}
"""An order's address is a secret: no other site is told of it."""


async def after_outcome(
    request: Request[Any, Any, State], house: House, visit: Visit, outcome: Outcome
) -> Response[Any]:
    """To the provider's page or the page with its form; in a sheet it may stand in a frame beside the show.
    Where nothing is left to be done, to the order."""
    order, secret, action = outcome.order, outcome.secret, outcome.action
    in_sheet = "x-fragment" in request.headers
    if action is not None:
        is_ours = action.kind == "client_secret"
        address = f"/order/{secret}/card" if is_ours else action.value
        if not in_sheet:
            return Response("", status_code=303, headers={"location": address, **QUIET})
        view = BankView(
            address=address,
            wait=f"/order/{secret}/wait",
            amount=outcome.payment.amount,
            back=f"/order/{secret}",
            is_framed=is_ours or house.scene.payments[outcome.payment.engine].is_framed,
        )
        return quiet(page("buy/bank.html", view, visit, fragment=True, is_listed=False))
    if in_sheet and (outcome.payment.status == "succeeded" or order.payment_method == "cod"):
        async with house.database.read() as db:
            done = await done_view(db, order, secret, visit)
        return quiet(page("buy/done.html", done, visit, fragment=True, is_listed=False))
    headers = {"x-location": f"/order/{secret}", **QUIET}
    if in_sheet:
        return Response("", headers=headers, media_type="text/html")
    return Response("", status_code=303, headers={"location": f"/order/{secret}", **QUIET})


def quiet(answer: Response[Any]) -> Response[Any]:
    answer.headers.update(QUIET)
    return answer
