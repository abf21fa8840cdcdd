# SPDX-License-Identifier: Apache-2.0
"""Routes of the account."""

from __future__ import annotations

from . import handlers

ROUTES = handlers.HANDLERS
