"""Bringing the tables of the store up to date."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from services.shared.errors import UserError

LOCATION = "services.alerter.outbox:migrations"


def upgrade_to_head(connection: Connection) -> None:
    """Run the migrations that are missing, in the transaction that `connection` is in.

    Raises UserError where the tables were made by a newer version of Tocsin.
    """
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise UserError(
            f"The store was written by a newer Tocsin ({error}): install that version, or name another store in "
            "TOCSIN_STORE."
        ) from error


def is_up_to_date(connection: Connection) -> bool:
    """Whether the tables are those that this version works with; false where there are none."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", LOCATION)
    config.set_main_option("path_separator", "os")
    return config
