# SPDX-License-Identifier: Apache-2.0
"""The wire: numbered events from the house to many browsers, as Server-Sent Events.

`Hub.publish(topic, kind, body)` numbers an event; each topic sends what gathered as one frame a tick, encoded
once for all. A reader that comes back names the last number it saw: what the ring still holds is replayed,
else it gets one `snapshot` event and fetches the state anew. A reader that cannot keep up gets the same; it
never holds up another. Bodies carry ids and numbers, never words, prices or anything personal.
"""

from silkcast.plumbing.wire.bus import Bus, BusAway, InProcess, NobodyAnswers
from silkcast.plumbing.wire.hub import KEEP_AWAKE, Hub
from silkcast.plumbing.wire.owning import ME, Alone, NoOwner, Owners
from silkcast.plumbing.wire.readers import Frame, Reader

__all__ = [
    "KEEP_AWAKE",
    "ME",
    "Alone",
    "Bus",
    "BusAway",
    "Frame",
    "Hub",
    "InProcess",
    "NoOwner",
    "NobodyAnswers",
    "Owners",
    "Reader",
]
