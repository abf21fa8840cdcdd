# SPDX-License-Identifier: Apache-2.0
"""How well the words find what a person sees: precision and recall by language, over `titles.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from silkcast.goods.admission import packs
from silkcast.goods.admission.values import Goods, Text

TITLES = Path(__file__).parent / "titles.toml"


@dataclass(frozen=True, slots=True)
class Title:
    language: str
    text: str
    shown: frozenset[str]
    either: frozenset[str]


@dataclass(slots=True)
class Score:
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong)) if self.right + len(self.wrong) else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed)) if self.right + len(self.missed) else 1.0


def titles() -> Iterator[Title]:
    for language, table in tomllib.loads(TITLES.read_text()).items():
        for text, shown, *either in table["titles"]:
            yield Title(language, text, frozenset(shown), frozenset(either[0] if either else ()))


def classes_in(text: str, language: str) -> set[str]:
    goods = Goods("000000", "CN", False, (Text("name", language, text),))
    return {one.category for one in packs.seen(goods) if ":" not in one.category}


def scores() -> dict[str, Score]:
    made: dict[str, Score] = {}
    for title in titles():
        score = made.setdefault(title.language, Score())
        found = classes_in(title.text, title.language)
        score.right += len(found & title.shown)
        score.wrong += [f"{title.text}: {one}" for one in sorted(found - title.shown - title.either)]
        score.missed += [f"{title.text}: {one}" for one in sorted(title.shown - found)]
    return made


def report() -> str:
    lines = []
    whole = Score()
    for language, score in scores().items():
        lines.append(f"{language:8} precision {score.precision:.3f}  recall {score.recall:.3f}")
        lines += [f"    wrong  {one}" for one in score.wrong] + [f"    missed {one}" for one in score.missed]
        whole.right += score.right
        whole.wrong += score.wrong
        whole.missed += score.missed
    lines.append(f"{'all':8} precision {whole.precision:.3f}  recall {whole.recall:.3f}")
    every = list(titles())
    plain = sum(1 for one in every if not one.shown)
    lines.append(f"{len(every)} titles, {plain} of them near misses or ordinary things")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
