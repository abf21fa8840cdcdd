# SPDX-License-Identifier: Apache-2.0
"""Routes of the account."""

from __future__ import annotations

from . import entering, handlers, passkeys

ROUTES = (*entering.HANDLERS, *handlers.HANDLERS, *passkeys.HANDLERS)
