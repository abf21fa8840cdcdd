# SPDX-License-Identifier: Apache-2.0
"""Comment orders: how many of those read are right, how many of those given are read, and comments a second.

`python -m bench.comments` prints the table by language and part. An order is right only if each variant and
each number is. The tuned part made the grammars; `held out` was written before them and `late` after them, by
the same hand, and neither changed a word of them. The floor of speed is folding alone: any reader must.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bench.row import Floor, Row
from silkcast.stage.deals.comments.folding import fold
from tests.stage.deals.comments.labelled import PARTS, Labelled, Score, labelled, score

ALL = tuple(one for part in PARTS for one in labelled(part))
LANGUAGES = sorted({one.language for one in ALL})


def of(comments: Sequence[Labelled], language: str) -> Score:
    return score(one for one in comments if one.language == language)


def per_second(work: Callable[[Labelled], object]) -> float:
    """Comments a second of this process's own time; the best of three."""
    rates = []
    for _ in range(3):
        began = time.process_time()
        for one in ALL:
            work(one)
        rates.append(len(ALL) / (time.process_time() - began))
    return max(rates)


def rows() -> list[Row]:
    whole = score(ALL)
    found = [
        Row(
            f"orders read right, of those read, all {whole.comments}", 100 * whole.precision, "%", at_least=97
        ),
        Row(f"orders read right, of those given, all {whole.comments}", 100 * whole.recall, "%", at_least=90),
    ]
    for part in PARTS:
        one = score(labelled(part))
        name = part.replace("_", " ")
        found.append(Row(f"  {name}, {one.comments}: right of those read", 100 * one.precision, "%"))
        found.append(Row(f"  {name}: right of those given", 100 * one.recall, "%"))
    for language in LANGUAGES:
        one = of(ALL, language)
        found.append(Row(f"  {language}, {one.comments}: right of those read", 100 * one.precision, "%"))
        found.append(Row(f"  {language}: right of those given", 100 * one.recall, "%"))
    folding = Floor("folding alone", per_second(lambda one: fold(one.text)))
    found.append(Row("comments read, one core", per_second(Labelled.read), "/s", folding, at_least=5000))
    return found


def main() -> None:
    print(f"{'':<10}" + "".join(f"{part.replace('_', ' '):^27}" for part in (*PARTS, "all")))
    print(f"{'language':<10}" + f"{'n':>5}{'precision':>11}{'recall':>9}  " * (len(PARTS) + 1))
    sets = [*(labelled(part) for part in PARTS), ALL]
    for language in LANGUAGES:
        print(f"{language:<10}" + "".join(_cells(of(one, language)) for one in sets))
    print(f"{'all':<10}" + "".join(_cells(score(one)) for one in sets))
    whole = score(ALL)
    rest = whole.comments - whole.orders
    print(f"\nof {rest} that are no order, {whole.others:.1%} are read as what they are")
    folded = per_second(lambda one: fold(one.text))
    print(f"{per_second(Labelled.read):,.0f} comments/s, folding alone {folded:,.0f}/s")


def _cells(one: Score) -> str:
    return f"{one.comments:>5}{one.precision:>11.3f}{one.recall:>9.3f}  "


if __name__ == "__main__":
    main()
