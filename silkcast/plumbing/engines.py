# SPDX-License-Identifier: Apache-2.0
"""Engines: how parts that speak to the outside world describe themselves and are found.

An engine is one file that ends in a constant `ENGINE`. It is named in the entry point group
`silkcast.engines`, by this package or by any other one installed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import Any

GROUP = "silkcast.engines"


@dataclass(frozen=True, slots=True)
class Engine:
    """What an engine says of itself. `make` takes an instance of `settings` and gives the port's object."""

    kind: str
    """The port it serves: payment, carrier, customs, video, post, translation."""
    name: str
    """Its product, unique within the kind: sandbox, stripe."""
    label: str
    settings: type
    make: Callable[[Any], Any]


class NoSuchEngine(LookupError):
    """No installed package brings an engine of this kind and name. `args` are the two."""


@cache
def _entries() -> EntryPoints:
    """Read once: finding them means reading what every installed package says of itself."""
    return entry_points(group=GROUP)


def installed(kind: str | None = None) -> Iterator[Engine]:
    """All engines that can be found, of one kind or of all. Each is imported only when it is yielded."""
    for entry in sorted(_entries(), key=lambda entry: entry.name):
        if kind is None or entry.name.startswith(f"{kind}."):
            engine = entry.load()
            assert isinstance(engine, Engine), f"{entry.value} is not an Engine"
            yield engine


def engine(kind: str, name: str) -> Engine:
    """The engine called `kind.name`, without importing any other."""
    for entry in _entries().select(name=f"{kind}.{name}"):
        found = entry.load()
        assert isinstance(found, Engine), f"{entry.value} is not an Engine"
        return found
    raise NoSuchEngine(kind, name)
