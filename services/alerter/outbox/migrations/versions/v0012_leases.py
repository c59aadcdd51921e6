"""Indices for what is asked at every attempt and every round: which lanes an incident has and a worker holds, how long alerts have waited,
and what of them takes back something told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lanes_incident_id", "lanes", ["incident_id"], unique=False)
    _index("ix_lanes_leased", "lanes", "lease", "lease IS NOT NULL")
    _index("ix_alerts_waiting_since", "alerts", "decided_at", "status = 'pending'")
    _index("ix_alerts_owed", "alerts", "position", "status = 'pending' AND kind IN ('correction', 'cancel')")


def _index(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], unique=False, sqlite_where=where, postgresql_where=where)
