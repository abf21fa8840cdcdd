# SPDX-License-Identifier: Apache-2.0
"""The least that any site on our frameworks is: one page, which asks the database one thing.

`python -m bench.bare_site FOLDER PORT` starts the PostgreSQL in the folder and answers until it is ended.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
import uvloop
from jinja2 import Environment
from litestar import Litestar, MediaType, get
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from silkcast.plumbing.postgres import Postgres

PAGE = Environment(autoescape=True).from_string("<!doctype html><title>{{ answer }}</title>")


async def serve(folder: Path, port: int) -> None:
    server = Postgres(folder)
    server.start()
    engine = create_async_engine(server.url().replace("postgresql:", "postgresql+asyncpg:", 1))

    @get("/", media_type=MediaType.HTML)
    async def page() -> str:
        async with engine.connect() as connection:
            return PAGE.render(answer=(await connection.execute(text("SELECT 1"))).scalar_one())

    try:
        app = Litestar([page], openapi_config=None, logging_config=None)
        config = uvicorn.Config(app, port=port, log_level="error", access_log=False, loop="none")
        await uvicorn.Server(config).serve()
    finally:
        await engine.dispose()
        server.stop()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
