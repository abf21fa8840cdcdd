# SPDX-License-Identifier: Apache-2.0
"""Sandbox: texts are laid in a folder beside the letters, for the demo and for trying things out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from silkcast.engines.post.mailbox import Mailbox, MailboxSettings
from silkcast.ground.clock import Clock
from silkcast.plumbing.engines import Engine
from silkcast.watch.notices.port import KeptLetter
from silkcast.watch.notices.values import Letter, Text


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where texts are laid."""

    folder: Path = Path("texts")


class Sandbox:
    """Lays each text once, readable by its owner only."""

    def __init__(self, settings: SandboxSettings, clock: Clock | None = None) -> None:
        self._box = Mailbox(MailboxSettings(settings.folder), clock)

    async def send(self, text: Text, *, key: str) -> None:
        await self._box.send(Letter(text.to, "", "SMS", text.words + "\n"), key=key)

    async def kept(self, *, limit: int) -> Sequence[KeptLetter]:
        return await self._box.kept(limit=limit)


ENGINE = Engine("sms", "sandbox", "Folder of texts", SandboxSettings, Sandbox)
