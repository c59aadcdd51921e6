"""What a lesser incident may be part of: where what was told lately was, how many died, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("told_lately", sa.Column("precision", sa.String(16), nullable=True))
    op.add_column("told_lately", sa.Column("country", sa.String(2), nullable=True))
    op.add_column("told_lately", sa.Column("division_code", sa.String(8), nullable=True))
    op.add_column("told_lately", sa.Column("division", sa.Text(), nullable=True))
    op.add_column("told_lately", sa.Column("killed_low", sa.Integer(), nullable=True))
    op.add_column("told_lately", sa.Column("killed_high", sa.Integer(), nullable=True))
    op.add_column("told_lately", sa.Column("perpetrators", sa.Text(), nullable=True))
    # What was told before had coordinates only where they were known at least by the district.
    op.execute("UPDATE told_lately SET precision = 'district' WHERE lat IS NOT NULL")
