"""Destinations with their breakers and limits, alerts that may have been seen, and the ledger of attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "destinations",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_destinations")),
        comment="How each channel's receiver does: its breaker, its turn under a rate limit, and whether it is off.",
    )
    op.create_table(
        "ledger",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subscription", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger")),
        sa.UniqueConstraint("subscription", "sequence", name=op.f("uq_ledger_subscription_sequence")),
        comment="Every attempt, as canonical JSON that holds the digest of the entry before it. Rows are only added.",
    )
    op.create_table(
        "ledger_heads",
        sa.Column("subscription", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subscription", name=op.f("pk_ledger_heads")),
        comment="The last entry of each subscription's ledger.",
    )
    op.add_column("alerts", sa.Column("maybe_seen", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("alerts", sa.Column("redriven_after", sa.SmallInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE alerts SET maybe_seen = TRUE WHERE status = 'delivered' OR alert_id IN "
        "(SELECT alert_id FROM deliveries WHERE outcome = 'sent_unknown')"
    )
    op.create_index(
        "ix_alerts_dead_of_incident",
        "alerts",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("status = 'dead'"),
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index(
        "ix_alerts_waiting_of_channel",
        "alerts",
        ["channel"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
