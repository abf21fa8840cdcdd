# SPDX-License-Identifier: Apache-2.0
"""DeepL, or whatever answers as it does: POST /v2/translate.

The glossary needs no set-up there: a shop's words are put in by us and fenced, and what is in the fence is to
be left alone (`ignore_tags`). So terms hold at once, for every pair of languages, whatever the source is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from silkcast.plumbing.engines import Engine
from silkcast.plumbing.http import HttpSettings, make_client
from silkcast.plumbing.settings import Secret
from silkcast.who.translations.errors import LanguageNotKnown, TranslationAway
from silkcast.who.translations.values import Rendering, Term

from .asking import asked
from .faithful import is_faithful
from .glossary import put_in

NAME = "deepl"
FREE, PAID = "https://api-free.deepl.com", "https://api.deepl.com"
MOST_TEXTS, MOST_LETTERS = 50, 30_000
"""At once: DeepL takes fifty texts and 128 KiB."""

_CODES = {"en": "EN-US", "zh": "ZH-HANS", "pt": "PT-PT", "no": "NB"}
"""Where the code of the target is not our tag in capitals."""
_TARGETS = frozenset(
    "ar bg cs da de el en en-GB es et fi fr he hu id it ja ko lt lv nb nl pl pt pt-BR ro ru sk sl sv th tr "
    "uk vi zh zh-Hant".split()
)
_FENCE = "keep"
_FENCED = re.compile(rf"</?{_FENCE}>")


@dataclass(frozen=True, slots=True)
class DeeplSettings:
    """The account. A key that ends in `:fx` is of the free plan, which has an address of its own."""

    key: Secret = Secret()
    address: str = ""
    """Of something else that answers like DeepL; empty: DeepL's own for the key."""
    timeout_seconds: int = 10


class Deepl:
    """Serves the port of translations."""

    name = NAME

    def __init__(self, settings: DeeplSettings) -> None:
        if not settings.key:
            raise ValueError("deepl needs a key")
        key = settings.key.reveal()
        self._client = make_client(
            HttpSettings(answer_timeout_seconds=settings.timeout_seconds),
            base_url=settings.address or (FREE if key.endswith(":fx") else PAID),
            headers={"authorization": f"DeepL-Auth-Key {key}", "content-type": "application/json"},
        )

    @property
    def languages(self) -> frozenset[str] | None:
        return _TARGETS

    async def translate(
        self, texts: Sequence[str], source: str | None, target: str, terms: Sequence[Term]
    ) -> Sequence[Rendering | None]:
        if target not in _TARGETS:
            raise LanguageNotKnown(target)
        made: list[Rendering | None] = []
        for some in _portions(texts):
            made += await self._portion(some, source, target, terms)
        return made

    async def _portion(
        self, texts: Sequence[str], source: str | None, target: str, terms: Sequence[Term]
    ) -> list[Rendering | None]:
        body: dict[str, Any] = {
            "text": [fenced(text, terms) for text in texts],
            "target_lang": _CODES.get(target, target.upper()),
            "tag_handling": "xml",
            "ignore_tags": [_FENCE],
            "preserve_formatting": True,
        }
        if source is not None:
            body["source_lang"] = source.split("-")[0].upper()
        told = await asked(self._client, "/v2/translate", body)
        answers = told.get("translations") if isinstance(told, dict) else None
        if not isinstance(answers, list) or len(answers) != len(texts):
            raise TranslationAway("not_understood")
        return [_read(text, one, source, terms) for text, one in zip(texts, answers, strict=True)]

    async def close(self) -> None:
        await self._client.aclose()


def _portions(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    some: list[str] = []
    for text in texts:
        if some and (len(some) == MOST_TEXTS or sum(map(len, some)) + len(text) > MOST_LETTERS):
            yield some
            some = []
        some.append(text)
    if some:
        yield some


def fenced(text: str, terms: Sequence[Term]) -> str:
    """As XML wants it, the glossary's words put over and in the fence."""
    return put_in(text, terms, meaning=lambda said: f"<{_FENCE}>{_escaped(said)}</{_FENCE}>", rest=_escaped)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _read(text: str, answer: Any, source: str | None, terms: Sequence[Term]) -> Rendering | None:
    if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
        raise TranslationAway("not_understood")
    made = html.unescape(_FENCED.sub("", answer["text"]))
    detected = str(answer.get("detected_source_language", "")).lower()
    if not is_faithful(put_in(text, terms), made):
        return None
    return Rendering(made, source or detected[:12])


ENGINE = Engine("translation", NAME, "DeepL, or what answers like it", DeeplSettings, Deepl)
