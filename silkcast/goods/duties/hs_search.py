# SPDX-License-Identifier: Apache-2.0
"""Six-digit codes for a seller's words: the index of goods first, the list's own words beside it.

Each suggestion says why. It is for a person to choose; nothing is filled in by itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from . import hs, wording
from .goods_index import OTHER, Choice, Entry, Index, index
from .values import HsCode

LONGEST = 12
HEAD = 1.4
"""The last name before a turn is the goods: `olive oil soap` is soap."""
FITS, EXACTLY, SHUTS_OUT, UNSAID = 4.0, 1.0, -5.0, -2.0
BABY_CODES = ("611120", "611130", "620920", "620930", "611190", "620990")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of the index found in the title, or a word that chooses."""

    key: str
    written: str
    start: int
    end: int
    weight: float


@dataclass(slots=True)
class Chosen:
    score: float
    why: tuple[str, ...]


def suggest(text: str, limit: int = 10) -> tuple[HsCode, ...]:
    """Codes that fit a title, best first; digits find the codes they begin."""
    digits = text.strip().replace(".", "")
    if digits.isdigit():
        found = [code for code in hs.codes() if code.startswith(digits)]
        return tuple(one for code in found[:limit] if (one := hs.describe(code)))
    return _best(_chosen(text), limit)


def together(texts: Iterable[str], limit: int) -> tuple[HsCode, ...]:
    """Suggestions for several names of one thing: what fits more of them, and better, comes first."""
    joint: dict[str, Chosen] = {}
    for text in texts:
        for code, one in _chosen(text).items():
            before = joint.get(code, Chosen(0, ()))
            joint[code] = Chosen(before.score + one.score, tuple(dict.fromkeys((*before.why, *one.why))))
    return _best(joint, limit)


def _chosen(text: str) -> dict[str, Chosen]:
    book = index()
    said = _mended(wording.said(text), book)
    facets = _facets(said, book)
    chosen = _by_index(said, facets, book)
    _by_texts(said, facets, chosen)
    return chosen


def _best(chosen: dict[str, Chosen], limit: int) -> tuple[HsCode, ...]:
    best = sorted(chosen, key=lambda code: (-chosen[code].score, code))[:limit]
    return tuple(replace(one, why=chosen[code].why) for code in best if (one := hs.describe(code)))


def _mended(said: wording.Said, book: Index) -> wording.Said:
    """Words nobody knows are taken for the nearest known one."""
    stems = []
    for one in said.stems:
        joined = one in book.known or one in book.facet_words or one in book.phrases or hs.knows(one)
        stems.append(one if joined else wording.mended(one, book.known) or one)
    return replace(said, stems=tuple(stems))


def _latin(said: wording.Said, known: Container[str]) -> Iterator[Hit]:
    count = len(said.stems)
    for start in range(count):
        for end in range(start + 1, min(count, start + 4) + 1):
            key = "".join(said.stems[start:end])
            if key in known:
                yield Hit(key, " ".join(said.words[start:end]), start, end, min(said.weights[start:end]))


def _han(said: wording.Said, known: Container[str]) -> Iterator[Hit]:
    text = said.han
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + LONGEST) + 1):
            key = text[start:end]
            if key in known and wording.HAN.search(key):
                yield Hit(key, key, start, end, 1.0)


def _longest(hits: Iterable[Hit], least: float) -> list[Hit]:
    """Names inside a longer name count for little (`card` in `card holder`)."""
    found = list(hits)
    kept = []
    for one in found:
        inside = any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in found
        )
        if not inside:
            kept.append(one)
        elif least:
            kept.append(replace(one, weight=one.weight * least))
    return kept


def _cuts(said: wording.Said, book: Index) -> list[tuple[int, int]]:
    """The title cut into known words, long words first wherever they can stand (扳手|套装, not 手套)."""
    hits = [*_han(said, book.phrases), *_han(said, book.facet_words)]
    best: list[tuple[int, tuple[tuple[int, int], ...]]] = [(0, ())] * (len(said.han) + 1)
    for end in range(1, len(said.han) + 1):
        best[end] = best[end - 1]
        for hit in hits:
            if hit.end == end:
                worth, spans = best[hit.start]
                worth += (end - hit.start) ** 2
                if worth > best[end][0]:
                    best[end] = (worth, (*spans, (hit.start, end)))
    return list(best[-1][1])


def _whole(hits: Iterable[Hit], cuts: list[tuple[int, int]]) -> Iterator[Hit]:
    """Without those that tear a word of the cut title apart."""
    for hit in hits:
        if not any(a < hit.start < b < hit.end or hit.start < a < hit.end < b for a, b in cuts):
            yield hit


def _facets(said: wording.Said, book: Index) -> dict[str, dict[str, str]]:
    """What the title says of material, wearer and make: group, value, and the words it was said in."""
    facets: dict[str, dict[str, str]] = defaultdict(dict)
    cuts = _cuts(said, book)
    hits = _longest(_latin(said, book.facet_words), 0)
    hits += _longest(_whole(_han(said, book.facet_words), cuts), 0)
    for hit in hits:
        for facet in book.facet_words[hit.key]:
            facets[facet.group].setdefault(facet.name, hit.written)
    if "karatgold" in said.stems:
        facets["mat"].setdefault("gold", "gold")
    return facets


