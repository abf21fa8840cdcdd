# SPDX-License-Identifier: Apache-2.0
"""`make words`: every sentence of Python, templates and scripts into the catalogs, translations kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from silkcast.faces.words import catalog
from silkcast.plumbing import tongues

ROOT = Path(__file__).parents[3]
_DATED = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Report-Msgid',
    '"Generated-By',
    "# FIRST AUTHOR",
    "# Copyright",
    "# This file is distributed",
)
"""Lines that change with every run and say nothing: two branches would always meet in them."""


def gathered() -> Catalog:
    """The sentences as the sources say them now, each with the files it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog(project="Silkcast", charset="utf-8", fuzzy=False)
    for name, place in carriers_names():
        template.add(name, locations=[(place, 1)])
    for folder in ("silkcast", "web/src"):
        found = extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            {pattern.removeprefix(f"{folder}/"): chosen for pattern, chosen in options.items()},
            keywords=DEFAULT_KEYWORDS,
            comment_tags=("Translators:",),
        )
        for name, _line, message, comments, _context in found:
            template.add(message, locations=[(f"{folder}/{name}", 1)], auto_comments=comments)
    return template


def carriers_names() -> Iterator[tuple[str, str]]:
    """What services of carriers are called: written in their data, said on pages."""
    files = [*ROOT.glob("silkcast/packs/*/carriers.yaml"), *ROOT.glob("silkcast/engines/carrier/data/*.yaml")]
    for path in sorted(files):
        yield from ((name, path.relative_to(ROOT).as_posix()) for name in _names_in(path))


def _names_in(path: Path) -> Iterator[str]:
    """The English of every `name: {en: …}`, however deep it stands."""
    left = [yaml.safe_load(path.read_text(encoding="utf-8"))]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            name = one.get("name")
            if isinstance(name, dict) and "en" in name:
                yield name["en"]
            left += one.values()
        elif isinstance(one, list):
            left += one


def update(language: str, template: Catalog) -> Catalog:
    """The language's catalog with the sentences of `template`; those gone are dropped, none is guessed."""
    path = catalog.source(language)
    if path.exists():
        kept = catalog.read(language)
    else:
        kept = Catalog(locale=language.replace("-", "_"), project="Silkcast", domain=catalog.DOMAIN)
    kept.update(template, no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.fuzzy = False
    return kept


def write(language: str, kept: Catalog) -> None:
    path = catalog.source(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = io.BytesIO()
    write_po(whole, kept, width=100, sort_output=True, include_lineno=False)
    lines = whole.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(_DATED)), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(catalog.compiled(language))


def missing(kept: Catalog) -> list[str]:
    """Sentences without a translation in full."""
    lacking = []
    for message in kept:
        if not message.id:
            continue
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if not forms or not all(forms):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def main() -> None:
    template = gathered()
    for language, tongue in tongues.known().items():
        kept = update(language, template)
        write(language, kept)
        lacking = [] if language == "en" else missing(kept)
        mark = " (made by machine, no speaker has confirmed it)" if tongue.is_machine_made else ""
        print(f"{language}: {len(kept)} sentences, {len(lacking)} without a translation{mark}")
        for sentence in lacking:
            print(f"   {sentence}")


if __name__ == "__main__":
    main()
