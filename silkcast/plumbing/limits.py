# SPDX-License-Identifier: Apache-2.0
"""Limits: how many connections the system lets this process hold."""

from __future__ import annotations

import resource
from contextlib import suppress

FILES_WANTED = 65_536
"""Each viewer is one open file; a room of some size has tens of thousands."""


def raise_files(wanted: int = FILES_WANTED) -> int:
    """As many open files as we may have: beyond the hard limit only where we are allowed to raise it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        for most in (max(wanted, hard), hard):
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, most), most))
                break
    return files()


def files() -> int:
    """How many may be open now."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def files_to_be_had() -> int:
    """How many there may be once `raise_files` has asked."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]