def _names(said: wording.Said, book: Index) -> dict[int, list[tuple[float, str]]]:
    """For each line of the index what it is called in the title, and how much that counts."""
    lines: dict[int, list[tuple[float, str]]] = defaultdict(list)
    latin = _longest(_latin(said, book.phrases), 0.3)
    ends = [hit.end for hit in latin if hit.weight == 1.0]
    for hit in latin:
        worth = 10 * (1 + 0.5 * (hit.end - hit.start - 1)) * hit.weight
        if ends and hit.end == max(ends) and hit.weight == 1.0:
            worth *= HEAD
        for line in book.phrases[hit.key]:
            lines[line].append((worth, hit.written))
    han = _longest(_whole(_han(said, book.phrases), _cuts(said, book)), 0.3)
    last = max((hit.end for hit in han), default=0)
    for hit in han:
        worth = 10 * (1 + 0.3 * (hit.end - hit.start - 2)) * hit.weight * (HEAD if hit.end == last else 1)
        for line in book.phrases[hit.key]:
            lines[line].append((worth, hit.written))
    _loosely(said, book, lines)
    return lines


def _loosely(said: wording.Said, book: Index, lines: dict[int, list[tuple[float, str]]]) -> None:
    """Names whose words stand apart: `bath … towel`, 单肩…包."""
    stems = dict(zip(said.stems, said.weights, strict=True))
    for word in stems:
        for needed, phrase, line in book.loose.get(word, ()):
            if needed <= stems.keys():
                worth = 8 * (1 + 0.5 * (len(needed) - 1)) * min(stems[one] for one in needed)
                lines[line].append((worth, phrase))
            elif wording.stem(phrase.split()[-1]) == word:
                part = len(needed & stems.keys()) / len(needed)
                lines[line].append((7 * part * stems[word], word))
    if said.han and not lines:
        _nearly(said.han, book, lines)
    for sign in set(said.han):
        for word in book.tails.get(sign, ()):
            if word not in said.han and _apart(word, said.han):
                for line in book.phrases[word]:
                    lines[line].append((7.5 * (1 + 0.2 * (len(word) - 2)), word))


def _nearly(text: str, book: Index, lines: dict[int, list[tuple[float, str]]]) -> None:
    """Where nothing else is found: Chinese names that end in two signs of the title."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    for words in book.tails.values():
        for word in words:
            if word[-2:] in pairs:
                for line in book.phrases[word]:
                    lines[line].append((6 / len(word) * 2, word))


def _apart(word: str, text: str) -> bool:
    """Whether the signs of a word stand in the text in their order, not far from each other."""
    at = text.find(word[0])
    if at < 0:
        return False
    place = at
    for sign in word[1:]:
        place = text.find(sign, place + 1)
        if place < 0:
            return False
    return place - at < len(word) + 4


def _by_index(said: wording.Said, facets: dict[str, dict[str, str]], book: Index) -> dict[str, Chosen]:
    chosen: dict[str, Chosen] = {}
    for line, names in _names(said, book).items():
        names.sort(reverse=True)
        worth = names[0][0] + 0.1 * sum(score for score, _ in names[1:4])
        entry = book.entries[line]
        for place, choice in enumerate(entry.choices):
            fit, words = _fit(choice, entry, facets, book)
            score = worth + fit - 0.4 * place
            why = tuple(dict.fromkeys((names[0][1], *words)))
            if choice.code not in chosen or chosen[choice.code].score < score:
                chosen[choice.code] = Chosen(score, why)
    if "baby" in facets.get("who", {}):
        _for_babies(facets, chosen)
    return chosen


def _fit(
    choice: Choice, entry: Entry, facets: dict[str, dict[str, str]], book: Index
) -> tuple[float, list[str]]:
    """How well what the title says agrees with what the code wants."""
    score, words = 0.0, []
    for group, values in choice.wants:
        told = facets.get(group, {})
        if not told:
            score += UNSAID if group not in ("mat", "who", "make", "frame") else 0.0
            continue
        fitting = [said for name, said in told.items() if book.facets[name].under & values]
        if not fitting and OTHER in values:
            fitting = [said for name, said in told.items() if not book.facets[name].under & entry.materials]
        score += FITS if fitting else SHUTS_OUT
        score += EXACTLY if values & told.keys() else 0.0
        words += fitting[:1]
    return score, words


def _for_babies(facets: dict[str, dict[str, str]], chosen: dict[str, Chosen]) -> None:
    """Clothes for babies have headings of their own, whatever the garment."""
    clothes = [one for code, one in chosen.items() if code[:2] in ("61", "62")]
    if not clothes:
        return
    best = max(clothes, key=lambda one: one.score)
    mats = facets.get("mat", {})
    order = [code for code in BABY_CODES if (code[4:] == "20") == ("cotton" in mats or not mats)]
    for place, code in enumerate(dict.fromkeys((*order, *BABY_CODES))):
        why = tuple(dict.fromkeys((*best.why, facets["who"]["baby"])))
        score = best.score + 2 - 0.5 * place
        if code not in chosen or chosen[code].score < score:
            chosen[code] = Chosen(score, why)


def _by_texts(said: wording.Said, facets: dict[str, dict[str, str]], chosen: dict[str, Chosen]) -> None:
    """The list's own words: a little weight beside the index, all of it where the index knows nothing."""
    asked = dict(zip(said.stems, said.weights, strict=True))
    for name in facets.get("mat", {}):
        asked.setdefault(name, 0.6)
    scores, whys = hs.by_words(asked)
    top = max(scores.values(), default=0.0)
    for code, score in scores.items():
        part = score / top
        if code in chosen:
            chosen[code].score += 1.5 * part
        else:
            chosen[code] = Chosen(5 * part * math.sqrt(part), whys[code])
