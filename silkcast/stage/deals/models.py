# SPDX-License-Identifier: Apache-2.0
"""Tables of deals, with the checks that keep its promises."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, made_with, vacuumed_after_changes

from .functions import CLAIM_AT_ONCE, FIND_CLAIMS, WRITE_CLAIMS

UNCLOSED = "hold IS NOT NULL AND closed_at IS NULL"
"""Lanes with units that have not all found their place."""


class DealRow(Base):
    __tablename__ = "deals"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'launched', 'ended', 'called_off')", name="state"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL) AND starts_at < ends_at", name="times"),
        CheckConstraint("limit_per_buyer > 0", name="limit"),
        Index("one_deal_at_a_time", "show_id", unique=True, postgresql_where=text("state = 'launched'")),
        Index("deals_of_show", "show_id", "made_at"),
        Index("deals_of_seller", "seller_id", "made_at"),
        {"schema": "deals"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    show_id: Mapped[UUID]
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    state: Mapped[str] = mapped_column(server_default="planned")
    limit_per_buyer: Mapped[int]
    countdown_seconds: Mapped[int]
    length_seconds: Mapped[int]
    pay_seconds: Mapped[int]
    has_waitlist: Mapped[bool]
    launch_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(server_default="")
    made_at: Mapped[datetime]


class LaneRow(Base):
    """One variant's units, and the counters of its queue. The row that a whole crowd stands before."""

    __tablename__ = "lanes"
    __table_args__ = (
        CheckConstraint("0 <= taken AND taken <= units", name="taken_within_units"),
        CheckConstraint("waiting >= 0 AND claims >= 0", name="counters"),
        Index("lanes_of_deal", "deal_id", "variant_id", unique=True),
        Index("lanes_unclosed", "deal_id", postgresql_where=text(UNCLOSED)),
        # Changed with every batch: room on the page keeps the updates off the indexes.
        {"schema": "deals", "postgresql_with": {"fillfactor": 50}},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    deal_id: Mapped[UUID] = mapped_column(ForeignKey("deals.deals.id"))
    variant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    units: Mapped[int]
    taken: Mapped[int] = mapped_column(server_default=text("0"))
    waiting: Mapped[int] = mapped_column(server_default=text("0"))
    claims: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    hold: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]


class PriceRow(Base):
    __tablename__ = "prices"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"), {"schema": "deals"})

    lane_id: Mapped[int] = mapped_column(ForeignKey("deals.lanes.id"), primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))


class ClaimRow(Base):
    """One claim: its place in the lane, what it was told, and where it stands. No foreign key: it is written
    by the thousand under the lock of its lane."""

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("(until IS NOT NULL) OR state <> 'open'", name="open_has_an_end"),
        Index("claims_by_key", "key", unique=True),
        Index("claims_in_line", "lane", "number", postgresql_where=text("state = 'waiting'")),
        Index("claims_overdue", "lane", "until", postgresql_where=text("state = 'open'")),
        Index("claims_unpaid", "lane", postgresql_where=text("state = 'whole'")),
        Index("claims_by_order", "order_id", postgresql_where=text("state IN ('whole', 'paid')")),
        {"schema": "deals"},
    )

    lane: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[UUID]
    buyer: Mapped[UUID]
    user_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    terms: Mapped[UUID]
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    place: Mapped[int]
    units: Mapped[int] = mapped_column(SmallInteger)
    outcome: Mapped[str]
    state: Mapped[str]


class MoveRow(Base):
    """What happened in a lane beside claims arriving. Only ever added to."""

    __tablename__ = "moves"
    __table_args__ = (Index("moves_of_lane", "lane", "id"), {"schema": "deals"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    lane: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    what: Mapped[str]
    number: Mapped[int | None] = mapped_column(BigInteger)
    units: Mapped[int] = mapped_column(server_default=text("0"))
    after: Mapped[int] = mapped_column(BigInteger)
    """The number of the last claim before it: so the two orders are one."""


class PersonRow(Base):
    """Digests of the people behind claims that became orders: one person, one limit."""

    __tablename__ = "persons"
    __table_args__ = ({"schema": "deals"},)

    lane: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mark: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class HandedRow(Base):
    """A claim that somebody took over by its link: whose it is now, as a digest or an account."""

    __tablename__ = "handed"
    __table_args__ = (Index("handed_to_buyer", "buyer"), {"schema": "deals"})

    lane: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    buyer: Mapped[UUID]
    at: Mapped[datetime]


class CouponRow(Base):
    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("0 <= claimed AND claimed <= total", name="claimed_within_total"),
        CheckConstraint("0 < per_person AND per_person <= total", name="per_person"),
        CheckConstraint("percent BETWEEN 1 AND 90", name="percent"),
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("coupons_of_show", "show_id", "made_at"),
        {"schema": "deals"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    show_id: Mapped[UUID]
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    code: Mapped[str] = mapped_column(String(20))
    percent: Mapped[int | None]
    amounts: Mapped[dict[str, Any]]
    total: Mapped[int]
    per_person: Mapped[int]
    stacks: Mapped[bool]
    claimed: Mapped[int] = mapped_column(server_default=text("0"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    made_at: Mapped[datetime]


class CouponClaimRow(Base):
    """One of a coupon, in somebody's hands, or spent on an order."""

    __tablename__ = "coupon_claims"
    __table_args__ = (
        Index("coupon_claims_by_key", "key", unique=True),
        Index("coupon_claims_of_buyer", "buyer"),
        Index("coupon_claims_by_order", "order_id", postgresql_where=text("order_id IS NOT NULL")),
        {"schema": "deals"},
    )

    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("deals.coupons.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    buyer: Mapped[UUID]
    key: Mapped[UUID]
    user_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    at: Mapped[datetime]


made_with(ClaimRow.__table__, FIND_CLAIMS, WRITE_CLAIMS, CLAIM_AT_ONCE)
vacuumed_after_changes(ClaimRow.__table__)
