# SPDX-License-Identifier: Apache-2.0
"""The labelled comments, and how a reading is held against its label.

`tuned.tsv` is what the grammars were made on. `held_out.tsv` was written before any grammar, `late.tsv` after
all of them; nothing was put into a grammar because of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID, uuid5

import yaml

from silkcast.ground.ids import VariantId
from silkcast.ground.places import Country
from silkcast.stage.deals.comments.reading import read
from silkcast.stage.deals.comments.shelf import Shelf, lay_out
from silkcast.stage.deals.comments.values import Cancellation, Offered, Order, Reading, WhichVariant

FOLDER = Path(__file__).parent
SPACE = UUID(int=0)
Part = Literal["tuned", "held_out", "late"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class Labelled:
    language: str
    market: Country
    offered: str
    expected: str
    text: str

    def read(self) -> Reading:
        return read(self.text, market=self.market, language=self.language, offered=shelves()[self.offered])


def variant(name: str) -> VariantId:
    return VariantId(uuid5(SPACE, name))


@lru_cache(maxsize=1)
def sets() -> Mapping[str, Mapping[str, Any]]:
    """{set: {variant: what it is offered as}}, as the file has it."""
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        (FOLDER / "offered.yaml").read_text(encoding="utf-8")
    )
    return found


@lru_cache(maxsize=1)
def offered() -> Mapping[str, tuple[Offered, ...]]:
    return {name: tuple(_offered(key, one) for key, one in held.items()) for name, held in sets().items()}


def _offered(key: str, one: Mapping[str, Any]) -> Offered:
    options, names = one.get("options", {}), one.get("names", {})
    return Offered(variant(key), tuple(one["codes"]), options, names, one.get("is_pinned", False))


@lru_cache(maxsize=1)
def shelves() -> Mapping[str, Shelf]:
    return {name: lay_out(held) for name, held in offered().items()}


@lru_cache(maxsize=3)
def labelled(part: Part) -> tuple[Labelled, ...]:
    rows = (FOLDER / f"{part}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = (row.split("\t") for row in rows)
    return tuple(
        Labelled(one[0], Country(one[1]), one[2], _sorted(one[3]), one[4].replace("\\n", "\n"))
        for one in cells
    )


def _sorted(expected: str) -> str:
    kind, *lines = expected.split()
    return " ".join((kind, *sorted(lines)))


def label(reading: Reading) -> str:
    """A reading in the words of the labels."""
    names = _names()
    if isinstance(reading, Order):
        lines = sorted(f"{names[line.variant]}={line.units}" for line in reading.lines)
        return " ".join(("order", *lines))
    if isinstance(reading, WhichVariant):
        return "which"
    if isinstance(reading, Cancellation):
        return " ".join(("cancel", *sorted(names[one] for one in reading.variants)))
    return "none"


@lru_cache(maxsize=1)
def _names() -> Mapping[VariantId, str]:
    return {variant(key): key for held in sets().values() for key in held}


@dataclass(frozen=True, slots=True)
class Score:
    """An order counts as found only if each variant and each number is right."""

    comments: int
    orders: int
    claimed: int
    right: int
    other_kinds_right: int

    @property
    def precision(self) -> float:
        return self.right / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.orders if self.orders else 1.0

    @property
    def others(self) -> float:
        """Of the comments that are no order, how many are read as what they are."""
        return self.other_kinds_right / (self.comments - self.orders) if self.comments > self.orders else 1.0


def score(comments: Iterable[Labelled]) -> Score:
    held = [(one.expected, label(one.read())) for one in comments]
    orders = [(expected, got) for expected, got in held if expected.startswith("order")]
    claimed = [(expected, got) for expected, got in held if got.startswith("order")]
    others = [(expected, got) for expected, got in held if not expected.startswith("order")]
    return Score(
        comments=len(held),
        orders=len(orders),
        claimed=len(claimed),
        right=sum(expected == got for expected, got in claimed),
        other_kinds_right=sum(expected == got for expected, got in others),
    )
