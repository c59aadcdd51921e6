"""How whoever decides or records has alerts claimed in its own transaction, so that one commit does both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert


class Take(Protocol):
    """Claims what is due, in the transaction of that connection."""

    async def __call__(
        self, connection: AsyncConnection, channels: Collection[str] | None = None, known: Sequence[Alert] = ()
    ) -> None:
        """Claim what is due for `channels`; for all where None, or while more is due than can be sent at once. `known`
        are alerts that the transaction has just written."""


Taking: TypeAlias = Callable[[], AbstractAsyncContextManager[Take]]
"""Gives a `Take`; what it claimed is sent once its context ends without a fault, after the commit."""


@asynccontextmanager
async def nobody_takes() -> AsyncIterator[Take]:
    """Leaves alerts to whoever looks for them."""

    async def take(
        connection: AsyncConnection, channels: Collection[str] | None = None, known: Sequence[Alert] = ()
    ) -> None:
        return None

    yield take
