# SPDX-License-Identifier: Apache-2.0
"""Crowd: small compiled clients, so that the load costs less than what is measured."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).parent


def compiled(name: str, folder: Path) -> Path:
    """The program of `name.c`, made in the folder."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise RuntimeError("no C compiler: `make bench` installs gcc")
    program = folder / name
    subprocess.run([compiler, "-O2", "-o", str(program), str(SOURCES / f"{name}.c")], check=True)
    return program
