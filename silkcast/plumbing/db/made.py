# SPDX-License-Identifier: Apache-2.0
"""What is made with a table: functions, settings, and triggers for promises that no check can keep. A
migration runs the same text."""

from __future__ import annotations

from sqlalchemy import DDL, FromClause, Table, event


def made_with(table: FromClause, *statements: str) -> None:
    """Run these when the table is made, in this order."""
    for statement in statements:
        # DDL formats its text with %, so a plain % is written twice.
        event.listen(table, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]


def vacuumed_after_changes(table: FromClause) -> None:
    """Rows that come by the hundred thousand within a minute and each change once, soon after: to vacuum them
    before that is for nothing, and in the middle of a rush it takes half of the speed."""
    assert isinstance(table, Table)
    name = f"{table.schema}.{table.name}"
    made_with(table, f"ALTER TABLE {name} SET (autovacuum_vacuum_insert_threshold = -1)")


def only_added_to(table: FromClause) -> None:
    """The database refuses to change a row, to remove one and to empty the table, whoever asks."""
    assert isinstance(table, Table)
    schema, name = table.schema, table.name
    made_with(
        table,
        f"""
CREATE OR REPLACE FUNCTION {schema}.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{schema}.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""",
        f"""
CREATE TRIGGER {name}_written_once BEFORE UPDATE OR DELETE ON {schema}.{name}
    FOR EACH ROW EXECUTE FUNCTION {schema}.written_once();
""",
        f"""
CREATE TRIGGER {name}_never_emptied BEFORE TRUNCATE ON {schema}.{name}
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.written_once();
""",
    )
