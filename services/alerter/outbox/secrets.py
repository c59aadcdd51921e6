"""Secrets that the store keeps, each encrypted; what encrypts them is not in it."""

from __future__ import annotations

from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerter.outbox.tables import secrets
from services.alerter.secret_box import SecretBox


async def keep_secret(connection: AsyncConnection, box: SecretBox, name: str, secret: SecretStr, now: datetime) -> None:
    """Keep `secret` under `name`, in the place of what was kept there."""
    insert = postgresql.insert(secrets) if connection.dialect.name == "postgresql" else sqlite.insert(secrets)
    keeping = insert.on_conflict_do_update(
        index_elements=["name"], set_={"token": insert.excluded.token, "kept_at": insert.excluded.kept_at}
    )
    await connection.execute(keeping, {"name": name, "token": box.seal(secret), "kept_at": now})


async def forget_secret(connection: AsyncConnection, name: str) -> bool:
    """Keep nothing under `name`; False where nothing was."""
    gone = await connection.execute(secrets.delete().where(secrets.c.name == name))
    return gone.rowcount == 1


async def kept_names(connection: AsyncConnection) -> dict[str, datetime]:
    """The name of every secret that is kept, and since when."""
    query = select(secrets.c.name, secrets.c.kept_at).order_by(secrets.c.name)
    return {row.name: row.kept_at for row in await connection.execute(query)}


async def read_secrets(connection: AsyncConnection, box: SecretBox) -> dict[str, SecretStr]:
    """Every secret by its name. Raises UserError naming one that no key opens."""
    return {row.name: box.open(row.name, row.token) for row in await connection.execute(select(secrets))}


async def rotate_secrets(connection: AsyncConnection, box: SecretBox) -> int:
    """Have every secret encrypted under the key in use: how many there are. Older keys are not needed any more."""
    rows = (await connection.execute(select(secrets))).all()
    for row in rows:
        await connection.execute(
            update(secrets).where(secrets.c.name == row.name).values(token=box.rotate(row.name, row.token))
        )
    return len(rows)
