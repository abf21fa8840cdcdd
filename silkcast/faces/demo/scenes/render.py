# SPDX-License-Identifier: Apache-2.0
"""`python render.py [name …]` makes the demo's pictures anew, all of them or those named.

A record of how they were made, outside the package: the program never runs it. It needs PyPI `mitsuba trimesh
pyoidn pillow numpy scipy` and Debian `libllvm19`; a picture takes ten to sixty seconds on two cores.
"""

from __future__ import annotations

import importlib
import sys
from functools import partial
from pathlib import Path

import rooms
from studio import photograph

PICTURES = Path(__file__).parents[1] / "pictures"
SETS = ("kiln", "lamps", "workshop", "hosts")


def main(wanted):
    shots = {}
    for name in SETS:
        for picture, (things, paper, options) in importlib.import_module(name).PICTURES.items():
            shots[picture] = partial(photograph, things, paper, **options)
    shots |= rooms.COVERS
    for picture in wanted or shots:
        out = PICTURES / f"{picture}.jpg"
        shots[picture](out=out)
        print(picture, out.stat().st_size, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
