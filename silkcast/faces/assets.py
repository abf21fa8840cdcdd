# SPDX-License-Identifier: Apache-2.0
"""Assets: the built files' hashed names, from the manifest that the build of `web/` leaves beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

STATIC = Path(__file__).parent / "static"
"""Served under /static; files in `built` carry their hash and may be cached for good."""
MANIFEST = STATIC / "built" / "manifest.json"


class Built(msgspec.Struct, frozen=True):
    """One file of the manifest."""

    file: str
    imports: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def manifest() -> Mapping[str, Built]:
    """What was built. Empty before the first `make web`: pages then stand without style or script."""
    try:
        raw = MANIFEST.read_bytes()
    except FileNotFoundError:
        return {}
    return msgspec.json.decode(raw, type=dict[str, Built])


def asset(source: str) -> str:
    """The address of a built file by its source: `src/room.ts`, `src/styles/site.css`, `icons.svg`."""
    built = manifest().get(source)
    return f"/static/built/{built.file}" if built else f"/static/unbuilt/{source}"


def imports(source: str) -> tuple[str, ...]:
    """Addresses of the chunks a script needs at once, to preload."""
    built = manifest().get(source)
    return tuple(asset(name) for name in built.imports) if built else ()
