# SPDX-License-Identifier: Apache-2.0
"""Local: addresses that somebody hands in lead nowhere but to this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local(address: str, otherwise: str = "/") -> str:
    """The path with its question, if it is one of ours; else `otherwise`. `//elsewhere` and `/\\` are not."""
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    if any(sign < " " or sign == "\x7f" for sign in address):
        return otherwise
    parts = urlsplit(address)
    return address if not parts.netloc and not parts.scheme else otherwise
