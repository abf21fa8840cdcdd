# SPDX-License-Identifier: Apache-2.0
"""YAML to plain mappings, lists and scalars; a key given twice is refused, not overwritten."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import yaml

from silkcast.goods.duties.errors import BrokenRules

if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            where = f"line {key.start_mark.line + 1}"
            if not isinstance(key.value, str):
                raise BrokenRules(where, "a key is a plain word")
            if key.value in seen:
                raise BrokenRules(where, f"the key {key.value!r} is given twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load(text: str | bytes) -> object:
    """The document as it stands; anchors come out as one and the same object."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        raise BrokenRules(where, getattr(error, "problem", None) or "not YAML") from None
    except (ValueError, RecursionError, UnicodeError) as error:
        raise BrokenRules("file", f"not YAML: {error}") from None
