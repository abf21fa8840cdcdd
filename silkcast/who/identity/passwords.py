# SPDX-License-Identifier: Apache-2.0
"""Passwords: argon2id, away from the event loop, two at a time since each takes 64 MiB."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hashed(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_workers, _hasher.hash, password)


async def is_right(known: str | None, password: str) -> bool:
    """Whether it is the password; as slow for somebody who does not exist."""
    return await asyncio.get_running_loop().run_in_executor(_workers, _check, known, password)


def _check(known: str | None, password: str) -> bool:
    try:
        return _hasher.verify(known or _nobodys(), password) and known is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("a door that nobody has")
