# SPDX-License-Identifier: Apache-2.0
"""Starts the sandbox provider: its API, its pages and the sender of its news, in one process."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import socket
from pathlib import Path

import uvicorn

from silkcast.ground.clock import SystemClock
from silkcast.ground.ids import new_secret

from .api import Api
from .book import Book
from .hosted import Hosted
from .news import Sender
from .storage import Storage
from .web import Site


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m silkcast.engines.payment.provider",
        description="The sandbox payment provider: test cards only, no money moves.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for its file; kept between starts")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8790, help="0 takes a free one and says which")
    parser.add_argument("--public-url", default="", help="address of its pages, where not http://HOST:PORT")
    told = os.environ.get("SILKCAST_COUNTERPART_KEY", "sandbox-key")
    parser.add_argument("--key", default=told, help="the bearer key of its API; or SILKCAST_COUNTERPART_KEY")
    parser.add_argument("--webhook", default="", help="where news is sent; none where it is empty")
    parser.add_argument(
        "--secret",
        action="append",
        help="signs the news; given twice while secrets are turned; or SILKCAST_COUNTERPART_SECRET",
    )
    parser.add_argument("--pace", type=float, default=1.0, help="all waiting times are multiplied by this")
    given = parser.parse_args()
    kept = os.environ.get("SILKCAST_COUNTERPART_SECRET")
    given.secret = given.secret or ([kept] if kept else [])
    return given


def _is_no_lost_answer(record: logging.LogRecord) -> bool:
    """A lost answer is made by breaking a connection off, which uvicorn would call an error each time."""
    return "without completing response" not in record.getMessage()


def seed_in(folder: Path) -> str:
    """What makes the pages' addresses impossible to guess; made at the first start."""
    file = folder / "seed"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(0o600)
        file.write_text(new_secret())
    return file.read_text()


async def serve(options: argparse.Namespace) -> None:
    listening = socket.create_server((options.host, options.port))
    address = options.public_url or f"http://{options.host}:{listening.getsockname()[1]}"
    storage = Storage(options.data)
    book = Book(storage, SystemClock(), seed=seed_in(options.data), pace=options.pace)
    sender = Sender(book, options.webhook, options.secret or ["sandbox-secret"], pace=options.pace)
    api = Api(book, key=options.key, address=lambda: address, told=sender.wake)
    site = Site(*api.routes(), *Hosted(book, told=sender.wake).routes())
    config = uvicorn.Config(site, log_level="error", access_log=False, lifespan="off")
    logging.getLogger("uvicorn.error").addFilter(_is_no_lost_answer)
    print(f"sandbox provider at {address}", flush=True)
    sending = asyncio.create_task(sender.run())
    try:
        await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        storage.close()


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments()))


if __name__ == "__main__":
    main()
