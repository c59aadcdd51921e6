"""Who released what was held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waiting", sa.Column("released_by", sa.Text(), nullable=True))
    op.add_column("waiting", sa.Column("released_because", sa.Text(), nullable=True))
