# SPDX-License-Identifier: Apache-2.0
"""Answering: once for each idempotency key, versions as ETags, faults by field."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec
from litestar import Request, Response
from litestar.exceptions import ValidationException
from litestar.params import HeaderParameter

from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.refusing import problem
from silkcast.goods.catalog.errors import ProductChanged
from silkcast.ground.refusals import Invalid, Refusal
from silkcast.plumbing.answers import service as answers
from silkcast.plumbing.answers.service import Answer
from silkcast.plumbing.db import Tx

from .access import Caller

T = TypeVar("T")
PROBLEM = "application/problem+json"

Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Yours, new for each thing to be made. The same request with the same key is answered "
        "with the stored answer; another request with the same key is refused.",
    ),
]
IfMatch = Annotated[
    str,
    HeaderParameter(name="If-Match", description="The ETag of the version you read.", max_length=40),
]


@dataclass(eq=False)
class BadField(Invalid):
    """One field cannot be right."""

    code: ClassVar[str] = "api.bad_field"
    field: str
    fault: str


async def once(
    house: House,
    caller: Caller,
    request: Request[Any, Any, Any],
    key: str,
    shape: type[T],
    make: Callable[[Tx], Awaitable[T]],
    *,
    mark: bytes | None = None,
    is_secret: bool = False,
) -> Response[T]:
    """Make a thing in one transaction with its stored answer; or give the answer of before. An answer with a
    secret in it is stored sealed. `mark` says what was asked where the handler has read the body itself."""
    asker, mark = _asker(caller), mark or await fingerprint(request)
    context = f"answers.answers/{asker}/{key}"
    async with house.database.write(caller.actor) as tx:
        before = await answers.before(tx, asker, key, mark)
        if before is None:
            made = await make(tx)
            body = msgspec.json.encode(made)
            body = tx.vault.seal(body, context).encode() if is_secret else body
            await answers.keep(tx, asker, key, Answer(201, body))
            return Response(made, status_code=201)
        body = tx.vault.open_bytes(before.body.decode(), context) if is_secret else before.body
    stored = msgspec.json.decode(body, type=shape)
    return Response(stored, status_code=before.status, headers={"idempotency-replayed": "true"})


async def is_answered(house: House, caller: Caller, key: str) -> bool:
    """Was this key used before? To spare work that only a new one is worth."""
    async with house.database.read() as db:
        return await answers.is_there(db, _asker(caller), key)


def _asker(caller: Caller) -> str:
    return f"token/{caller.token}"


async def fingerprint(request: Request[Any, Any, Any]) -> bytes:
    """What was asked: the method, the path and the body as it came."""
    said = hashlib.sha256(f"{request.method} {request.url.path}\0".encode())
    said.update(await request.body())
    return said.digest()


def etag(version: int) -> str:
    return f'"{version}"'


def version_in(if_match: str) -> int:
    """The version of an If-Match; weak or strange ones are refused."""
    text = if_match.strip().strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadField("If-Match", "not_an_etag")
    return int(text)


def refuse_fields(request: Request[Any, Any, Any], error: ValidationException) -> Response[dict[str, Any]]:
    """What does not fit the document, field by field."""
    faults = [
        {"field": str(fault.get("key", "")), "fault": str(fault.get("message", ""))}
        for fault in error.extra or []
        if isinstance(fault, dict)
    ]
    return _problem(BadRequest(), 422, faults=faults)


def refuse_version(request: Request[Any, Any, Any], error: ProductChanged) -> Response[dict[str, Any]]:
    """RFC 9110: what the version was read at is no longer so."""
    return _problem(error, 412)


@dataclass(eq=False)
class BadRequest(Invalid):
    """The request does not fit the document."""

    code: ClassVar[str] = "request.bad"


def _problem(refusal: Refusal, status: int, **more: Any) -> Response[dict[str, Any]]:
    body = {**problem(refusal, title=words_of(refusal, "en")), "status": status, **more}
    return Response(body, status_code=status, media_type=PROBLEM)
