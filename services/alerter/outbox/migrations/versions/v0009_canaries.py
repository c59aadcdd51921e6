"""Articles that the alerter makes up to try the stream."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canaries",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_canaries")),
        comment="Articles that the alerter made up to try the stream, and what became of them.",
    )
    op.create_index(op.f("ix_canaries_sent_at"), "canaries", ["sent_at"], unique=False)
