# SPDX-License-Identifier: Apache-2.0
"""Tables lie in the schema of their module, and point down or at their own."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase

from silkcast.main import metadata
from silkcast.plumbing.db import Base

HEIGHT = {
    "plumbing": 0,
    "who": 1,
    "money": 1,
    "goods": 2,
    "trade": 3,
    "stage": 4,
    "watch": 5,
    "flows": 6,
    "faces": 7,
}


def places(base: type[DeclarativeBase]) -> dict[str, tuple[str, str]]:
    """{schema: (floor, module)}, from where each table's class is written."""
    found: dict[str, tuple[str, str]] = {}
    for mapper in base.registry.mappers:
        parts = mapper.class_.__module__.split(".")
        schema = mapper.local_table.schema  # type: ignore[attr-defined]
        if parts[0] == "silkcast" and schema:
            found[schema] = (parts[1], parts[2])
    return found


def pointing_wrong(tables: MetaData, floors: dict[str, str]) -> list[str]:
    """Foreign keys that point up, or sideways to a neighbour."""
    return [
        f"{table.fullname}.{key.parent.name} -> {key.target_fullname}"
        for table in tables.tables.values()
        for key in table.foreign_keys
        if (target := key.target_fullname.split(".")[0]) != table.schema
        and HEIGHT[floors[target]] >= HEIGHT[floors[table.schema or ""]]
    ]


def test_foreign_keys_point_down_or_to_their_own() -> None:
    tables = metadata()
    floors = {schema: floor for schema, (floor, _) in places(Base).items()}
    assert pointing_wrong(tables, floors) == []


@pytest.mark.parametrize("target", ["orders.order", "catalog.product"])
def test_a_key_that_points_up_or_sideways_is_caught(target: str) -> None:
    tables = MetaData()
    for schema, name in (("orders", "order"), ("catalog", "product"), ("sellers", "seller")):
        Table(name, tables, Column("id", Integer, primary_key=True), schema=schema)
    keys = [Column(f"ref{n}", ForeignKey(f"{to}.id")) for n, to in enumerate([target, "sellers.seller"])]
    Table("level", tables, Column("id", Integer, primary_key=True), *keys, schema="stock")
    floors = {"orders": "trade", "catalog": "goods", "sellers": "who", "stock": "goods"}
    assert pointing_wrong(tables, floors) == [f"stock.level.ref0 -> {target}.id"]


def test_a_table_lies_in_the_schema_of_its_module() -> None:
    metadata()
    for schema, (floor, module) in places(Base).items():
        if floor not in ("plumbing", "flows", "faces"):
            assert schema == module


def test_every_table_names_a_schema_and_every_relation_is_asked_for() -> None:
    assert [name for name, table in metadata().tables.items() if table.schema is None] == []
    for mapper in Base.registry.mappers:
        for relation in mapper.relationships:
            assert relation.lazy == "raise", f"{mapper.class_.__name__}.{relation.key}"
