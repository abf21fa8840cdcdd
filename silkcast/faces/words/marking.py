# SPDX-License-Identifier: Apache-2.0
"""Marking: a sentence that is written in one place and said in another, so that `make words` finds it."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """The sentence itself: `_()` translates it where it is said."""
    return sentence
