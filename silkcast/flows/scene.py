# SPDX-License-Identifier: Apache-2.0
"""Scene: what a flow may reach. Made once by main."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from silkcast.ground.money import Currency
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database
from silkcast.plumbing.files import Files
from silkcast.stage.rooms.port import VideoEngine
from silkcast.trade.customs.port import CustomsPort
from silkcast.trade.payments.port import Method, PaymentEngine
from silkcast.trade.shipping.port import Carrier
from silkcast.watch.hooks.port import HookSender
from silkcast.watch.notices.port import Post, Texts
from silkcast.who.markets.values import Market
from silkcast.who.translations.port import Translator

from .exporting import ExportSettings


@dataclass(frozen=True, slots=True)
class FlowSettings:
    hold_minutes: int = 15
    """How long stock and price stay held for somebody who is paying."""
    patience_seconds: int = 30
    """After how long without an answer a payment provider is asked again."""
    dispatch_by_itself: bool = False
    """Book and declare each paid order at once, without the seller pressing anything (the demo does)."""
    return_answer_days: int = 2
    """A return the seller has not answered by then is accepted by the clock."""
    receiver_number_days: int = 30
    """How long a receiver's number for customs is kept once the order is delivered or called off."""

    @property
    def hold(self) -> timedelta:
        return timedelta(minutes=self.hold_minutes)


@dataclass(frozen=True, slots=True)
class Scene:
    """The database, the files, and the engines outside, by name."""

    database: Database
    files: Files
    payments: Mapping[str, PaymentEngine]
    carriers: Mapping[str, Carrier]
    customs: CustomsPort
    video: VideoEngine
    post: Post
    origin: str
    """Our public address, for links: `https://shop.example`, no slash at the end."""
    settings: FlowSettings = field(default_factory=FlowSettings)
    exporting: ExportSettings = field(default_factory=ExportSettings)
    hooks: HookSender | None = None
    """Who tells sellers' programs; with nobody, what they are to be told waits."""
    translator: Translator | None = None
    """Who puts texts into other languages; with nobody, everything is shown as it was written."""
    texts: Texts | None = None
    """Who carries texts to phones; with nobody, the post gets them."""

    def all_methods(self, market: Country, currency: Currency) -> tuple[Method, ...]:
        """Every way to pay that some engine offers; where two offer the same, the first engine's."""
        offered: dict[str, Method] = {}
        for engine in self.payments.values():
            for method in engine.methods(market, currency):
                offered.setdefault(method.code, method)
        return tuple(offered.values())

    def methods(self, market: Market) -> tuple[Method, ...]:
        """The ways to pay that a market has and some engine offers, in the market's order."""
        offered = {method.code: method for method in self.all_methods(market.code, market.currency)}
        return tuple(offered[code] for code in market.payment_methods if code in offered)

    @property
    def asked(self) -> tuple[str, ...]:
        """The payment engines that can be asked how a payment stands."""
        return tuple(name for name, engine in self.payments.items() if not engine.by_hand)

    @property
    def payment_pages(self) -> frozenset[str]:
        """The origins of every page that buyers are sent to for paying."""
        return frozenset(origin for engine in self.payments.values() for origin in engine.pages)

    def link(self, path: str) -> str:
        return f"{self.origin}{path}"
