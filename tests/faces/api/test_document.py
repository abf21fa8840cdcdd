# SPDX-License-Identifier: Apache-2.0
"""The document is the one that is kept, and the house answers as it says, whatever it is sent."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from silkcast.faces.api import access
from silkcast.faces.api.routes import document
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import SCOPES
from silkcast.who.sellers import service as sellers
from tests.conftest import VAULT, clone
from tests.faces.running import person, run_house
from tests.who.sellers.build import new_seller

KEPT = Path(__file__).parents[3] / "docs/reference/openapi.json"
SECONDS = 60


def test_the_document_is_the_one_that_is_kept() -> None:
    told = json.loads(json.dumps(document()))

    assert told == json.loads(KEPT.read_text()), (
        "python -m silkcast.faces.api > docs/reference/openapi.json, and read what changed"
    )


def test_every_operation_says_what_it_does_and_refuses() -> None:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], path
            assert operation["summary"], path
            assert "429" in operation["responses"], path
            if operation["security"] != [{}]:
                assert {"401", "403"} <= set(operation["responses"]), path
            if method == "post" and "201" in operation["responses"]:
                names = {parameter["name"] for parameter in operation["parameters"]}
                assert "Idempotency-Key" in names, path


@pytest.fixture
def served(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A house that answers on a port of its own, in a thread of its own; its address and a good token."""
    monkeypatch.setattr(access, "PER_MINUTE", 1_000_000)
    monkeypatch.setattr(access, "PUBLIC_PER_MINUTE", 1_000_000)
    told: list[tuple[str, str]] = []
    ready = threading.Event()
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        database = Database(postgres.url(await clone(postgres)), VAULT, pool_size=4)
        owner = await person(database)
        async with database.write() as tx:
            shop = await sellers.open_shop(tx, owner.user.id, new_seller())
            made = await identity.make_token(tx, owner.user.id, shop.id, name="fuzz", scopes=SCOPES)
        app = run_house(database, tmp_path).app
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))  # type: ignore[arg-type]
        servers.append(server)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        told.append((f"http://127.0.0.1:{port}", made.secret))
        ready.set()
        await serving
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield told[0]
    servers[0].should_exit = True
    thread.join(10)


@pytest.mark.timeout(240)
def test_whatever_it_is_sent_it_answers_as_the_document_says(served: tuple[str, str]) -> None:
    address, secret = served
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    until = monotonic() + SECONDS
    asked = 0
    failures: list[str] = []

    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case: Case) -> None:
            case.call_and_validate(
                base_url=address, headers={"Authorization": f"Bearer {secret}"}, checks=checks
            )

        if monotonic() > until:
            break
        try:
            ask()
        except FailureGroup as group:
            failures += [f"{operation.label}: {failure}" for failure in group.exceptions]
        asked += 1

    assert failures == []
    assert asked > 10
