"""Indices for those who look: what was told about an incident, and what was given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_alerts_about", "alerts", ["incident_id", "subscription", "number"], unique=False)
    op.create_index(
        "ix_alerts_dead",
        "alerts",
        ["position"],
        unique=False,
        sqlite_where=sa.text("status = 'dead'"),
        postgresql_where=sa.text("status = 'dead'"),
    )
