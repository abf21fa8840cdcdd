# SPDX-License-Identifier: Apache-2.0
"""Signatures of callbacks: HMAC-SHA256 over the moment and the body, several secrets while they rotate."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

HEADER = "sandbox-signature"
TOLERANCE = timedelta(minutes=5)


def _mac(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def sign(secret: str, body: bytes, at: datetime) -> str:
    """`t=SECONDS,v1=HEX`."""
    stamp = int(at.timestamp())
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def signed_by(
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
    tolerance: timedelta = TOLERANCE,
) -> bool:
    """Did one of the secrets sign this body, and lately?"""
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    parts = dict(part.split("=", 1) for part in given.split(",") if "=" in part)
    stamp, mac = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 13):
        return False
    if abs(at.timestamp() - int(stamp)) > tolerance.total_seconds():
        return False
    return any(
        hmac.compare_digest(_mac(secret, int(stamp), body).encode(), mac.encode()) for secret in secrets
    )
