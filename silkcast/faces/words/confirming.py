# SPDX-License-Identifier: Apache-2.0
"""Confirming: which sentences a speaker has read. In a machine-made language every sentence is the machine's
until it carries the flag `confirmed` in the catalog; one that is gathered anew has none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.messages.catalog import Catalog, Message

from silkcast.faces.words import catalog, gather
from silkcast.plumbing import tongues

CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a language is."""

    sentences: int
    said: int
    confirmed: int

    @property
    def by_machine(self) -> int:
        return self.said - self.confirmed


def is_said(message: Message) -> bool:
    forms: Iterable[str] = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    return all(forms)


def progress(kept: Catalog) -> Progress:
    found = [message for message in kept if message.id]
    said = [message for message in found if is_said(message)]
    return Progress(len(found), len(said), sum(1 for message in said if CONFIRMED in message.flags))


def confirm(tag: str, *, by: str, on: date) -> Progress:
    """A speaker has read every sentence there is now. Who and when is kept in the language's file."""
    kept = catalog.read(tag)
    for message in kept:
        if message.id and is_said(message):
            message.flags.add(CONFIRMED)
    gather.write(tag, kept)
    path = tongues.source(tag).parents[1] / tongues.FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith(("confirmed_by", "confirmed_on"))]
    lines += [f"confirmed_by = {json.dumps(by, ensure_ascii=False)}", f'confirmed_on = "{on.isoformat()}"']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return progress(kept)
