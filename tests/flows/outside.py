# SPDX-License-Identifier: Apache-2.0
"""The three programs outside of a small real world: the payment provider, the carrier and customs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.engines.payment.running import Ear, listening, program

SECRET = "both-know-this"


@dataclass
class Programs:
    """The programs outside, with an ear for each one's news."""

    payment: str
    carrier: str
    customs: str
    ears: Mapping[str, Ear]


@asynccontextmanager
async def programs(folder: Path, packs: Path | None = None) -> AsyncIterator[Programs]:
    """The three of them, on free ports, up until the block ends; the carrier with an operator's packs."""
    async with AsyncExitStack() as stack:
        ears = {
            name: await stack.enter_async_context(listening()) for name in ("payment", "carrier", "customs")
        }

        async def started(name: str, module: str, *options: str, ready: str) -> str:
            given = ["-m", module, "--data", str(folder / name), "--port", "0", "--secret", SECRET]
            return await stack.enter_async_context(program(*given, *options, ready=ready))

        hooks = {name: ear.url for name, ear in ears.items()}
        payment = await started(
            "payment", "silkcast.engines.payment.provider", "--webhook", hooks["payment"], "--pace", "0.02",
            ready="at http",
        )  # fmt: skip
        carrier = await started(
            "carrier",
            "silkcast.engines.carrier.provider",
            "--callback",
            hooks["carrier"],
            *(("--packs", str(packs)) if packs else ()),
            ready="listening",
        )
        customs = await started(
            "customs", "silkcast.engines.customs.port", "--callback", hooks["customs"], "--delay", "0.1",
            ready="listening",
        )  # fmt: skip
        yield Programs(payment.split(" at ")[1], _address(carrier), _address(customs), ears)


def _address(line: str) -> str:
    return str(httpx.Response(200, text=line).json()["listening"])
