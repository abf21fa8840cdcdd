# SPDX-License-Identifier: Apache-2.0
"""What a contact, a name and a password may be, and how long a door stays shut."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from .errors import BadContact, BadName, WeakPassword

LEAST_PASSWORD = 10
MOST_PASSWORD = 200
CODE_MINUTES = 10
CODE_TRIES = 5
MOST_CODES = 5
CODES_WINDOW = timedelta(hours=1)
CODE_WAITS = (30, 60, 120)
"""Seconds until a contact may be sent another code: after the first, the second, and any later one."""
PROOF_MINUTES = 15
TEXTS_OVER_SECONDS = 3600
CHALLENGE_MINUTES = 5
MOST_PASSKEYS = 20
SHUT_AFTER = 5
LONGEST_SHUT = timedelta(minutes=15)

# What the lists of leaked passwords begin with, in small letters.
_EVERYBODYS = frozenset(
    """1234567890 12345678910 123456789a 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 password12 password123
    password1234 passw0rd123 iloveyou12 iloveyou123 letmein1234 welcome1234 admin12345 administrator
    changeme12 changeme123 football123 baseball123 sunshine123 princess123 superman123 abcdefghij abcd123456
    abc1234567 a123456789 aa12345678 q1w2e3r4t5 zxcvbnm123 asdfghjkl1 0987654321 9876543210 1111111111
    0000000000 woaini1314 5201314520 qwerty1234 qwert12345 silkcast123 silkcastsilkcast""".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """Where a number lies: its country, and the ten thousand numbers that begin like it."""

    country: str
    beginning: str


def contact(text: str, country: str | None = None) -> str:
    """An e-mail address in small letters, or a phone number in E.164. A number without its country code is
    one of `country`, in whatever digits it is written."""
    given = unicodedata.normalize("NFKC", text).strip()
    return _address(given) if "@" in given else _number(given, country)


def _address(given: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # only who gives one waits for its tables

    try:
        found = validate_email(given, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise BadContact() from None
    return found.normalized.lower()


def _number(given: str, country: str | None) -> str:
    import phonenumbers  # large: read when the first number comes, or soon after the house has opened

    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        raise BadContact() from None
    if not phonenumbers.is_valid_number(number):
        raise BadContact()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def block(number: str) -> Block | None:
    """Where a mobile number lies; nothing for one that gets no texts or is paid for by who sends them."""
    import phonenumbers

    parsed = phonenumbers.parse(number, None)
    country = phonenumbers.region_code_for_number(parsed)
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if country is None or phonenumbers.number_type(parsed) not in kinds:
        return None
    return Block(country, number[:-4])


def figures(text: str) -> str:
    """The digits of a code, in whatever script they are written."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def wait_after(codes: int) -> timedelta:
    """How long until the next code, after so many."""
    return timedelta(seconds=CODE_WAITS[min(max(codes, 1), len(CODE_WAITS)) - 1])


def name(text: str) -> str:
    """1 to 60 characters on one line."""
    kept = " ".join("".join(sign for sign in text if unicodedata.category(sign)[0] != "C").split())
    if not kept or len(kept) > 60:
        raise BadName()
    return kept


def check_password(password: str, *, about: str) -> None:
    """At least ten characters, not one that everybody tries, not the person's own contact or name."""
    folded = password.casefold()
    words = about.casefold()
    own = {part for part in (*words.split(), *words.replace("@", " ").split()) if len(part) > 3}
    if (
        not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD
        or folded in _EVERYBODYS
        or len(set(folded)) < 4
        or any(folded.strip("0123456789!.") == part for part in own)
    ):
        raise WeakPassword(LEAST_PASSWORD)


def shut_for(failures: int) -> timedelta:
    """How long a door stays shut after so many wrong tries: half a minute from the fifth on, doubling."""
    if failures < SHUT_AFTER:
        return timedelta(0)
    doublings: int = 2 ** min(failures - SHUT_AFTER, 10)
    return min(timedelta(seconds=30) * doublings, LONGEST_SHUT)
