# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, made_with


class ClosureRow(Base):
    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("open_orders IN ('finish', 'refund')", name="open_orders_known"),
        CheckConstraint("ends_at > begins_at", name="not_backwards"),
        Index("one_closure_a_market", "market", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("closures_in_time", "made_at", "id"),
        {"schema": "closings"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str] = mapped_column(Text)
    open_orders: Mapped[str] = mapped_column(String(8))
    link: Mapped[str] = mapped_column(Text)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    ended_by: Mapped[UUID | None]


# One way to the server and back, and the look comes after the wait: each statement of a function that may
# change things sees what was committed before it began. In one plain statement it would see what was there
# before the wait.
made_with(
    ClosureRow.__table__,
    """
CREATE OR REPLACE FUNCTION closings.gate_of(market text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT hashtextextended('closings/' || market, 0) $$;
""",
    """
CREATE OR REPLACE FUNCTION closings.pass(asked text[], moment timestamptz, waits boolean)
    RETURNS TABLE (closed_market text, closure_id uuid) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    code text;
BEGIN
    FOR code IN SELECT DISTINCT one FROM unnest(asked) AS one ORDER BY one LOOP
        IF waits THEN
            PERFORM pg_advisory_xact_lock_shared(closings.gate_of(code));
        ELSIF NOT pg_try_advisory_xact_lock_shared(closings.gate_of(code)) THEN
            RETURN QUERY SELECT code, NULL::uuid;
        END IF;
    END LOOP;
    RETURN QUERY SELECT closure.market::text, closure.id FROM closings.closures AS closure
        WHERE closure.ended_at IS NULL AND closure.market = ANY(asked)
            AND (closure.begun_at IS NOT NULL OR closure.begins_at <= moment)
            AND (closure.ends_at IS NULL OR moment < closure.ends_at);
END $$;
""",
)
