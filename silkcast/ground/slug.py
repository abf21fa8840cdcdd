# SPDX-License-Identifier: Apache-2.0
"""Slugs: short names that stand in addresses, `tea-cup-250-ml`."""

from __future__ import annotations

import re
import unicodedata

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 60


def is_slug(text: str) -> bool:
    """Small letters, digits and single hyphens between them, 2 to 60 in all."""
    return 2 <= len(text) <= LONGEST and _SLUG.fullmatch(text) is not None


def slug_of(text: str) -> str:
    """The slug of a name; empty where the name has no letter that Latin script can stand for."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST].strip("-")
