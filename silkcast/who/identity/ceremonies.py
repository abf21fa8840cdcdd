# SPDX-License-Identifier: Apache-2.0
"""Ceremonies: what is asked of a browser's passkeys by WebAuthn, and what its answers say.

Everything in an answer is a stranger's word until it is verified. Whatever is wrong with it, it is one
refusal: who made it knows why, and nobody else has to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from .errors import NoPasskeysHere, WrongPasskey
from .values import RelyingParty, User

T = TypeVar("T")
MOST_OCTETS = 16_384
TRANSPORTS = frozenset({"usb", "nfc", "ble", "internal", "cable", "hybrid", "smart-card"})
TIMEOUT = 300_000


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey as its device made it."""

    credential: bytes
    public_key: bytes
    counter: int
    transports: tuple[str, ...]


class _Client(msgspec.Struct, frozen=True):
    """What the browser says of itself, signed with the answer."""

    challenge: str
    origin: str
    type: str
    crossOrigin: bool = False
    topOrigin: str | None = None


def relying_party(origin: str) -> RelyingParty:
    """This house as browsers know it: one origin with a name, by https unless it is this very machine."""
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
        is_one = origin == f"{parts.scheme}://{parts.netloc}" and parts.username is None and "," not in origin
        _ = parts.port
    except ValueError:
        raise NoPasskeysHere() from None
    is_local = host == "localhost" or host.endswith(".localhost")
    if not is_one or not host or any(sign.isspace() for sign in origin) or _is_number(host):
        raise NoPasskeysHere()
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise NoPasskeysHere()
    return RelyingParty(origin, host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def making(
    party: RelyingParty, user: User, challenge: bytes, known: Sequence[tuple[bytes, tuple[str, ...]]]
) -> Mapping[str, Any]:
    """Options of `navigator.credentials.create`: a passkey that is found without a name, by a verified
    person, with no word on which device made it."""
    from webauthn.helpers import bytes_to_base64url as text  # large: for who has to do with passkeys only

    return {
        "rp": {"id": party.id, "name": "Silkcast"},
        "user": {"id": text(user.id.bytes), "name": user.contact, "displayName": user.name},
        "challenge": text(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": one} for one in (-7, -8, -257)],
        "timeout": TIMEOUT,
        "attestation": "none",
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "excludeCredentials": [
            {"type": "public-key", "id": text(one), "transports": list(ways)} for one, ways in known
        ],
    }


def signing(party: RelyingParty, challenge: bytes) -> Mapping[str, Any]:
    """Options of `navigator.credentials.get`."""
    from webauthn.helpers import bytes_to_base64url as text

    return {
        "rpId": party.id,
        "challenge": text(challenge),
        "timeout": TIMEOUT,
        "userVerification": "required",
        "allowCredentials": [],
    }


def challenge_of(answer: Mapping[str, Any]) -> bytes:
    """Which challenge it says it answers."""
    return _octets(_client(answer).challenge)


def signer(answer: Mapping[str, Any]) -> tuple[bytes, bytes | None]:
    """(credential, user handle) that it says signed."""
    handle = _response(answer).get("userHandle")
    return _octets(answer.get("rawId")), _octets(handle) if handle else None


def made(party: RelyingParty, answer: Mapping[str, Any]) -> Made:
    """The new passkey, once everything about it holds."""
    from webauthn import verify_registration_response

    client = _at_home(party, answer, "webauthn.create")
    _check_unattested(answer)
    found = _verified(
        lambda: verify_registration_response(
            credential=dict(answer),
            expected_challenge=_octets(client.challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    )
    said = _response(answer).get("transports")
    ways = {one for one in said if isinstance(one, str)} if isinstance(said, list) else set()
    return Made(
        found.credential_id, found.credential_public_key, found.sign_count, tuple(sorted(ways & TRANSPORTS))
    )


def _check_unattested(answer: Mapping[str, Any]) -> None:
    """No word on the device, or none but its own key's: certificates of strangers are not even read."""
    from webauthn.helpers import parse_attestation_object

    found = _verified(lambda: parse_attestation_object(_octets(_response(answer).get("attestationObject"))))
    if found.fmt != "none" and (found.fmt != "packed" or found.att_stmt.x5c):
        raise WrongPasskey()


def signed(party: RelyingParty, answer: Mapping[str, Any], public_key: bytes) -> int:
    """The counter of an answer that this key signed."""
    from webauthn import verify_authentication_response

    client = _at_home(party, answer, "webauthn.get")
    found = _verified(
        lambda: verify_authentication_response(
            credential=dict(answer),
            expected_challenge=_octets(client.challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    return found.new_sign_count


def goes_on(before: int, now: int) -> bool:
    """Whether a counter went up, or is none that counts."""
    return now > before or before == now == 0


def _verified(verify: Callable[[], T]) -> T:
    from cbor2 import CBORDecodeError
    from cryptography.exceptions import UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify()
    except (
        *(WebAuthnException, CBORDecodeError, UnsupportedAlgorithm),
        *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    ):
        raise WrongPasskey() from None  # a stranger's octets, read by three libraries


def _at_home(party: RelyingParty, answer: Mapping[str, Any], type: str) -> _Client:
    """What the browser says of itself: our page, in no frame of another's."""
    client = _client(answer)
    if client.type != type or client.origin != party.origin or client.crossOrigin or client.topOrigin:
        raise WrongPasskey()
    return client


def _client(answer: Mapping[str, Any]) -> _Client:
    try:
        return msgspec.json.decode(_octets(_response(answer).get("clientDataJSON")), type=_Client)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise WrongPasskey() from None


def _response(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = answer.get("response")
    if not isinstance(found, dict):
        raise WrongPasskey()
    return found


def _octets(text: object) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    if not isinstance(text, str) or not 0 < len(text) <= MOST_OCTETS:
        raise WrongPasskey()
    try:
        return base64url_to_bytes(text)
    except ValueError:
        raise WrongPasskey() from None
