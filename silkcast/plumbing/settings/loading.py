# SPDX-License-Identifier: Apache-2.0
"""Loads sections, checks every value, and remembers where each came from."""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

T = TypeVar("T")
PREFIX = "SILKCAST_"
FILE_VARIABLE = "SILKCAST_CONFIG"
MASK = "••••••"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class Secret:
    """A text that is never shown: not by str, repr or format, only by `reveal()`."""

    __slots__ = ("_plain",)

    def __init__(self, plain: str = "") -> None:
        self._plain = plain

    def reveal(self) -> str:
        return self._plain

    def __bool__(self) -> bool:
        return bool(self._plain)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._plain == self._plain

    def __hash__(self) -> int:
        return hash(self._plain)

    def __repr__(self) -> str:
        return MASK if self._plain else "(none)"


class BadSettings(Exception):
    """Everything that is wrong with the settings, one line each, in `problems`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from, in words for the operator: `default`, a file, a variable."""

    kind: Literal["default", "file", "environment"]
    where: str = ""

    def __str__(self) -> str:
        return self.where or self.kind


@dataclass(frozen=True, slots=True)
class Value:
    """One setting as `silkcast config` shows it; a secret's value is a `Secret`, which does not show."""

    section: str
    key: str
    value: Any
    origin: Origin

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return _variable(self.section, self.key)


class Settings:
    """All sections, by name: `settings.section("database", DatabaseSettings)`."""

    def __init__(self, sections: Mapping[str, Any], values: Iterable[Value]) -> None:
        self._sections = dict(sections)
        self.values = tuple(values)

    def section(self, name: str, kind: type[T]) -> T:
        found = self._sections[name]
        assert isinstance(found, kind)
        return found

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)


def load_settings(
    sections: Mapping[str, type],
    *,
    file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    are_all: bool = True,
) -> Settings:
    """Read `file` (or the one `SILKCAST_CONFIG` names) and the environment into the sections. A name with a
    dot is a table within a table: `[payment.stripe]`, or `SILKCAST_PAYMENT__STRIPE__…`. Where these are not
    all the sections there are, names that nobody knows are left for a second reading."""
    if file is None and environ.get(FILE_VARIABLE):
        file = Path(environ[FILE_VARIABLE])
    problems: list[str] = []
    written = _read_file(file, problems)
    known = {(name, field.name) for name, kind in sections.items() for field in dataclasses.fields(kind)}
    if are_all:
        _refuse_unknown_keys(written, set(sections), known, file, problems)
        _refuse_unknown_variables(environ, known, problems)
    made: dict[str, Any] = {}
    values: list[Value] = []
    for name, kind in sections.items():
        found = [
            _value(name, field, kind, written, environ, file, problems) for field in dataclasses.fields(kind)
        ]
        values += found
        if not problems:
            try:
                made[name] = kind(**{value.key: value.value for value in found})
            except ValueError as fault:  # what the section's own __post_init__ has to say
                problems.append(f"[{name}]: {fault}")
    if problems:
        raise BadSettings(problems)
    return Settings(made, values)


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section.replace('.', '__')}__{key}".upper()


def _read_file(file: Path | None, problems: list[str]) -> dict[tuple[str, str], Any]:
    """{(section, key): value}, tables within tables flattened into dotted section names."""
    if file is None:
        return {}
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        problems.append(f"{file}: {fault.strerror}")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        problems.append(f"{file}: {fault}")
        return {}
    flat: dict[tuple[str, str], Any] = {}

    def flatten(table: Mapping[str, Any], section: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                flatten(value, f"{section}.{key}" if section else key)
            else:
                flat[section, key] = value

    flatten(content, "")
    return flat


def _refuse_unknown_keys(
    written: Mapping[tuple[str, str], Any],
    sections: set[str],
    known: set[tuple[str, str]],
    file: Path | None,
    problems: list[str],
) -> None:
    names = {f"{section}.{key}": (section, key) for section, key in known}
    for section, key in written:
        if (section, key) in known:
            continue
        if section in sections:
            near = _nearest(key, [name for where, name in known if where == section])
        else:
            near = _nearest(f"{section}.{key}", names)
        problems.append(f"{file}: nobody knows [{section}] {key}{near}")


def _refuse_unknown_variables(
    environ: Mapping[str, str], known: set[tuple[str, str]], problems: list[str]
) -> None:
    variables = {_variable(section, key) for section, key in known}
    for name in environ:
        if name.startswith(PREFIX) and name not in variables and name != FILE_VARIABLE:
            problems.append(f"nobody knows the variable {name}{_nearest(name, variables)}")


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def _value(
    section: str,
    field: dataclasses.Field[Any],
    kind: type,
    written: Mapping[tuple[str, str], Any],
    environ: Mapping[str, str],
    file: Path | None,
    problems: list[str],
) -> Value:
    wanted = typing.get_type_hints(kind)[field.name]
    variable = _variable(section, field.name)
    if variable in environ:
        origin = Origin("environment", variable)
        raw: Any = _from_text(environ[variable], wanted)
    elif (section, field.name) in written:
        origin = Origin("file", str(file))
        raw = written[section, field.name]
    else:
        default = _default(field)
        if default is dataclasses.MISSING:
            problems.append(f"[{section}] {field.name} must be set, here or as {variable}")
        return Value(section, field.name, default, Origin("default"))
    try:
        converted = msgspec.convert(raw, wanted, strict=origin.kind == "file", dec_hook=_convert)
    except (msgspec.ValidationError, ValueError) as fault:
        said = str(fault) if not _is_secret(wanted) else "not a text"
        problems.append(f"{origin}: [{section}] {field.name}: {said}")
        converted = None
    return Value(section, field.name, converted, origin)


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return dataclasses.MISSING


def _from_text(text: str, wanted: Any) -> Any:
    """Text of the environment as the file would have it: lists by commas, yes and no, nothing for none."""
    options = typing.get_args(wanted) if isinstance(wanted, types.UnionType) else (wanted,)
    if type(None) in options and not text:
        return None
    if any(typing.get_origin(option) in (tuple, list, frozenset) for option in options):
        return [part.strip() for part in text.split(",") if part.strip()]
    if bool in options and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    return text


def _convert(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    if issubclass(kind, Path) and isinstance(value, str):
        return Path(value).expanduser()
    raise ValueError(f"expected {kind.__name__}")


def _is_secret(wanted: Any) -> bool:
    return wanted is Secret or Secret in typing.get_args(wanted)
