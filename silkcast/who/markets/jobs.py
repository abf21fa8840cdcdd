# SPDX-License-Identifier: Apache-2.0
"""What markets do by the clock: look whether files changed. Each process does, as each keeps its own."""

from __future__ import annotations

import asyncio

import structlog

from . import service as markets
from .errors import BrokenMarket

log = structlog.get_logger(__name__)

PAUSE = 30


async def keep_fresh(pause: int = PAUSE) -> None:
    """Read the files again when they changed. A fault is told once, and what was read before stays."""
    told = ""
    while True:
        await asyncio.sleep(pause)
        told = await look(told)


async def look(told: str = "") -> str:
    """One look. The fault that was found, or nothing."""
    try:
        if await asyncio.to_thread(markets.read_again):
            log.info("markets.read_again", markets=markets.check())
    except BrokenMarket as broken:
        if str(broken) != told:
            log.error("markets.refused", file=broken.file, line=broken.line, reason=broken.reason)
        return str(broken)
    return ""
