"""The tables of the alerter's store. Migrations make them (migrations/versions); a test holds that both agree."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)


class UtcMoment(TypeDecorator[datetime]):
    """A moment, aware on both sides; SQLite, which knows no time zones, keeps it as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """`value` in UTC. Raises ValueError where it has no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """`value` as an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


OWED = "kind IN ('correction', 'cancel')"
"""Alerts that take back something told, as their index has them: SQLite uses it where a query says the same."""


def _where(condition: str) -> dict[str, Any]:
    """An index of the rows that meet `condition` alone."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


_Counter = BigInteger().with_variant(Integer(), "sqlite")

consumed_offsets = Table(
    "consumed_offsets",
    metadata,
    Column("topic", String(255), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    Column("updated_at", UtcMoment, nullable=False),
    comment="The first offset of each partition that is not decided.",
)
incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("decided_at", UtcMoment, nullable=False),
    Column("considered", Integer, nullable=False),
    comment="The newest revision of each incident that was decided, and for how many subscriptions.",
)
decisions = Table(
    "decisions",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("subscription", String(64), nullable=False),
    Column("incident_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", String(16)),
    Column("reason", String(32), nullable=False),
    Column("because", Text, nullable=False),
    Column("alert_id", String(64)),
    Column("decided_at", UtcMoment, nullable=False),
    Column("occasion", Integer, nullable=False, server_default="0"),
    UniqueConstraint("subscription", "incident_id", "revision", "occasion"),
    Index(None, "incident_id"),
    comment="Every decision, but for incidents that a subscription does not ask for and was not told of.",
)
told = Table(
    "told",
    metadata,
    Column("subscription", String(64), primary_key=True),
    Column("incident_id", Text, primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("told", Text, nullable=False),
    Index(None, "incident_id"),
    comment="What each subscription was last told of each incident, as JSON (schemas.Told).",
)
subscribers = Table(
    "subscribers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("written", Text, nullable=False),
    Column("left_at", UtcMoment),
    Column("origin", String(16), nullable=False, server_default="file"),
    comment="Every subscription that there is or was, as JSON (schemas.Subscription).",
)
subscription_changes = Table(
    "subscription_changes",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),
    Column("written", Text),
    Column("at", UtcMoment, nullable=False),
    Column("author", Text),
    Index(None, "name"),
    comment="Every change of a subscription; `written` is null where it was taken out.",
)
silences = Table(
    "silences",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("silence_id", String(64), nullable=False, unique=True),
    Column("written", Text, nullable=False),
    Column("until", UtcMoment, nullable=False),
    Column("added_at", UtcMoment, nullable=False),
    Column("ended_at", UtcMoment),
    Column("ended_by", Text),
    comment="Every silence that there is or was, as JSON (schemas.Silence).",
)
waiting = Table(
    "waiting",
    metadata,
    Column("subscription", String(64), primary_key=True),
    Column("incident_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("because", Text, nullable=False),
    Column("since", UtcMoment, nullable=False),
    Column("due_at", UtcMoment, nullable=False),
    Column("under", Text),
    Column("occasion", Integer, nullable=False),
    Column("released_by", Text),
    Column("released_because", Text),
    Index(None, "due_at"),
    Index(None, "incident_id"),
    comment="What a subscription is not told yet, and when it is decided again.",
)
waiting_incidents = Table(
    "waiting_incidents",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("payload", Text, nullable=False),
    Column("traceparent", String(64), nullable=False),
    Column("appended_at", UtcMoment, nullable=False),
    comment="The newest revision of each incident of which something waits, as JSON (schemas.Incident).",
)
told_lately = Table(
    "told_lately",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("subscription", String(64), nullable=False),
    Column("incident_id", Text, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Column("group_key", Text, nullable=False),
    Column("family", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("precision", String(16)),
    Column("country", String(2)),
    Column("division_code", String(8)),
    Column("division", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("as_of", UtcMoment),
    Column("killed_low", Integer),
    Column("killed_high", Integer),
    Column("perpetrators", Text),
    Index(None, "subscription", "at"),
    Index(None, "at"),
    comment="What subscriptions with a cap, groups or inhibition were told in the last two days.",
)
lanes = Table(
    "lanes",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("incident_id", Text, primary_key=True),
    Column("last_sequence", Integer, nullable=False),
    Column("lease", String(64)),
    Column("leased_until", UtcMoment),
    Column("last_failed_at", UtcMoment),
    Index(None, "incident_id"),
    Index("ix_lanes_leased", "lease", **_where("lease IS NOT NULL")),
    comment="A channel and an incident: its alerts go out in order, by one worker at a time, which holds the lease.",
)
alerts = Table(
    "alerts",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("alert_id", String(64), nullable=False, unique=True),
    Column("subscription", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("incident_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("payload", Text, nullable=False),
    Column("traceparent", String(64), nullable=False),
    Column("appended_at", UtcMoment, nullable=False),
    Column("decided_at", UtcMoment, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("next_attempt_at", UtcMoment),
    Column("settled_at", UtcMoment),
    Column("reason", Text, nullable=False),
    Column("published_at", UtcMoment),
    Column("published_partition", Integer),
    Column("published_offset", BigInteger),
    Column("dead_published_at", UtcMoment),
    Column("superseded_by", String(64)),
    Column("receipt", Text),
    Column("number", BigInteger),
    Column("carried_by", String(64)),
    Column("maybe_seen", Boolean, nullable=False, server_default=false()),
    Column("redriven_after", SmallInteger, nullable=False, server_default="0"),
    UniqueConstraint("channel", "incident_id", "sequence"),
    Index(None, "subscription", "number", unique=True),
    # What is finished is most of the table and is asked for by id only.
    Index("ix_alerts_due", "next_attempt_at", **_where("status = 'pending'")),
    Index("ix_alerts_waiting_since", "decided_at", **_where("status = 'pending'")),
    Index("ix_alerts_owed", "position", **_where(f"status = 'pending' AND {OWED}")),
    Index("ix_alerts_carried", "carried_by", **_where("carried_by IS NOT NULL")),
    Index("ix_alerts_waiting", "incident_id", **_where("status = 'pending'")),
    Index("ix_alerts_waiting_of_channel", "channel", **_where("status = 'pending'")),
    Index("ix_alerts_dead_of_incident", "incident_id", **_where("status = 'dead'")),
    Index("ix_alerts_gaps", "incident_id", **_where("status = 'superseded' AND superseded_by IS NULL")),
    Index("ix_alerts_about", "incident_id", "subscription", "number"),
    Index("ix_alerts_dead", "position", **_where("status = 'dead'")),
    Index("ix_alerts_unpublished", "position", **_where("published_at IS NULL")),
    Index("ix_alerts_dead_unpublished", "position", **_where("status = 'dead' AND dead_published_at IS NULL")),
    comment="The outbox: every alert as JSON (schemas.Alert), and how far it has come.",
)
numbering = Table(
    "numbering",
    metadata,
    Column("subscription", String(64), primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    comment="The number of each subscription's last alert; they count without a gap.",
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("alert_id", String(64), nullable=False),
    Column("attempt", SmallInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("payload", Text, nullable=False),
    Column("ended_at", UtcMoment, nullable=False),
    Column("published_at", UtcMoment),
    UniqueConstraint("alert_id", "attempt"),
    Index("ix_deliveries_unpublished", "position", **_where("published_at IS NULL")),
    comment="Every attempt as JSON (schemas.Delivery).",
)
destinations = Table(
    "destinations",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcMoment),
    Column("last_failed_at", UtcMoment),
    Column("closed_until", UtcMoment),
    Column("turn_at", UtcMoment),
    Column("off_at", UtcMoment),
    Column("off_because", Text, nullable=False),
    comment="How each channel's receiver does: its breaker, its turn under a rate limit, and whether it is off.",
)
ledger = Table(
    "ledger",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=True),
    Column("subscription", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("entry", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("subscription", "sequence"),
    comment="Every attempt, as canonical JSON that holds the digest of the entry before it. Rows are only added.",
)
ledger_heads = Table(
    "ledger_heads",
    metadata,
    Column("subscription", String(64), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    comment="The last entry of each subscription's ledger.",
)
canaries = Table(
    "canaries",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("sent_at", UtcMoment, nullable=False),
    Column("came_back_at", UtcMoment),
    Column("late_at", UtcMoment),
    Index(None, "sent_at"),
    comment="Articles that the alerter made up to try the stream, and what became of them.",
)
secrets = Table(
    "secrets",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("token", Text, nullable=False),
    Column("kept_at", UtcMoment, nullable=False),
    comment="Secrets of channels, each encrypted with Fernet; the keys are not in the store.",
)
