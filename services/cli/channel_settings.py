"""What must stand before rules/subscriptions.yaml is read: what may be delivered to, and the secrets that it names."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pydantic import SecretStr

from services.alerter.channels.addresses import AllowedDestinations
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.secrets import read_secrets
from services.alerter.secret_box import SecretBox, SecretEnvironment, keys_of
from services.cli.store import with_store
from services.shared.errors import UserError
from services.shared.settings import Settings


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What holds for all channels."""

    secrets: SecretEnvironment
    """Every secret by its name."""
    allowed: AllowedDestinations
    """What they may deliver to although it is not public."""


def channel_settings(settings: Settings) -> ChannelSettings:
    """What must stand before subscriptions are read.

    Raises UserError where a setting is wrong, or a kept secret cannot be opened.
    """
    try:
        allowed = AllowedDestinations.written(settings.allowed_destinations.split(","))
    except ValueError as error:
        raise UserError(f"TOCSIN_ALLOWED_DESTINATIONS: {error}.") from error
    return ChannelSettings(_secrets(settings), allowed)


def _secrets(settings: Settings) -> SecretEnvironment:
    keys = keys_of(settings.secret_key, settings.secret_key_file)
    if keys is None:
        return SecretEnvironment(os.environ, {})
    box = SecretBox.with_keys(keys)

    async def read(opened: Store) -> dict[str, SecretStr]:
        async with opened.reading() as connection:
            return await read_secrets(connection, box)

    try:
        return SecretEnvironment(os.environ, with_store(settings, read))
    except UserError as error:
        if isinstance(error.__cause__, StoreUnavailableError):
            # Before the alerter's first start there is no store, and nothing is kept in it.
            return SecretEnvironment(os.environ, {})
        raise
