# SPDX-License-Identifier: Apache-2.0
"""Rubbish: when Python looks for it.

What is made while a program starts (modules, classes, routes, tables) stays until its end. Looking through it
for rubbish again and again is a fifth of the start, and later each full look would hold every visitor up. A
look every seven hundred objects, Python's own habit, is a fifth of a rush: of what thousands of open requests
have made hardly anything is rubbish yet.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_looked_for() -> Iterator[None]:
    """Make something that stays, without a look for rubbish on the way."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


YOUNG, MIDDLING, OLD = 50_000, 20, 20
"""New objects before a look (some 5 MB), and looks before one at what outlived the last."""


def keep_what_is() -> None:
    """All that is there now stays for good: no later look goes through it, and looks become rarer."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLING, OLD)
