# SPDX-License-Identifier: Apache-2.0
"""`python render.py [name …]` makes the demo's pictures anew, all of them or those named.

A record of how they were made, outside the package: the program never runs it. It needs PyPI `mitsuba trimesh
pyoidn pillow numpy scipy` and Debian `libllvm19`; a picture takes about ten seconds on two cores.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from studio import photograph

PICTURES = Path(__file__).parents[1] / "pictures"
SETS = ("kiln", "lamps", "workshop")


def main(wanted):
    for name in SETS:
        if not (Path(__file__).parent / f"{name}.py").exists():
            continue
        for picture, (things, paper, options) in importlib.import_module(name).PICTURES.items():
            if not wanted or picture in wanted:
                photograph(things, paper, PICTURES / f"{picture}.jpg", **options)
                print(picture, (PICTURES / f"{picture}.jpg").stat().st_size, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
