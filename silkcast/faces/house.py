# SPDX-License-Identifier: Apache-2.0
"""House: what every face may reach. Made once by main, handed to handlers as `house`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from silkcast.faces.throttling import Throttle
from silkcast.flows.claiming import Counter
from silkcast.flows.commenting import Commenting
from silkcast.flows.scene import Scene
from silkcast.flows.shutting import Shut
from silkcast.flows.translating import Translating
from silkcast.ground.ids import ShowId
from silkcast.plumbing.db import Database
from silkcast.plumbing.health import Health
from silkcast.plumbing.metrics import Metrics
from silkcast.plumbing.wire import Alone, Bus, Hub, InProcess, Owners
from silkcast.stage.chat.values import Line, Saying
from silkcast.stage.deals.committer import Committer, CommitterSettings
from silkcast.who.identity.settings import CodeSettings


@dataclass(frozen=True, slots=True)
class SiteSettings:
    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = ""
    """The public address without a slash at the end; empty: http:// with host and port."""
    is_demo: bool = False
    """Shows the demo's log-ins, its mailbox and its payment cards."""
    session_days: int = 30
    is_behind_proxy: bool = False
    """A proxy stands before us and says who asked (X-Forwarded-For, X-Forwarded-Proto)."""
    proxies: tuple[str, ...] = (
        "127.0.0.0/8",
        "::1",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
    )
    """Whose word is taken for it, nearest first: anybody else's is a visitor's own."""
    room_seconds: int = 1
    """How long a drawn page of a room or a product may be handed out again, unless a commit outdates it."""

    @property
    def address(self) -> str:
        return self.origin or f"http://{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        return self.address.startswith("https://")


class Gathers(Protocol):
    """Writes down what is said in rooms, a room's lines of a moment together, and tells the rooms."""

    async def say(self, show: ShowId, saying: Saying) -> Line: ...

    async def close(self) -> None: ...


class Audience(Protocol):
    """Who watches, over all processes."""

    def viewers(self, show: UUID) -> int:
        """How many are in the room of this show now."""


@dataclass(frozen=True, slots=True)
class House:
    scene: Scene
    hub: Hub
    site: SiteSettings
    gatherer: Gathers
    health: Health = field(default_factory=Health)
    metrics: Metrics = field(default_factory=Metrics)
    throttle: Throttle = field(default_factory=Throttle)
    bus: Bus = field(default_factory=InProcess)
    owners: Owners = field(default_factory=Alone)
    audience: Audience | None = None
    deals: CommitterSettings = field(default_factory=CommitterSettings)
    codes: CodeSettings = field(default_factory=CodeSettings)
    counter: Counter = field(init=False)
    """Where claims of a flash sale are handed in."""

    commenting: Commenting = field(init=False)
    """Where comments are read as orders."""
    translating: Translating = field(init=False)
    """Where texts are put into other languages."""

    def __post_init__(self) -> None:
        shut = Shut(self.scene.database, self.bus)
        counter = Counter(self.scene, Committer(self.scene.database, self.deals), self.owners, shut)
        object.__setattr__(self, "counter", counter)
        object.__setattr__(self, "commenting", Commenting(counter))
        translating = Translating(self.scene.database, self.scene.translator)
        object.__setattr__(self, "translating", translating)

    @property
    def shut(self) -> Shut:
        """Which markets are closed."""
        return self.counter.shut

    @property
    def database(self) -> Database:
        return self.scene.database
