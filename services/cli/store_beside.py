"""The alerter's store from the command line, whether or not the alerter runs."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerter.outbox.engine import Store, StoreUnavailableError, open_beside, open_store
from services.shared.errors import UserError
from services.shared.settings import Settings

T = TypeVar("T")
Author = Annotated[
    str | None, typer.Option(help="Who does this, for whoever asks later; your user name where left out.")
]
StoreUrl = Annotated[str | None, typer.Option("--store", help="SQLAlchemy URL of the alerter's store.")]


def in_store(settings: Settings, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """What `work` gives, done in one transaction of the store. Raises UserError where the store does not answer."""
    return asyncio.run(_in_store(settings, work))


async def _in_store(settings: Settings, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    try:
        async with _opened(settings) as store, store.transaction() as connection:
            return await work(connection)
    except StoreUnavailableError as error:
        raise UserError(f"The store does not answer ({error}): check TOCSIN_STORE.") from error


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    """The store beside an alerter; made or brought up to date where no alerter has done so."""
    url = settings.store.get_secret_value()
    try:
        store = await open_beside(url)
    except StoreUnavailableError:
        store = await open_store(url)
    try:
        yield store
    finally:
        await store.close()


def author_of(given: str | None) -> str:
    """Who does this: `given`, or the name of the user. Raises UserError where neither is known."""
    try:
        return given or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UserError("Nobody knows who you are here: name yourself with --author.") from error
