"""What the console's pages and API are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from services.console.desk import Desk
from services.console.incident_view import IncidentView
from services.console.sessions import Sessions
from services.console.waking import Waking
from services.shared.health import Health


@dataclass(frozen=True, slots=True)
class Parts:
    """One console."""

    desk: Desk
    view: IncidentView
    waking: Waking
    health: Health
    registry: CollectorRegistry
    sessions: Sessions | None
    """None where no token is set."""
    clock: Callable[[], float]
    """Seconds since 1970."""
