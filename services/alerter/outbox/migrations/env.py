"""Runs migrations in the transaction of the connection that services.alerter.outbox.migrate hands over."""

from __future__ import annotations

from alembic import context

from services.alerter.outbox.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can undo changes of tables too, but Alembic does not take that for granted.
    transactional_ddl=True,
)
context.run_migrations()
