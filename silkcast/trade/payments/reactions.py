# SPDX-License-Identifier: Apache-2.0
"""What payments does when something was announced."""

from __future__ import annotations

from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction

from . import service as payments
from .events import WebhookStored


async def settle_webhook(tx: Tx, event: WebhookStored) -> None:
    """A stored webhook has its effect in a transaction of its own, and is tried again where it failed."""
    await payments.settle_webhook(tx, event.webhook)


REACTIONS = (Reaction("payments.settle_webhook", WebhookStored, settle_webhook),)
