# SPDX-License-Identifier: Apache-2.0
"""Starts the sandbox translation provider."""

from __future__ import annotations

import asyncio

from silkcast.engines.counterpart import program
from silkcast.engines.counterpart.store import Store
from silkcast.engines.translation.provider import __doc__ as what
from silkcast.engines.translation.provider.office import FAULTS, TABLES, Office


def main() -> None:
    parser = program.parser((what or "").splitlines()[0])
    parser.add_argument("--faults", default="", help=f"comma between: {', '.join(FAULTS)}")
    given = parser.parse_args()
    options = program.Options(given.data, given.port, given.callback, given.secret, given.host)
    store = Store(given.data, TABLES)
    faults = frozenset(filter(None, given.faults.split(",")))
    if not faults <= set(FAULTS):
        parser.error(f"no such fault: {', '.join(sorted(faults - set(FAULTS)))}")
    office = Office(store, faults)
    asyncio.run(program.serve("translation", office.app(given.secret), store, options, lambda now: None))


if __name__ == "__main__":
    main()
