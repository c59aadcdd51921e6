"""Bringing the tables of the store up to date."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from services.shared.errors import UserError

LOCATION = "services.alerter.outbox:migrations"


def upgrade_to_head(connection: Connection) -> None:
    """Run the migrations that are missing, in the transaction that `connection` is in.

    Raises UserError where the tables were made by a newer version of Tocsin.
    """
    config = Config()
    config.set_main_option("script_location", LOCATION)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise UserError(
            f"The store was written by a newer Tocsin ({error}): install that version, or name another store in "
            "TOCSIN_STORE."
        ) from error
