# SPDX-License-Identifier: Apache-2.0
"""An authenticator in software: makes keys and signs as a device does by WebAuthn, and can be made to lie."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def written(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One key. What it says of itself and of the page can be set: a liar is made by changing it."""

    origin: str
    rp_id: str
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    format: str = "none"
    statement: dict[str, Any] = field(default_factory=dict)
    client: dict[str, Any] = field(default_factory=dict)
    """What the browser says besides, or instead."""
    counts: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def make(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` answers."""
        self.handle = read(options["user"]["id"])
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + self._public_key()
        made = {"fmt": self.format, "attStmt": self.statement, "authData": self._says(ATTESTED) + attested}
        said = {
            "clientDataJSON": written(self._client("webauthn.create", options)),
            "attestationObject": written(cbor2.dumps(made)),
            "transports": ["internal", "hybrid", "carrier-pigeon"],
        }
        return self._answer(said)

    def sign(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` answers."""
        if self.counts:
            self.counter += 1
        client, says = self._client("webauthn.get", options), self._says()
        signature = self.key.sign(says + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {
            "clientDataJSON": written(client),
            "authenticatorData": written(says),
            "signature": written(signature),
            "userHandle": written(self.handle),
        }
        return self._answer(said)

    def _answer(self, said: dict[str, Any]) -> dict[str, Any]:
        named = written(self.credential)
        return {"id": named, "rawId": named, "type": "public-key", "response": said}

    def _says(self, more: int = 0) -> bytes:
        named = hashlib.sha256(self.rp_id.encode()).digest()
        return named + bytes([self.flags | more]) + self.counter.to_bytes(4)

    def _client(self, type: str, options: Mapping[str, Any]) -> bytes:
        said = {
            "type": type,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **self.client,
        }
        return json.dumps(said).encode()

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
