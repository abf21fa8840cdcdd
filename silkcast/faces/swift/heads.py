# SPDX-License-Identifier: Apache-2.0
"""Heads of requests, kept: browsers of one kind send the same head again and again, but for the lines that
say who asks. What was read once need not be read for the next ten thousand.

A head is kept only after the parser has read it, and found again only octet for octet. The lines that are cut
out of it before, the cookie's and a proxy's, may hold nothing that the parser would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Fields = Mapping[bytes, bytes]
"""By their names in small letters; of two of a name the last."""
NONE: Fields = {}

COOKIE, FORWARDED = b"cookie", b"x-forwarded-for"
MOST_KEPT = 2_000
MOST_OCTETS = 4_000
_END = b"\r\n\r\n"
_COOKIES = (b"\r\ncookie: ", b"\r\nCookie: ")
_FORWARDS = (b"\r\nx-forwarded-for: ", b"\r\nX-Forwarded-For: ")
_NEVER = bytes({*range(32), 127} - {9})
"""What no value of a header may hold, as the parser has it."""


class Head:
    """What requests with one head have in common. `kept` is whatever their handler likes to know again."""

    __slots__ = ("fields", "kept", "method", "octets_of_body", "path", "query", "route")

    def __init__(self, route: Any, method: bytes, path: str, query: bytes, fields: Fields) -> None:
        self.route = route
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        """Without those of the lines that were cut out."""
        self.octets_of_body = 0
        self.kept: Any = None


Cut = tuple[bytes, bytes, bytes | None, bytes]
"""A request in one piece: its head but for two lines, what these say (the cookie; who asks, by a proxy's
word), and its body."""


def cut(octets: bytes, *, is_behind_proxy: bool) -> Cut | None:
    """None where there is no whole head with a cookie in it, or where a line to be cut out looks odd."""
    head, end, body = octets.partition(_END)
    found = _without(head, _COOKIES) if end else None
    if found is None:
        return None
    head, cookie = found
    forwarded = None
    if is_behind_proxy and any(mark in head for mark in _FORWARDS):
        found = _without(head, _FORWARDS)
        if found is None:
            return None
        head, forwarded = found
    return head, cookie, forwarded, body


def _without(head: bytes, marks: tuple[bytes, bytes]) -> tuple[bytes, bytes] | None:
    """A head without the line that a mark begins, and what that line says."""
    usual, other = marks
    before, mark, behind = head.partition(usual)
    if not mark:
        before, mark, behind = head.partition(other)
        if not mark:
            return None
    value, end, after = behind.partition(b"\r\n")
    if not value or value[0] <= 32 or value[-1] <= 32 or value.translate(None, _NEVER) != value:
        return None
    return before + end + after, value


class Heads:
    """Those that are kept. When there are too many, all are forgotten: the common ones are back at once."""

    def __init__(self) -> None:
        self._heads: dict[bytes, Head] = {}
        self.find = self._heads.get

    def keep(self, found: Cut, head: Head) -> None:
        """A head that the parser has just read from these octets, with the lines that were cut out as they
        are; not if its body is too long, not all there, or comes in chunks."""
        octets, _, _, body = found
        length = head.fields.get(b"content-length")
        if length != b"%d" % len(body) or b"transfer-encoding" in head.fields:
            return
        if len(octets) > MOST_OCTETS or len(body) > head.route.most_body:
            return
        if len(self._heads) >= MOST_KEPT:
            self._heads.clear()
        head.octets_of_body = len(body)
        self._heads[octets] = head
