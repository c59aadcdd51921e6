"""What waits for a time of day, a second source or the end of a silence; silences; who changed a subscription."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("subscription", sa.String(length=64), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("under", sa.Text(), nullable=True),
        sa.Column("occasion", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "incident_id", name=op.f("pk_waiting")),
        comment="What a subscription is not told yet, and when it is decided again.",
    )
    op.create_index(op.f("ix_waiting_due_at"), "waiting", ["due_at"], unique=False)
    op.create_index(op.f("ix_waiting_incident_id"), "waiting", ["incident_id"], unique=False)
    op.create_table(
        "waiting_incidents",
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.String(length=64), nullable=False),
        sa.Column("appended_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_waiting_incidents")),
        comment="The newest revision of each incident of which something waits, as JSON (schemas.Incident).",
    )
    op.create_table(
        "told_lately",
        sa.Column("position", COUNTER, autoincrement=True, nullable=False),
        sa.Column("subscription", sa.String(length=64), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("family", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("as_of", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_told_lately")),
        comment="What subscriptions with a cap, groups or inhibition were told in the last two days.",
    )
    op.create_index(op.f("ix_told_lately_subscription_at"), "told_lately", ["subscription", "at"], unique=False)
    op.create_index(op.f("ix_told_lately_at"), "told_lately", ["at"], unique=False)
    op.create_table(
        "silences",
        sa.Column("position", COUNTER, autoincrement=True, nullable=False),
        sa.Column("silence_id", sa.String(length=64), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_silences")),
        sa.UniqueConstraint("silence_id", name=op.f("uq_silences_silence_id")),
        comment="Every silence that there is or was, as JSON (schemas.Silence).",
    )
    op.add_column("subscription_changes", sa.Column("author", sa.Text(), nullable=True))
    op.add_column(
        "subscribers", sa.Column("origin", sa.String(length=16), server_default="file", nullable=False)
    )
    # A revision may be decided again when its time has come; SQLite changes a constraint by writing the table anew.
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("occasion", sa.Integer(), server_default="0", nullable=False))
        decisions.drop_constraint(op.f("uq_decisions_subscription_incident_id_revision"), type_="unique")
        decisions.create_unique_constraint(
            op.f("uq_decisions_subscription_incident_id_revision_occasion"),
            ["subscription", "incident_id", "revision", "occasion"],
        )
