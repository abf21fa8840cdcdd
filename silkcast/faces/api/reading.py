# SPDX-License-Identifier: Apache-2.0
"""Reading: the document as a page shows it, worked out before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A component: its fields, and where it is."""

    name: str
    about: str
    fields: Sequence[Field]
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    about: str
    scope: str
    parameters: Sequence[Field]
    takes: str
    gives: str
    status: str
    refuses: Sequence[tuple[str, str]]
    curl: str


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str
    operations: Sequence[Operation]


@dataclass(frozen=True, slots=True)
class Docs:
    title: str
    about: Sequence[str]
    chapters: Sequence[Chapter]
    shapes: Sequence[Shape]


def read_document(document: Mapping[str, Any]) -> Docs:
    """The document, chapter by chapter."""
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    chapters: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = operation.get("tags", ["Other"])[0]
            chapters.setdefault(name, []).append(_operation(path, method, operation, schemas))
    return Docs(
        title=document["info"]["title"],
        about=document["info"].get("description", "").split("\n\n"),
        chapters=[Chapter(name, found) for name, found in chapters.items()],
        shapes=[_shape(name, schema) for name, schema in sorted(schemas.items()) if "properties" in schema],
    )


def _operation(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    responses = operation["responses"]
    good = next((status for status in responses if status.startswith("2")), "")
    takes = _kind_in(operation.get("requestBody", {}).get("content", {}))
    scopes = [scope for entry in operation.get("security", ()) for some in entry.values() for scope in some]
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        about=operation.get("description", ""),
        scope=scopes[0] if scopes else "",
        parameters=[_parameter(one) for one in operation.get("parameters", ())],
        takes=takes,
        gives=_kind_in(responses.get(good, {}).get("content", {})),
        status=good,
        refuses=[(status, said["description"]) for status, said in responses.items() if status >= "400"],
        curl=_curl(path, method, operation, schemas.get(takes, {}), is_open=not scopes),
    )


def _curl(
    path: str, method: str, operation: Mapping[str, Any], schema: Mapping[str, Any], *, is_open: bool
) -> str:
    lines = [f"curl -X {method.upper()} https://shop.example{path}"]
    if not is_open:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            lines.append(f'-H "{parameter["name"]}: …"')
    if examples := schema.get("examples"):
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{json.dumps(examples[0], ensure_ascii=False)}'")
    return " \\\n  ".join(lines)


def _kind_in(content: Mapping[str, Any]) -> str:
    for media, said in content.items():
        kind = _kind(said.get("schema", {}))
        return media if kind in ("text", "") and media != "application/json" else kind
    return ""


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " or ".join(_kind(one) for one in schema[several])
    if "enum" in schema:
        return " · ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"by name: {_kind(schema['additionalProperties'])}"
    if isinstance(kind, list):
        return " or ".join(str(one) for one in kind)
    return str(schema.get("format") or {"string": "text", "integer": "whole number"}.get(kind, kind))


def _parameter(parameter: Mapping[str, Any]) -> Field:
    place = {"query": "in the query", "path": "in the path", "header": "header"}[parameter["in"]]
    kind = _kind(parameter.get("schema", {}))
    return Field(
        parameter["name"],
        f"{kind}, {place}",
        bool(parameter.get("required")),
        parameter.get("description", "") or parameter.get("schema", {}).get("description", ""),
    )


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    examples = schema.get("examples") or [None]
    return Shape(
        name,
        schema.get("description", ""),
        [
            Field(field, _kind(of), field in required, of.get("description", ""))
            for field, of in schema["properties"].items()
        ],
        json.dumps(examples[0], indent=2, ensure_ascii=False) if examples[0] else "",
    )
