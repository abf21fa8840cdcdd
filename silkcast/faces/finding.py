# SPDX-License-Identifier: Apache-2.0
"""Finding by name: what is typed finds what is written, whatever its case and marks. finding.ts does the
same."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Letters without their marks, in one case."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
