# SPDX-License-Identifier: Apache-2.0
"""Packs: folders of data, one a country by its ISO code in small letters. What a file means its reader knows.

The house's own stand in `silkcast/packs`. An operator's folder (`SILKCAST_PACKS__FOLDER`) adds more of them;
a file in it counts before the house's file of the same country and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[1] / "packs"
_folders: tuple[Path, ...] = (HOUSE,)


@dataclass(frozen=True, slots=True)
class PackSettings:
    """A folder of the operator's own packs, beside those of the house."""

    folder: Path | None = None


def use(settings: PackSettings) -> None:
    """From now on, what is asked is read from these folders. Called by main, once a process."""
    global _folders
    _folders = (HOUSE,) if settings.folder is None else (HOUSE, settings.folder)


def folders() -> tuple[Path, ...]:
    """Where packs are kept: what reads them may keep what it read by this."""
    return _folders


def files(name: str) -> Mapping[str, Path]:
    """Where the file of this name is kept, by the pack's code in capitals (`FR`), in their order."""
    found: dict[str, Path] = {}
    for folder in _folders:
        found |= {path.parent.name.upper(): path for path in folder.glob(f"*/{name}")}
    return dict(sorted(found.items()))
