# SPDX-License-Identifier: Apache-2.0
"""Mailbox: letters are laid in a folder as `.eml` files, for the demo and for trying things out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path

from silkcast.ground.clock import Clock, SystemClock
from silkcast.plumbing.engines import Engine
from silkcast.watch.notices.port import KeptLetter
from silkcast.watch.notices.values import Letter

from .envelope import message


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Where letters are laid."""

    folder: Path = Path("mailbox")
    sender: str = "Silkcast <shop@silkcast.example>"


class Mailbox:
    """Lays each letter once, readable by its owner only."""

    def __init__(self, settings: MailboxSettings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()

    async def send(self, letter: Letter, *, key: str) -> None:
        await asyncio.to_thread(self._lay, letter, key)

    async def kept(self, *, limit: int) -> Sequence[KeptLetter]:
        return await asyncio.to_thread(self._kept, limit)

    def _kept(self, limit: int) -> Sequence[KeptLetter]:
        files = sorted(self.settings.folder.glob("*.eml"), reverse=True)[:limit]
        return [_read(file) for file in files]

    def _lay(self, letter: Letter, key: str) -> None:
        folder = self.settings.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = re.sub(r"[^A-Za-z0-9-]", "_", key)
        if any(folder.glob(f"*-{name}.eml")):
            return
        now = self.clock.now()
        path = folder / f"{now:%Y%m%dT%H%M%S}-{name}.eml"
        part = path.with_suffix(".part")
        part.write_bytes(message(letter, sender=self.settings.sender, at=now, key=key).as_bytes())
        part.chmod(0o600)
        part.rename(path)


def _read(file: Path) -> KeptLetter:
    found = message_from_bytes(file.read_bytes(), policy=SMTP)
    letter = Letter(
        to=str(found["To"]),
        language=str(found["Content-Language"] or "en"),
        subject=str(found["Subject"]),
        body=str(found.get_content()).replace("\r\n", "\n"),
    )
    return KeptLetter(parsedate_to_datetime(str(found["Date"])), letter)


ENGINE = Engine("post", "mailbox", "Mailbox folder", MailboxSettings, Mailbox)
