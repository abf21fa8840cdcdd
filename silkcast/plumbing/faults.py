# SPDX-License-Identifier: Apache-2.0
"""Faults: what keeps the house from opening, in words for the operator; the command line prints them."""

from __future__ import annotations


class Fault(Exception):
    """Something outside the code is not as it must be; the text says what, and what to do."""
