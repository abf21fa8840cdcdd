# SPDX-License-Identifier: Apache-2.0
"""Language: BCP 47 tags, which of several is nearest to one, and texts that exist in several of them.

What is special about a language is data (`plumbing/tongues`), told here by `know`. Without it the general
rules hold: `zh-Hant-HK` falls back to `zh-Hant`, then `zh`, then any Chinese, then English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NewType

Language = NewType("Language", str)
Direction = Literal["ltr", "rtl"]

ENGLISH = Language("en")
CHINESE = Language("zh")
FRENCH = Language("fr")
ARABIC = Language("ar")

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv"})
RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa", "Nkoo", "Syrc", "Adlm"})
MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as its file describes it."""

    tag: Language
    name: str
    """In itself: no one looks for their own language in another's words."""
    direction: Direction
    script: str
    """ISO 15924: `Latn`, `Hant`, `Thai`."""
    place: int
    """Where it stands in a list of languages."""
    falls_back: tuple[str, ...] = ()
    answers_to: tuple[str, ...] = ()
    """Other tags of browsers that mean it: `zh-TW` for `zh-Hant`, the old `in` for `id`."""
    made_by: Literal["people", "machine"] = "machine"
    confirmed_by: str = ""
    """The speaker who read it all; empty: nobody yet."""
    confirmed_on: str = ""

    @property
    def is_machine_made(self) -> bool:
        return self.made_by == "machine" and not self.confirmed_by


_known: Mapping[str, Tongue] = {}


def know(tongues: Mapping[str, Tongue]) -> None:
    """From now on these languages are known. Called by `plumbing/tongues`, which reads them."""
    global _known
    _known = dict(tongues)


def N_(sentence: str) -> str:
    """The sentence itself: it is said elsewhere, and `make words` finds it by this."""
    return sentence


def base_of(tag: str) -> str:
    return tag.split("-")[0].lower()


def shortened(tag: str) -> Iterator[str]:
    """`zh-Hant-HK`, `zh-Hant`, `zh`."""
    pieces = tag.split("-")
    for count in range(len(pieces), 0, -1):
        yield "-".join(pieces[:count])


def direction(tag: str) -> Direction:
    for each in shortened(tag):
        if each in _known:
            return _known[each].direction
    pieces = tag.split("-")
    scripts = [piece.title() for piece in pieces[1:] if len(piece) == 4 and piece.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if base_of(tag) in RIGHT_TO_LEFT else "ltr"


def closest(tag: str, among: Iterable[str]) -> Language | None:
    """The one of `among` that a reader of `tag` reads best, if it is the same language at all."""
    offered = tuple(among)
    for each in shortened(tag.replace("_", "-").lower()):
        for one in offered:
            if each == one.lower() or each in _other_tags(one):
                return Language(one)
    base = base_of(tag)
    return next((Language(one) for one in offered if base_of(one) == base), None)


def _other_tags(tag: str) -> tuple[str, ...]:
    known = _known.get(tag)
    return () if known is None else tuple(other.lower() for other in known.answers_to)


def fallbacks(tag: str) -> tuple[str, ...]:
    """In which languages a text is looked for, best first: the one asked, those its file names, English."""
    known = _known.get(tag)
    named = known.falls_back if known else ()
    order = dict.fromkeys((tag, *named, *shortened(tag)))
    order.pop("en", None)
    return (*order, "en")


def liked(accept_language: str) -> tuple[str, ...]:
    """The tags of an Accept-Language header, best first. What is no tag or not wanted is left out."""
    wanted: list[tuple[int, int, str]] = []
    for index, part in enumerate(accept_language.split(",")[:MOST_TAGS]):
        tag, _, weight = part.strip().partition(";")
        thousandths = _thousandths(weight.strip())
        if tag and thousandths and all(piece.isalnum() for piece in tag.split("-")):
            wanted.append((-thousandths, index, tag))
    return tuple(tag for _, _, tag in sorted(wanted))


def _thousandths(weight: str) -> int:
    """`q=0.8` as 800; no weight is 1000, a bad one is 0."""
    if not weight:
        return 1000
    name, _, digits = weight.partition("=")
    whole, _, rest = digits.partition(".")
    rest = (rest + "000")[:3]
    if name.strip() != "q" or not (whole.isascii() and whole.isdigit() and rest.isascii() and rest.isdigit()):
        return 0
    return min(1000, int(whole[:3]) * 1000 + int(rest))


@dataclass(frozen=True, slots=True)
class Words:
    """One text in one or more languages, for names and descriptions that sellers write."""

    by_language: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.by_language:
            raise ValueError("words are in at least one language")

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_language)

    def pick(self, language: str) -> tuple[str, str]:
        """(language, text): the one asked, else what its readers read too, else English, else the first."""
        *nearer, english = fallbacks(language)
        for tag in nearer:
            if text := self.by_language.get(tag):
                return tag, text
        if (kin := closest(language, (tag for tag, text in self.by_language.items() if text))) is not None:
            return kin, self.by_language[kin]
        if text := self.by_language.get(english):
            return english, text
        return next(iter(self.by_language.items()))

    def text(self, language: str) -> str:
        return self.pick(language)[1]
