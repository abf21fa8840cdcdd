# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotAllowed, NotFound, TooMany


@dataclass(eq=False)
class BadContact(Invalid):
    """Neither an e-mail address nor a phone number with its country code."""

    code: ClassVar[str] = "identity.bad_contact"


@dataclass(eq=False)
class WeakPassword(Invalid):
    """Too short, or one of those everybody tries first."""

    code: ClassVar[str] = "identity.weak_password"
    least: int


@dataclass(eq=False)
class BadName(Invalid):
    code: ClassVar[str] = "identity.bad_name"


@dataclass(eq=False)
class AlreadyRegistered(Conflict):
    code: ClassVar[str] = "identity.already_registered"


@dataclass(eq=False)
class WrongLogin(NotAllowed):
    """Wrong, unknown or not confirmed: which of these is not told."""

    code: ClassVar[str] = "identity.wrong_login"


@dataclass(eq=False)
class WrongCode(NotAllowed):
    """Wrong, or over. A stranger is not told how many tries are left, since only a real code has some."""

    code: ClassVar[str] = "identity.wrong_code"
    tries_left: int | None = None


@dataclass(eq=False)
class CodeOver(NotAllowed):
    """Too late, used, or tried too often: ask for a new one."""

    code: ClassVar[str] = "identity.code_over"


@dataclass(eq=False)
class LockedOut(TooMany):
    code: ClassVar[str] = "identity.locked_out"


@dataclass(eq=False)
class TooManyCodes(TooMany):
    """So many codes were asked for that no more are sent for a while."""

    code: ClassVar[str] = "identity.too_many_codes"


@dataclass(eq=False)
class CodeTooSoon(TooMany):
    """A code was sent a moment ago; the next one may be asked for later."""

    code: ClassVar[str] = "identity.code_too_soon"


@dataclass(eq=False)
class NotTextable(Invalid):
    """No text goes to this number: fixed, at a premium, or in a country that is not served."""

    code: ClassVar[str] = "identity.not_textable"


@dataclass(eq=False)
class TextsOver(TooMany):
    """So many texts went to such numbers today that no more are sent."""

    code: ClassVar[str] = "identity.texts_over"


@dataclass(eq=False)
class ProofOver(NotAllowed):
    """The code was right too long ago, or opened an account already."""

    code: ClassVar[str] = "identity.proof_over"


@dataclass(eq=False)
class TermsNotAgreed(Invalid):
    code: ClassVar[str] = "identity.terms_not_agreed"


@dataclass(eq=False)
class WrongPasskey(NotAllowed):
    """Unknown, made for another site, not verified, or answered too late: which of these is not told."""

    code: ClassVar[str] = "identity.wrong_passkey"


@dataclass(eq=False)
class PasskeyCopied(NotAllowed):
    """Its counter went back: somebody perhaps has a copy of it."""

    code: ClassVar[str] = "identity.passkey_copied"


@dataclass(eq=False)
class PasskeyKnown(Conflict):
    code: ClassVar[str] = "identity.passkey_known"


@dataclass(eq=False)
class TooManyPasskeys(Conflict):
    code: ClassVar[str] = "identity.too_many_passkeys"
    most: int


@dataclass(eq=False)
class NoSuchPasskey(NotFound):
    code: ClassVar[str] = "identity.no_such_passkey"


@dataclass(eq=False)
class LastWay(Conflict):
    """The last way to log in stays."""

    code: ClassVar[str] = "identity.last_way"


@dataclass(eq=False)
class NoPasskeysHere(Conflict):
    """The address of this house is none that browsers make passkeys for."""

    code: ClassVar[str] = "identity.no_passkeys_here"


@dataclass(eq=False)
class NoSuchUser(NotFound):
    code: ClassVar[str] = "identity.no_such_user"


@dataclass(eq=False)
class NoSuchToken(NotFound):
    code: ClassVar[str] = "identity.no_such_token"


@dataclass(eq=False)
class UnknownScope(Invalid):
    code: ClassVar[str] = "identity.unknown_scope"
    scope: str


@dataclass(eq=False)
class NotYourMarket(NotAllowed):
    """The person is no manager of this market."""

    code: ClassVar[str] = "identity.not_your_market"
    market: str


@dataclass(eq=False)
class RightMissing(NotAllowed):
    """A manager of this market, but not for this."""

    code: ClassVar[str] = "identity.right_missing"
    market: str
    right: str


@dataclass(eq=False)
class UnknownRight(Invalid):
    code: ClassVar[str] = "identity.unknown_right"
    right: str


@dataclass(eq=False)
class NoSuchManager(NotFound):
    code: ClassVar[str] = "identity.no_such_manager"


@dataclass(eq=False)
class NoSuchContact(Invalid):
    """Nobody has this contact. For the operator alone: strangers are never told."""

    code: ClassVar[str] = "identity.no_such_contact"
