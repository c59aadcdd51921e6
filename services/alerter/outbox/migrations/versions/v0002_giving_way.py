"""Alerts behind a failing channel give way to newer ones; receipts are kept for threads, and subscriptions for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_subscribers")),
        comment="Every subscription that there is or was, as JSON (schemas.Subscription).",
    )
    op.create_table(
        "subscription_changes",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("written", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_subscription_changes")),
        comment="Every change of a subscription; `written` is null where it was taken out.",
    )
    op.create_index(op.f("ix_subscription_changes_name"), "subscription_changes", ["name"], unique=False)
    op.add_column("alerts", sa.Column("superseded_by", sa.String(length=64), nullable=True))
    op.add_column("alerts", sa.Column("receipt", sa.Text(), nullable=True))
    op.add_column("lanes", sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_alerts_waiting",
        "alerts",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_alerts_gaps",
        "alerts",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("status = 'superseded' AND superseded_by IS NULL"),
        postgresql_where=sa.text("status = 'superseded' AND superseded_by IS NULL"),
    )
