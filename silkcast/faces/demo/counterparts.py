# SPDX-License-Identifier: Apache-2.0
"""Counterparts: payment provider, carrier and customs, each a program of its own beside the house."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from silkcast.faces.demo.sheet import Sheet
from silkcast.plumbing import packs
from silkcast.plumbing.children import dies_with_us

log = structlog.get_logger()
PATIENCE_SECONDS = 5.0
STOPPING_SECONDS = 30.0
"""What stopping the whole demo may take."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the world outside answers. A parcel travels seven to fourteen days."""

    day_seconds: str = "5"
    customs_seconds: str = "3"


@dataclass(slots=True)
class Counterparts:
    """The three children. They die with us, whatever happens to us."""

    sheet: Sheet
    pace: Pace = field(default_factory=Pace)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        for name in ("payment", "carrier", "customs"):
            self._start(name)

    def _start(self, name: str) -> None:
        data = self.sheet.folder / "counterparts" / name
        data.mkdir(parents=True, exist_ok=True)
        with (data / "log").open("ab") as output:
            self._running[name] = subprocess.Popen(  # noqa: S603 our own programs
                [sys.executable, "-m", *self._command(name, data)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | self._secrets(name),
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
                preexec_fn=dies_with_us(),
            )

    def _command(self, name: str, data: Path) -> list[str]:
        sheet, hooks = self.sheet, f"{self.sheet.address}/hooks"
        place = ("--data", str(data), "--port", str(getattr(sheet, name)))
        if name == "payment":
            return [
                "silkcast.engines.payment.provider",
                *place,
                *("--webhook", f"{hooks}/payment/sandbox"),
            ]
        if name == "carrier":
            callback = f"{hooks}/carrier/sandbox"
            more: tuple[str, ...] = ("--day-seconds", self.pace.day_seconds)
            for folder in packs.folders()[1:]:
                more += ("--packs", str(folder))
            return ["silkcast.engines.carrier.provider", *place, "--callback", callback, *more]
        more = ("--delay", self.pace.customs_seconds)
        return ["silkcast.engines.customs.port", *place, "--callback", f"{hooks}/customs", *more]

    def _secrets(self, name: str) -> dict[str, str]:
        """By the environment, which only we can read; a command line is everybody's."""
        sheet = self.sheet
        secret: str = getattr(sheet, f"{name}_secret")
        key = {"SILKCAST_COUNTERPART_KEY": sheet.payment_key} if name == "payment" else {}
        return {"SILKCAST_COUNTERPART_SECRET": secret, **key}

    async def keep(self) -> None:
        """Start again whichever ends, until cancelled."""
        while True:
            await asyncio.sleep(1)
            for name, child in list(self._running.items()):
                if child.poll() is not None:
                    log.warning("demo.counterpart_ended", name=name, code=child.returncode)
                    self._start(name)
                    await asyncio.sleep(2)

    def stop(self) -> None:
        for child in self._running.values():
            with suppress(ProcessLookupError):
                child.terminate()
        for child in self._running.values():
            try:
                child.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
        self._running.clear()


async def answering(port: int, seconds: float = 20.0) -> bool:
    """Whether somebody listens there before the time is over."""
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return True
    return False
