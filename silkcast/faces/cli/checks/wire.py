# SPDX-License-Identifier: Apache-2.0
"""The wire between processes: is there one, and does it take us in?"""

from __future__ import annotations

from silkcast.plumbing.wire.nats import NoWire, joined
from silkcast.plumbing.wire.settings import WireSettings

from .finding import Finding, fail, ok


async def wire(settings: WireSettings) -> Finding:
    """Joins it for a moment, as each process does."""
    if not settings.url:
        return ok("wire", "within this machine")
    try:
        bus = await joined(settings.url, patience_seconds=4)
    except NoWire as fault:
        return fail("wire", str(fault), "the same wire.url on every machine: nats://TOKEN@HOST:4222")
    await bus.close()
    return ok("wire", "the NATS server takes us in")
