# SPDX-License-Identifier: Apache-2.0
"""Ports: the usual one if nobody has it, else any that is free."""

from __future__ import annotations

import socket
from collections.abc import Sequence


def free_port(wanted: Sequence[int], host: str = "127.0.0.1") -> int:
    """The first of these that can be had, else one that the system picks."""
    for port in (*wanted, 0):
        with socket.socket() as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                asked.bind((host, port))
            except OSError:
                continue
            found: int = asked.getsockname()[1]
            return found
    raise OSError(f"no port is free on {host}")
