# SPDX-License-Identifier: Apache-2.0
"""Settings of the wire."""

from __future__ import annotations

from dataclasses import dataclass

from silkcast.plumbing.settings import Secret


@dataclass(frozen=True, slots=True)
class WireSettings:
    url: Secret = Secret()
    """nats://token@host:4222 of the NATS server that joins processes; empty: one process, or the one that
    `serve --workers` starts itself."""
    tick_seconds: float = 0.15
    """What happens in a room within this time goes to its viewers as one frame."""
    silence_seconds: float = 1.5
    """A process not heard for so long has died, and another takes its rooms."""

    def __post_init__(self) -> None:
        if not 0.02 <= self.tick_seconds <= 2:
            raise ValueError("tick_seconds is between 0.02 and 2")
        if not 0.5 <= self.silence_seconds <= 30:
            raise ValueError("silence_seconds is between 0.5 and 30")
