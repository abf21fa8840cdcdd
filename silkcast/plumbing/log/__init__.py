# SPDX-License-Identifier: Apache-2.0
"""The log: facts with names, one line each, for people (console) or machines (JSON).

`log = structlog.get_logger(__name__)`, then `log.info("stock.held", hold=held.id, units=3)`. What is bound
with `bound(request=…)` goes with every line below it. Secrets and what is personal are blotted out by their
field's name, and of an error JSON keeps its class and its place, not its text.
"""

from silkcast.plumbing.log.configuring import LogSettings, bound, configure_log

__all__ = ["LogSettings", "bound", "configure_log"]
