# SPDX-License-Identifier: Apache-2.0
"""Translating: look in the memory, ask the engine outside of any transaction, keep what it made.

Who asks for what is being asked for already waits for that answer: a line that a thousand viewers want at
once is one call. What more callers want than the engine keeps up with is refused: their pages show
originals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from silkcast.ground.ids import SellerId
from silkcast.ground.refusals import Refusal
from silkcast.ground.scripts import source_of
from silkcast.plumbing.db import Database
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import Busy, LanguageNotKnown, NotTranslated, TooLong, TranslationAway
from silkcast.who.translations.port import Translator
from silkcast.who.translations.values import Looked, Translated

log = structlog.get_logger()
MOST_LETTERS = 8_000
"""Of one text."""
PATIENCE_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text, and the language it is said to be in; the text's own letters may speak against that."""

    text: str
    said: str = ""


@dataclass(slots=True)
class Translating:
    """Where texts are handed in. One for the process."""

    database: Database
    translator: Translator | None
    most_calls: int = 4
    """To the engine at once."""
    most_waiting: int = 24
    """Calls that wait for their turn; what comes then is refused."""
    _flying: dict[bytes, asyncio.Future[Translated | None]] = field(default_factory=dict)
    _calls: int = 0
    _turn: asyncio.Semaphore | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def is_there(self) -> bool:
        return self.translator is not None

    def speaks(self, language: str) -> bool:
        """Whether anything can be put into this language."""
        there = self.translator.languages if self.translator else frozenset()
        return there is None or language in there

    async def one(self, wanted: Wanted, target: str, *, seller: SellerId | None = None) -> Translated:
        """A text in another language, or why not."""
        made = (await self.many([wanted], target, seller=seller))[0]
        if made is None:
            raise NotTranslated()
        return made

    async def many(
        self, wanted: Sequence[Wanted], target: str, *, seller: SellerId | None = None
    ) -> list[Translated | None]:
        """Several in their places, None where the engine's answer was not true to the text."""
        engine = self._engine(target)
        if any(len(one.text) > MOST_LETTERS for one in wanted):
            raise TooLong(MOST_LETTERS)
        by_source: dict[str | None, list[str]] = {}
        for one in wanted:
            texts = by_source.setdefault(source_of(one.text, one.said), [])
            if one.text not in texts:
                texts.append(one.text)
        groups = [self._group(engine, source, target, texts, seller) for source, texts in by_source.items()]
        found = dict(zip(by_source, await asyncio.gather(*groups), strict=True))
        return [found[source_of(one.text, one.said)].get(one.text) for one in wanted]

    def _engine(self, target: str) -> Translator:
        if self.translator is None:
            raise TranslationAway("none")
        if not self.speaks(target):
            raise LanguageNotKnown(target)
        return self.translator

    async def _group(
        self,
        engine: Translator,
        source: str | None,
        target: str,
        texts: Sequence[str],
        seller: SellerId | None,
    ) -> Mapping[str, Translated]:
        async with self.database.read() as db:
            looked = await translations.look(
                db, texts, source=source, target=target, engine=engine.name, seller=seller
            )
        if looked.unread:
            async with self.database.write() as tx:
                await translations.touch(tx, looked.unread)
        missing = [text for text in texts if text not in looked.known]
        if not missing:
            return looked.known
        asked = self._asked(engine, source, target, missing, looked)
        await asyncio.wait(asked.values(), timeout=PATIENCE_SECONDS)
        return {**looked.known, **_landed(asked)}

    def _asked(
        self, engine: Translator, source: str | None, target: str, missing: Sequence[str], looked: Looked
    ) -> Mapping[str, asyncio.Future[Translated | None]]:
        """The answers to come: those under way already, and one call for all others."""
        fresh = [text for text in missing if looked.keys[text] not in self._flying]
        if fresh:
            if self._calls >= self.most_calls + self.most_waiting:
                raise Busy(2)
            for text in fresh:
                future: asyncio.Future[Translated | None] = asyncio.get_running_loop().create_future()
                # who asked may be gone by then: a fault that nobody waits for is no fault of the loop's
                future.add_done_callback(lambda done: done.cancelled() or done.exception())
                self._flying[looked.keys[text]] = future
            # a task of its own: the first to ask may leave, others wait for the same
            self._calls += 1
            task = asyncio.create_task(self._call(engine, source, target, fresh, looked))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return {text: self._flying[looked.keys[text]] for text in missing}

    async def _call(
        self, engine: Translator, source: str | None, target: str, texts: Sequence[str], looked: Looked
    ) -> None:
        """Ask the engine, keep its answers, then hand them to whoever waits."""
        keys = [looked.keys[text] for text in texts]
        try:
            async with self._turns():
                made = await engine.translate(texts, source, target, looked.terms)
            at = self.database.clock.now()
            found = {
                key: Translated(one.text, target, one.source, engine.name, at)
                for key, one in zip(keys, made, strict=True)
                if one is not None
            }
            async with self.database.write() as tx:
                await translations.keep(tx, found)
        except Refusal as refusal:
            log.info("translation.refused", engine=engine.name, code=refusal.code, **refusal.facts())
            self._end(keys, refusal)
        except BaseException as fault:
            log.error("translation.failed", engine=engine.name, exc_info=fault)
            self._end(keys, TranslationAway("failed"))
            if not isinstance(fault, Exception):
                raise
        else:
            for key in keys:
                self._flying.pop(key).set_result(found.get(key))
        finally:
            self._calls -= 1

    def _turns(self) -> asyncio.Semaphore:
        if self._turn is None:
            self._turn = asyncio.Semaphore(self.most_calls)
        return self._turn

    def _end(self, keys: Sequence[bytes], refusal: Refusal) -> None:
        for key in keys:
            self._flying.pop(key).set_exception(refusal)


def _landed(asked: Mapping[str, asyncio.Future[Translated | None]]) -> dict[str, Translated]:
    """What came; the first refusal if any."""
    found = {}
    for text, future in asked.items():
        if not future.done():
            raise TranslationAway("silent")
        made = future.result()
        if made is not None:
            found[text] = made
    return found
