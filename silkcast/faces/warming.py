# SPDX-License-Identifier: Apache-2.0
"""Warming: what the first visitor of each page would wait for is made ready once the site answers.

Pages of buyers only: sellers and operators are few, and their pages are made ready by the first of them. A
little at a time, so that whoever asks meanwhile waits for one template at most.
"""

from __future__ import annotations

import asyncio
from importlib import import_module

from silkcast.faces.render import TEMPLATES, environment
from silkcast.goods.admission import service as admission
from silkcast.plumbing import tongues

FOLDERS = ("layout", "parts", "shop", "room", "buy", "order", "account")
LIBRARIES = ("holidays", "phonenumbers", "email_validator")
"""Read where they are first needed (see `who`, `trade.shipping`): here nobody waits for them."""
FIRST_PAUSE = 0.5
PAUSE = 0.01


async def warm(first_pause: float = FIRST_PAUSE, pause: float = PAUSE) -> None:
    """Everything that pages of buyers need, in every language."""
    await asyncio.sleep(first_pause)
    await asyncio.to_thread(admission.markets)
    names = [
        str(file.relative_to(TEMPLATES))
        for folder in FOLDERS
        for file in sorted((TEMPLATES / folder).rglob("*.html"))
    ]
    for language in tongues.spoken():
        for name in names:
            environment(language).get_template(name)
            await asyncio.sleep(pause)
    for library in LIBRARIES:
        await asyncio.to_thread(import_module, library)
