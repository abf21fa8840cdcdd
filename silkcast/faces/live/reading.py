# SPDX-License-Identifier: Apache-2.0
"""Reading: what a page sent, by its script or by a form."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import State

from silkcast.faces.refusing import BadRequest

T = TypeVar("T")


def is_json(request: Request[Any, Any, State]) -> bool:
    return "json" in request.headers.get("content-type", "")


async def sent(request: Request[Any, Any, State], kind: type[T]) -> T:
    """What a script sent as JSON, or a form as a browser without script sends it."""
    try:
        if is_json(request):
            return msgspec.json.decode(await request.body(), type=kind)
        form = await request.form()
        return msgspec.convert(dict(form), type=kind, strict=False)
    except (msgspec.MsgspecError, ValueError) as fault:
        raise BadRequest from fault
