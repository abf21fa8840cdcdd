# SPDX-License-Identifier: Apache-2.0
"""Arrays as PostgreSQL writes them, to be cast in the statement: `CAST($1::text AS uuid[])`.

The driver asks of each element whether it is an array again, and the server reads numbers from text as fast
as from anything. UUIDs it does not: a thousand of them are better handed to the driver as they are. Neither
needs quotes; words do, and do not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID


def array_of(values: Iterable[int | UUID | None]) -> str:
    """`{1,2,NULL}`"""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
