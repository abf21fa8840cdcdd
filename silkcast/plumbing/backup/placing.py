# SPDX-License-Identifier: Apache-2.0
"""Placing: where what belongs to a house lies, by its settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from silkcast.plumbing.backup.service import Place
from silkcast.plumbing.files import FilesSettings
from silkcast.plumbing.postgres import find_binaries
from silkcast.plumbing.settings import Settings
from silkcast.plumbing.settings.basics import DatabaseSettings, EngineSettings, HouseSettings


def place(settings: Settings) -> Place:
    """What a backup of this house holds."""
    folder = settings.section("house", HouseSettings).folder
    names = [f"{kind}.{name}" for kind, name in settings.section("engines", EngineSettings).chosen()]
    if not keeps_files_in_a_bucket(settings):
        names.insert(0, "files")
    found = {name: getattr(under(folder, settings.section(name, object)), "folder", None) for name in names}
    return Place(
        keys=folder / "vault.keys",
        folders={name: own for name, own in found.items() if own is not None},
        binaries=find_binaries(settings.section("database", DatabaseSettings).binaries),
    )


def keeps_files_in_a_bucket(settings: Settings) -> bool:
    """Files that lie with somebody else are for them to keep."""
    return bool(settings.section("files", FilesSettings).bucket)


def under(folder: Path, section: Any) -> Any:
    """A section whose folder was left at its default lies in the house's folder."""
    own = getattr(section, "folder", None)
    if own is None or own != type(section)().folder:
        return section
    return replace(section, folder=folder / own.name)
