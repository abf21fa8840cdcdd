# SPDX-License-Identifier: Apache-2.0
"""Sealing: a file written and read in pieces, each encrypted, numbered, and the last one marked as the last.

The key is made from a passphrase by scrypt. A piece that was changed, moved or cut off does not open.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from silkcast.plumbing.faults import Fault

MAGIC = b"silkcast sealed backup 1\n"
_SALT = 16
_PIECE = 1 << 20
_TAG = 16


class WrongPassphrase(Fault):
    """The passphrase is not the one, or the file was changed or cut short."""


class SealingWriter:
    """A file to write to, as `tarfile` wants one; `close` writes the last piece."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(_SALT)
        self._out, self._cipher = out, _cipher(passphrase, salt)
        self._waiting = bytearray()
        self._number = 0
        out.write(MAGIC + salt)

    def write(self, octets: bytes) -> int:
        self._waiting += octets
        while len(self._waiting) > _PIECE:
            self._piece(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]
        return len(octets)

    def close(self) -> None:
        self._piece(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _piece(self, octets: bytes, *, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, is_last), octets, None))
        self._number += 1


class SealingReader:
    """The other way; the file stands after its magic."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source, self._cipher = source, _cipher(passphrase, source.read(_SALT))
        self._next = source.read(_PIECE + _TAG)
        self._ready = bytearray()
        self._number = 0

    def read(self, size: int = -1) -> bytes:
        while (size < 0 or len(self._ready) < size) and self._next:
            following = self._source.read(_PIECE + _TAG)
            try:
                nonce = _nonce(self._number, is_last=not following)
                self._ready += self._cipher.decrypt(nonce, self._next, None)
            except InvalidTag:
                raise WrongPassphrase(
                    "the backup does not open: another passphrase, or the file was changed or cut short"
                ) from None
            self._next = following
            self._number += 1
        wanted = len(self._ready) if size < 0 else size
        given = bytes(self._ready[:wanted])
        del self._ready[:wanted]
        return given


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
