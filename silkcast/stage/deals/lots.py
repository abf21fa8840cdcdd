# SPDX-License-Identifier: Apache-2.0
"""Lots: wants on their way to the process that decides them, and its answers on their way back.

Column by column and UUIDs as their octets: a want written out by itself costs more to carry than to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from silkcast.ground.ids import OrderId, UserId
from silkcast.plumbing.db import swift_uuid

from .errors import Busy
from .values import Answer, LaneId, Outcome, Want

Given = Answer | Busy | None
"""What is told of a want: its answer, that there was no place for it, or that nobody knows."""


class _Wants(msgspec.Struct, array_like=True, frozen=True):
    lanes: list[LaneId]
    units: list[int]
    markets: list[str]
    keys: bytes
    buyers: bytes
    terms: bytes
    orders: bytes
    users: list[bytes | None]


_Said = tuple[Outcome, LaneId, int, int, int, datetime | None, bytes | None, bool] | int | None
"""An answer, the place in a queue that is full, or nothing."""
_encode = msgspec.msgpack.Encoder().encode
_wants = msgspec.msgpack.Decoder(_Wants).decode
_said = msgspec.msgpack.Decoder(list[_Said]).decode


def pack_wants(wants: Sequence[Want]) -> bytes:
    return _encode(
        _Wants(
            [want.lane for want in wants],
            [want.units for want in wants],
            [want.market for want in wants],
            b"".join([want.key.bytes for want in wants]),
            b"".join([want.buyer.bytes for want in wants]),
            b"".join([want.terms.bytes for want in wants]),
            b"".join([want.order.bytes for want in wants]),
            [want.user.bytes if want.user else None for want in wants],
        )
    )


def wants_in(lot: bytes) -> list[Want]:
    read = _wants(lot)
    columns = (
        read.lanes,
        _uuids(read.keys),
        _uuids(read.buyers),
        read.units,
        _uuids(read.terms),
        _uuids(read.orders),
        read.markets,
        [UserId(swift_uuid(user)) if user else None for user in read.users],
    )
    return [Want(*one) for one in zip(*columns, strict=True)]


def _uuids(octets: bytes) -> list[Any]:
    return [swift_uuid(octets[start : start + 16]) for start in range(0, len(octets), 16)]


def pack_given(given: Iterable[Given]) -> bytes:
    return _encode([_to_say(one) for one in given])


def _to_say(given: Given) -> _Said:
    if given is None:
        return None
    if isinstance(given, Busy):
        return given.place
    order = given.order.bytes if given.order else None
    return (
        given.outcome, given.lane, given.number, given.place, given.left, given.until, order, given.is_again,
    )  # fmt: skip


def given_in(octets: bytes) -> list[Given]:
    return [_as_given(said) for said in _said(octets)]


def _as_given(said: _Said) -> Given:
    if said is None:
        return None
    if isinstance(said, int):
        return Busy(1, place=said)
    outcome, lane, number, place, left, until, order, is_again = said
    placed = OrderId(swift_uuid(order)) if order else None
    return Answer(outcome, lane, number, place, left, until, placed, is_again)
