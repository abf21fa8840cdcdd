# SPDX-License-Identifier: Apache-2.0
"""A finding: how it is, and what to do where it is not well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    level: Literal["ok", "warn", "fail"]
    subject: str
    words: str
    cure: str = ""


def ok(subject: str, words: str) -> Finding:
    return Finding("ok", subject, words)


def warn(subject: str, words: str, cure: str) -> Finding:
    return Finding("warn", subject, words, cure)


def fail(subject: str, words: str, cure: str) -> Finding:
    return Finding("fail", subject, words, cure)
