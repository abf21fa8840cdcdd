# SPDX-License-Identifier: Apache-2.0
"""Puts the browser's files and the compiled words into the wheel, so an installed one needs no Node."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):
    """Builds `web/` unless it is there already (an sdist carries it); editable installs leave it to `make`."""

    PLUGIN_NAME = "front-end"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        manifest = root / "silkcast" / "faces" / "static" / "built" / "manifest.json"
        builder = runpy.run_path(str(root / "web" / "build.py"))
        if manifest.exists():
            builder["compile_words"]()
            return
        builder["build"]()
