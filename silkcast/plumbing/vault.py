# SPDX-License-Identifier: Apache-2.0
"""The vault: seals what must not be read at rest, and signs short tokens.

A sealed text is `key id . nonce and ciphertext`, AES-256-GCM with its context as associated data: what was
sealed for one row does not open in another. Keys are numbered; the newest seals, all of them open, so a key
is turned by adding one. Words: context (what and whose it is, "orders.address:<id>"), token (a few facts with
an end, signed, readable by anybody, not forgeable).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from silkcast.ground.refusals import Invalid

_NONCE_OCTETS = 12


@dataclass(eq=False)
class BadSeal(Invalid):
    """It was not sealed by us, or not for this context, or it was changed."""

    code: ClassVar[str] = "vault.bad_seal"


@dataclass(eq=False)
class BadToken(Invalid):
    """It was not signed by us, or not for this purpose, or it was changed."""

    code: ClassVar[str] = "vault.bad_token"


@dataclass(eq=False)
class TokenExpired(BadToken):
    """Ours, but its time is over."""

    code: ClassVar[str] = "vault.token_expired"


class Vault:
    """Seals, opens, signs and verifies with numbered 32-octet keys; the highest number is the one in use."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(key) != 32 or number < 1 for number, key in keys.items()):
            raise ValueError("keys are 32 octets each, numbered from 1")
        self._newest = max(keys)
        self._sealing = {number: AESGCM(_derive(key, b"seal")) for number, key in keys.items()}
        self._signing = {number: _derive(key, b"sign") for number, key in keys.items()}
        self._marking = _derive(keys[min(keys)], b"mark")

    def seal(self, plain: bytes | str, context: str) -> str:
        """Encrypt for this context only."""
        nonce = os.urandom(_NONCE_OCTETS)
        octets = plain.encode() if isinstance(plain, str) else plain
        body = self._sealing[self._newest].encrypt(nonce, octets, context.encode())
        return f"{self._newest}.{_to_text(nonce + body)}"

    def open_bytes(self, sealed: str, context: str) -> bytes:
        """What was sealed for this context."""
        number, _, body = sealed.partition(".")
        try:
            octets = _to_octets(body)
            return self._sealing[int(number)].decrypt(
                octets[:_NONCE_OCTETS], octets[_NONCE_OCTETS:], context.encode()
            )
        except (InvalidTag, KeyError, ValueError):
            raise BadSeal from None

    def open(self, sealed: str, context: str) -> str:
        """The text that was sealed for this context."""
        return self.open_bytes(sealed, context).decode()

    def is_stale(self, sealed: str) -> bool:
        """Was it sealed with an older key, so that sealing it again is due?"""
        return sealed.partition(".")[0] != str(self._newest)

    def sign(self, facts: Mapping[str, Any], purpose: str, *, until: datetime) -> str:
        """A short token for a link or a cookie. Anybody can read it; nobody else can make one."""
        body = _to_text(msgspec.json.encode({**facts, "~": int(until.timestamp())}))
        return f"{self._newest}.{body}.{self._signature(self._newest, body, purpose)}"

    def verify(self, token: str, purpose: str, *, now: datetime) -> dict[str, Any]:
        """The facts of a token signed for this purpose that has not ended."""
        try:
            number, body, signature = token.split(".")
            wanted = self._signature(int(number), body, purpose)
            if not hmac.compare_digest(signature.encode(), wanted.encode()):
                raise BadToken
            facts = msgspec.json.decode(_to_octets(body), type=dict[str, Any])
        except (KeyError, ValueError):
            raise BadToken from None
        if now >= datetime.fromtimestamp(facts.pop("~"), UTC):
            raise TokenExpired
        return facts

    def blind(self, plain: str, context: str) -> bytes:
        """The same text always gives the same index: to find a sealed phone number, say, without opening all.
        Made with the oldest key, so it outlives the turning of keys."""
        return hmac.new(self._marking, f"{context}\0{plain}".encode(), hashlib.sha256).digest()

    def _signature(self, number: int, body: str, purpose: str) -> str:
        said = f"{number}\0{purpose}\0{body}".encode()
        return _to_text(hmac.new(self._signing[number], said, hashlib.sha256).digest())


def vault_at(file: Path) -> Vault:
    """The vault whose keys lie in `file`, one a line as `number:key`; made, private, at the first start."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(f"1:{new_key()}\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(partial, file)  # fails if another start was faster: then its keys are the ones
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return Vault(parse_keys(file.read_text()))


def parse_keys(text: str) -> dict[int, bytes]:
    """Keys written `number:key`, parted by white space or commas."""
    try:
        pairs = [entry.split(":", 1) for entry in text.replace(",", " ").split()]
        return {int(number): _to_octets(key) for number, key in pairs}
    except ValueError:
        raise ValueError("keys are written number:key, the key as silkcast prints it") from None


def new_key() -> str:
    return _to_text(os.urandom(32))


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"silkcast " + purpose).derive(key)


def _to_text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _to_octets(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError("not base 64") from fault
