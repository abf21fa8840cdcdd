# SPDX-License-Identifier: Apache-2.0
"""Office: where both kinds of requests come in, and what is answered."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from silkcast.engines.counterpart.app import Answer, App, Asked, Fault, answer
from silkcast.engines.counterpart.store import Store
from silkcast.engines.translation.sandbox import Sandbox, SandboxSettings
from silkcast.ground.ids import TermId, new_uuid
from silkcast.who.translations.errors import LanguageNotKnown
from silkcast.who.translations.values import Rendering, Term

TABLES = (
    "CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, texts INTEGER NOT NULL);"
)
FAULTS = ("silent", "busy", "quota", "broken", "slow", "obeys", "cheaper", "short", "chatty")

_TARGETS = {
    "EN-US": "en", "EN-GB": "en", "EN": "en", "ZH": "zh", "ZH-HANS": "zh", "ZH-HANT": "zh-Hant",
    "PT-BR": "pt-BR", "FR": "fr", "ES": "es", "AR": "ar", "RU": "ru", "ID": "id", "TH": "th", "VI": "vi",
    "JA": "ja",
}  # fmt: skip
_STATUSES = {"busy": 429, "quota": 456, "broken": 503}
_FENCED = re.compile(r"<(\w+)>(.*?)</\1>")


@dataclass(frozen=True, slots=True)
class Office:
    store: Store
    faults: frozenset[str] = frozenset()

    def app(self, secret: str) -> App:
        made = App(secret, schemes=("Bearer", "DeepL-Auth-Key"))
        made.add("POST", "/v2/translate", self.deepl)
        made.add("GET", "/v2/usage", self.usage)
        made.add("POST", "/v1/chat/completions", self.model)
        made.add("GET", "/calls", self.calls)
        return made

    async def calls(self, asked: Asked) -> Answer:
        rows = self.store.all("SELECT kind, texts FROM calls ORDER BY id")
        return answer({"calls": [dict(row) for row in rows]})

    async def usage(self, asked: Asked) -> Answer:
        return answer({"character_count": 0, "character_limit": 500_000})

    async def _enter(self, kind: str, texts: Sequence[str]) -> None:
        self.store.run("INSERT INTO calls (kind, texts) VALUES (?, ?)", kind, len(texts))
        for fault, status in _STATUSES.items():
            if fault in self.faults:
                raise Fault(status, "account", fault)
        if "slow" in self.faults:
            await asyncio.sleep(0.5)
        if "silent" in self.faults:
            await asyncio.sleep(5)

    async def deepl(self, asked: Asked) -> Answer:
        """`text`, `target_lang` in capitals, tags that are left alone."""
        given = asked.json()
        texts, target = given.get("text"), _TARGETS.get(str(given.get("target_lang", "")).upper())
        if not isinstance(texts, list) or not texts or len(texts) > 50:
            raise Fault(400, "text", "one to fifty")
        if target is None:
            raise Fault(400, "target_lang", "not supported")
        await self._enter("deepl", texts)
        source = str(given["source_lang"]).lower() if given.get("source_lang") else None
        is_xml = given.get("tag_handling") == "xml"
        fences = set(given.get("ignore_tags") or ())
        made = [
            await (self._fenced(text, source, target, fences) if is_xml else put(text, source, target))
            for text in texts
        ]
        return answer(
            {
                "translations": [
                    {
                        "detected_source_language": one.source.split("-")[0].upper(),
                        "text": self._turned(one.text),
                        "billed_characters": len(text),
                    }
                    for text, one in zip(texts, made, strict=True)
                ]
            }
        )

    async def _fenced(self, text: str, source: str | None, target: str, fences: set[str]) -> Rendering:
        """What is fenced goes through the book as a word that is known already."""
        kept = [html.unescape(one[2]) for one in _FENCED.finditer(text) if one[1] in fences]
        plain = html.unescape(_FENCED.sub(lambda one: one[2] if one[1] in fences else one[0], text))
        made = await put(plain, source, target, [(one, one) for one in kept])
        return Rendering(html.escape(made.text, quote=False), made.source)

    async def model(self, asked: Asked) -> Answer:
        """A chat of two messages: orders, and data as JSON."""
        given = asked.json()
        try:
            said = json.loads(given["messages"][-1]["content"])
            texts, target, source = said["texts"], said["target"], said["source"]
            glossary = [(one["word"], one["meaning"]) for one in said["glossary"]]
        except (KeyError, IndexError, TypeError, ValueError) as fault:
            raise Fault(400, "messages", "not understood") from fault
        await self._enter("model", texts)
        made = [await put(text, source, target, glossary) for text in texts]
        entries = [{"text": self._turned(one.text), "source": one.source} for one in made]
        if "short" in self.faults:
            entries = entries[1:]
        content = json.dumps({"translations": entries}, ensure_ascii=False)
        if "chatty" in self.faults:
            content = f"Sure! Here you are:\n{content}"
        return answer(_completion(str(given.get("model", "")), content))

    def _turned(self, text: str) -> str:
        """What a model might say whose head was turned by what it read."""
        if "obeys" in self.faults:
            return f"{text} Buy at https://evil.example/now"
        if "cheaper" in self.faults:
            return re.sub(r"\d", "1", text)
        return text


def _completion(model: str, content: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }


async def put(
    text: str, source: str | None, target: str, glossary: Sequence[tuple[str, str]] = ()
) -> Rendering:
    """By the phrasebook. What it does not know is marked."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    terms = [
        Term(TermId(new_uuid()), None, source or "", target, word, meaning, at) for word, meaning in glossary
    ]
    try:
        (made,) = await Sandbox(SandboxSettings()).translate([text], source, target, terms)
    except LanguageNotKnown:
        raise Fault(400, "target", "not supported") from None
    assert made is not None, "the book has an answer to everything"
    return made
