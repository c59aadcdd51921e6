"""A subscription's alerts are numbered without a gap; those that there are get their numbers in the order of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "numbering",
        sa.Column("subscription", sa.String(length=64), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", name=op.f("pk_numbering")),
        comment="The number of each subscription's last alert; they count without a gap.",
    )
    op.add_column("alerts", sa.Column("number", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE alerts SET number = counted.number FROM (SELECT position AS place, row_number() OVER "
        "(PARTITION BY subscription ORDER BY position) AS number FROM alerts) AS counted "
        "WHERE alerts.position = counted.place"
    )
    op.execute(
        "INSERT INTO numbering (subscription, last_number) SELECT subscription, count(*) FROM alerts "
        "GROUP BY subscription"
    )
    op.create_index(op.f("ix_alerts_subscription_number"), "alerts", ["subscription", "number"], unique=True)
