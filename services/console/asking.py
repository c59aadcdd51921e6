"""Parameters that several parts of the API and the pages take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Query

from schemas import Certainty, IncidentStatus, IncidentType, SeverityLevel, Timestamp
from services.console.incident_view import IncidentFilter

LARGEST_NUMBER = 2**63 - 1
"""What the store has room for; it cannot be asked for more."""
SubscriptionName = Annotated[str, Path(max_length=64, description="The subscription's name.")]
IncidentId = Annotated[str, Path(max_length=200, description="An incident's id; one that was merged resolves.")]
AlertId = Annotated[str, Path(max_length=64, description="An alert's id.")]
SilenceId = Annotated[str, Path(max_length=64, description="A silence's id.")]
Author = Annotated[
    str,
    Header(alias="Tocsin-Author", min_length=1, max_length=100, description="Who changes it; kept with it."),
]
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many.")]


def asked_incidents(
    status: Annotated[list[IncidentStatus] | None, Query(description="Open ones where left out.")] = None,
    type: Annotated[list[IncidentType] | None, Query(description="One of these.")] = None,  # noqa: A002 - the field's name
    country: Annotated[list[str] | None, Query(description="ISO 3166-1 alpha-2, one of these.")] = None,
    region: Annotated[list[str] | None, Query(description="Ids of regions, one of which holds the place.")] = None,
    severity_at_least: Annotated[SeverityLevel | None, Query()] = None,
    certainty: Annotated[list[Certainty] | None, Query(description="One of these.")] = None,
    killed_at_least: Annotated[
        int | None, Query(ge=1, le=LARGEST_NUMBER, description="Compared with the low figure.")
    ] = None,
    since: Annotated[Timestamp | None, Query(description="Newest article then or later.")] = None,
    until: Annotated[Timestamp | None, Query(description="Newest article before then.")] = None,
    q: Annotated[str, Query(max_length=200, description="Words in its place, actors or headlines.")] = "",
) -> IncidentFilter:
    """The filter that a request asks for."""
    return IncidentFilter(
        statuses=tuple(status or (IncidentStatus.OPEN,)),
        types=tuple(type or ()),
        countries=tuple(code.upper() for code in country or ()),
        regions=tuple(region or ()),
        severity_at_least=severity_at_least,
        certainties=tuple(certainty or ()),
        killed_at_least=killed_at_least,
        since=since,
        until=until,
        text=q,
    )
