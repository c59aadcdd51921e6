"""`tocsin secrets`: what channels sign and log in with, kept encrypted in the store."""

from __future__ import annotations

import json as jsonlib
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import SecretStr

from services.alerter.outbox.engine import Store
from services.alerter.outbox.secrets import forget_secret, keep_secret, kept_names, rotate_secrets
from services.alerter.secret_box import SecretBox, keys_of, new_key, new_signing_secret
from services.cli.store import with_store
from services.shared.errors import UserError
from services.shared.settings import Settings, load_settings

StoreOption = Annotated[str | None, typer.Option(help="SQLAlchemy URL of the store.")]
Name = Annotated[str, typer.Argument(help="What `secret_env`, `token_env` or the like of a channel names.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]

secrets_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Secrets of channels, kept encrypted in the store; never shown again.\n\nExample: tocsin secrets list",
)


@secrets_app.command("key")
def key_command() -> None:
    """Print a new key for TOCSIN_SECRET_KEY. To change keys, put it before the old one, then `tocsin secrets rotate`.

    Example: export TOCSIN_SECRET_KEY="$(tocsin secrets key)"
    """
    typer.echo(new_key())


@secrets_app.command("set")
def set_command(name: Name, store: StoreOption = None) -> None:
    """Keep the secret that is read from standard input, encrypted; it takes effect when the alerter starts.

    Example: tocsin secrets set SLACK_TOKEN < token.txt
    """
    secret = SecretStr(sys.stdin.read().strip())
    if not secret.get_secret_value():
        raise UserError("Standard input holds no secret.")
    _keep(name, secret, load_settings(store=store))
    typer.echo(f"{name} is kept.")


@secrets_app.command("new")
def new_command(name: Name, store: StoreOption = None) -> None:
    """Make a signing secret for a webhook, keep it, and print it this once, for its receiver.

    Example: tocsin secrets new DUTY_DESK_SECRET
    """
    secret = new_signing_secret()
    _keep(name, secret, load_settings(store=store))
    typer.echo(secret.get_secret_value())


@secrets_app.command("list")
def list_command(store: StoreOption = None, json: Json = False) -> None:
    """Show the names of the secrets that are kept, and since when.

    Example: tocsin secrets list
    """

    async def read(opened: Store) -> dict[str, datetime]:
        async with opened.reading() as connection:
            return await kept_names(connection)

    for name, at in with_store(load_settings(store=store), read).items():
        kept = at.isoformat(timespec="seconds")
        typer.echo(jsonlib.dumps({"name": name, "kept_at": kept}) if json else f"{name} since {kept}")


@secrets_app.command("forget")
def forget_command(name: Name, store: StoreOption = None) -> None:
    """Keep a secret no longer.

    Example: tocsin secrets forget SLACK_TOKEN
    """

    async def forget(opened: Store) -> bool:
        async with opened.transaction() as connection:
            return await forget_secret(connection, name)

    if not with_store(load_settings(store=store), forget):
        raise UserError(f"No secret {name} is kept; see `tocsin secrets list`.")
    typer.echo(f"{name} is forgotten.")


@secrets_app.command("rotate")
def rotate_command(store: StoreOption = None) -> None:
    """Encrypt every secret under the first key of TOCSIN_SECRET_KEY; the others are not needed any more then.

    Example: TOCSIN_SECRET_KEY="NEW OLD" tocsin secrets rotate
    """
    settings = load_settings(store=store)
    box = _box(settings)

    async def rotate(opened: Store) -> int:
        async with opened.transaction() as connection:
            return await rotate_secrets(connection, box)

    typer.echo(f"{with_store(settings, rotate)} secrets are under the first key now.")


def _box(settings: Settings) -> SecretBox:
    return SecretBox.with_keys(keys_of(settings.secret_key, settings.secret_key_file) or SecretStr(""))


def _keep(name: str, secret: SecretStr, settings: Settings) -> None:
    box = _box(settings)

    async def keep(opened: Store) -> None:
        async with opened.transaction() as connection:
            await keep_secret(connection, box, name, secret, datetime.now(UTC))

    with_store(settings, keep)
