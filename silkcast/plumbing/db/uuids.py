# SPDX-License-Identifier: Apache-2.0
"""UUIDs of the driver's own make: in C, so that they are made, hashed, compared and sent in a fraction of the
time. For what passes by the thousand a second; everywhere else the standard library's will do."""

from __future__ import annotations

from uuid import UUID

from asyncpg.pgproto import pgproto


def swift_uuid(octets: bytes) -> UUID:
    """The UUID of 16 octets; equal to the standard library's, which it is a kind of."""
    made: UUID = pgproto.UUID(octets)
    return made
