# SPDX-License-Identifier: Apache-2.0
"""Main: wires the house. Knows every name, holds no logic."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData

from silkcast.plumbing.db import Base

MODELS: tuple[str, ...] = (
    "silkcast.plumbing.db.outgoing",
    "silkcast.plumbing.outbox.models",
    "silkcast.plumbing.jobs.models",
    "silkcast.who.identity.models",
    "silkcast.who.sellers.models",
    "silkcast.money.ledger.models",
    "silkcast.money.rates.models",
    "silkcast.goods.catalog.models",
    "silkcast.goods.pricing.models",
    "silkcast.goods.stock.models",
    "silkcast.trade.customs.models",
    "silkcast.trade.returns.models",
    "silkcast.trade.orders.models",
    "silkcast.trade.payments.models",
    "silkcast.trade.quotes.models",
    "silkcast.trade.shipping.models",
    "silkcast.stage.chat.models",
    "silkcast.stage.rooms.models",
    "silkcast.watch.audit.models",
    "silkcast.watch.insight.models",
    "silkcast.watch.notices.models",
    "silkcast.flows.models",
)
"""Every module that has tables, lowest floor first."""


def metadata() -> MetaData:
    """All tables of the house, with every module that has some imported."""
    for name in MODELS:
        import_module(name)
    return Base.metadata
