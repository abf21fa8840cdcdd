# SPDX-License-Identifier: Apache-2.0
"""Asking: what both HTTP engines do alike: one POST, and what its failures mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from silkcast.who.translations.errors import TranslationAway

_REASONS = {401: "key", 403: "key", 402: "quota", 413: "too_large", 429: "too_often", 456: "quota"}
MOST_OCTETS = 1_000_000


async def asked(client: httpx.AsyncClient, path: str, body: Mapping[str, Any]) -> Any:
    """The answer's JSON. Everything else is the engine being away, for a reason that the log has."""
    try:
        answer = await client.post(path, content=msgspec.json.encode(body))
    except httpx.HTTPError as fault:
        raise TranslationAway("silent") from fault
    if not answer.is_success:
        raise TranslationAway(_REASONS.get(answer.status_code, f"status_{answer.status_code}"))
    if len(answer.content) > MOST_OCTETS:
        raise TranslationAway("too_large")
    try:
        return msgspec.json.decode(answer.content)
    except msgspec.DecodeError as fault:
        raise TranslationAway("not_understood") from fault
