# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class AnswerRow(Base):
    __tablename__ = "answers"
    __table_args__ = (Index("answers_by_age", "at"), {"schema": "answers"})

    asker: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int] = mapped_column(server_default="0")
    body: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    at: Mapped[datetime]
