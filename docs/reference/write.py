# SPDX-License-Identifier: Apache-2.0
"""Writes the pages of the reference that follow from the code: `python docs/reference/write.py`.

`tests/house/test_docs.py` fails where a page is not what this would write.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import click

from silkcast.faces.cli import COMMANDS
from silkcast.faces.cli import main as group
from silkcast.faces.refusal_words import KINDS, SENTENCES
from silkcast.faces.refusing import STATUS
from silkcast.goods.duties import service as duties
from silkcast.ground.refusals import Refusal
from silkcast.main import SECTIONS, metadata
from silkcast.plumbing.engines import installed
from silkcast.plumbing.settings import Secret

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/reference/write.py; change the code, then run it. -->\n"


def pages() -> dict[str, str]:
    """{file name: its text}"""
    return {
        "settings.md": settings(),
        "commands.md": commands(),
        "duties.md": duty_rules(),
        "refusals.md": refusals(),
    }


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def settings() -> str:
    """Every section, by its dataclass; words are the docstring under each field."""
    parts = [
        "# Settings",
        NOTE,
        "One TOML file (`--config FILE`, or the one that `SILKCAST_CONFIG` names) and the environment, which wins. The "
        "variable of `[site] port` is `SILKCAST_SITE__PORT`, that of `[payment.stripe] secret_key` is "
        "`SILKCAST_PAYMENT__STRIPE__SECRET_KEY`. A name that nobody knows is refused. `silkcast config` shows every value "
        "and where it comes from.",
    ]
    sections: dict[str, type] = {**SECTIONS}
    labels = {}
    for engine in installed():
        sections[f"{engine.kind}.{engine.name}"] = engine.settings
        labels[f"{engine.kind}.{engine.name}"] = engine.label
    for name, kind in sections.items():
        parts.append(f"## [{name}]")
        if name in labels:
            parts.append(f"{labels[name]}. Known where `[engines]` chooses it.")
        rows = ["| key | kind | default | |", "|---|---|---|---|"]
        words = field_words(kind)
        hints = get_type_hints(kind)
        for field in dataclasses.fields(kind):
            said = cell(words.get(field.name, ""))
            rows.append(f"| `{field.name}` | {kind_words(hints[field.name])} | {default(field)} | {said} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def kind_words(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and "[" not in str(hint) else str(hint)
    for long in ("pathlib._local.", "pathlib.", "typing.", "decimal.", "silkcast.plumbing.settings.loading."):
        text = text.replace(long, "")
    return cell(f"`{text}`") if "|" not in text else cell(text)


def default(field: dataclasses.Field[Any]) -> str:
    value = field.default
    if value is dataclasses.MISSING and field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    if value is dataclasses.MISSING:
        return "must be set"
    if isinstance(value, Secret):
        return "none, secret"
    if isinstance(value, tuple):
        value = ", ".join(str(one) for one in value)
    if value == "" or value is None:
        return "empty"
    return f"`{value}`"


def field_words(kind: type) -> dict[str, str]:
    """The strings that stand under the fields of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[before.target.id] = str(after.value.value)
    return found


def commands() -> str:
    parts = ["# Commands", NOTE, "`silkcast COMMAND --help` says the same."]
    for name, (_, line) in COMMANDS.items():
        command = group.get_command(click.Context(group), name)  # type: ignore[attr-defined]
        if command is None:
            continue
        parts.append(f"## silkcast {name}")
        parts.append(line)
        for path, one in flattened(f"silkcast {name}", command):
            with click.Context(one, info_name=path, terminal_width=100, max_content_width=100) as context:
                parts.append(f"```text\n{one.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


def flattened(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, one in sorted(command.commands.items()):
        yield from flattened(f"{path} {name}", one)


def refusals() -> str:
    """Every refusal there is, with its sentence and its number in HTTP."""
    metadata()
    sentences = dict(KINDS)
    rows = ["| code | HTTP | what people read |", "|---|---|---|"]
    known = {one.code: one for one in below(Refusal) if "code" in vars(one) and "." in one.code}
    for code, one in sorted(known.items()):
        number = next(number for kind, number in STATUS if issubclass(one, kind))
        said = SENTENCES.get(code) or next(
            words for kind, words in sentences.items() if issubclass(one, kind)
        )
        rows.append(f"| `{code}` | {number} | {cell(said)} |")
    words = (
        "What the house refuses it refuses with a stable code. The API answers with it as problem+json (`code`, with "
        "typed `facts`), pages with the sentence, in the reader's language."
    )
    return "\n\n".join(["# Refusals", NOTE, words, "\n".join(rows)]) + "\n"


def duty_rules() -> str:
    """Every market rules are kept for: since when, for which goods, how sure, what is refused."""
    rows = [
        "| market | rules | goods | rows read in a source | general knowledge | refusals |",
        "|---|---|---|---|---|---|",
    ]
    for market in duties.markets():
        for rules in duties.rule_sets(market):
            marks = [row.mark for part in rules.components for row in part.rows]
            until = f" to {rules.span.last}" if rules.span.last else ""
            goods = "by row" if duties.covers_all(rules) else f"{len(rules.covers or ())} beginnings of codes"
            codes = ", ".join(f"`{code}`" for code in dict.fromkeys(limit.code for limit in rules.limits))
            rows.append(
                f"| {market} | {cell(rules.name)}, in {rules.currency}, from {rules.span.first}{until} | {goods} "
                f"| {marks.count('verified')} | {marks.count('knowledge')} | {codes} |"
            )
    words = (
        "What `silkcast/packs/*/duties.yaml` holds. **By row**: a flat rate or a relief may speak for all goods inside its "
        "threshold; goods that no row of duty takes are refused as `duty_rate_unknown`. General knowledge must be "
        "checked before use. None of it is legal advice. Each file says what was left out of it and why."
    )
    return "\n\n".join(["# Rules of duty and tax", NOTE, words, "\n".join(rows)]) + "\n"


def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("silkcast."):
            yield one
        yield from below(one)


if __name__ == "__main__":
    stale = []
    for name, text in pages().items():
        page = HERE / name
        if "--check" in sys.argv:
            stale += [name] if not page.exists() or page.read_text(encoding="utf-8") != text else []
            continue
        page.write_text(text, encoding="utf-8")
    sys.exit(f"out of date: {', '.join(stale)}; run python docs/reference/write.py" if stale else 0)
