# SPDX-License-Identifier: Apache-2.0
"""The outbox: events announced in a transaction reach each reaction, at least once, and once in effect.

`tx.announce(event)` writes a row in the transaction itself. The `Relay` runs each reaction in a transaction
of its own, marks (event, reaction) in the same one, tries failing ones again with growing pauses, and
parks them for the desk after a while.
"""

from silkcast.plumbing.events import Event
from silkcast.plumbing.outbox.reaction import Reaction

__all__ = ["Event", "Reaction"]
