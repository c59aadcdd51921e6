"""Incidents for tests, written out in one place: a test states only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas import (
    ArticleRef,
    Evidence,
    Figure,
    Incident,
    IncidentType,
    Perpetrator,
    Place,
    Severity,
    SourcedClaim,
    Subscription,
    Target,
    Toll,
)
from schemas.vocabulary import Certainty, ClaimKind, Modifier, PlacePrecision, Responsibility, SeverityLevel

NOON = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
KORU = Place(name="Koru", country="ML", admin1="Mopti", lat=14.0, lon=-3.0, precision=PlacePrecision.EXACT)


def exactly(number: int) -> Figure:
    return Figure(low=number, best=number, high=number)


def at_least(number: int) -> Figure:
    return Figure(low=number, best=number, modifier=Modifier.AT_LEAST)


def claim(kind: ClaimKind, figure: Figure, quote: str, **slots: Any) -> SourcedClaim:
    evidence = Evidence(slot="claim", start=10, end=10 + len(quote), quote=quote)
    values = {"article_id": "a1", "report_id": "a1#0"} | figure.model_dump() | slots
    return SourcedClaim(kind=kind, evidence=(evidence,), **values)


def incident(killed: int | Figure | None = 60, revision: int = 1, **slots: Any) -> Incident:
    """An attack on an army post in a made-up town, with `slots` instead of what they name."""
    figure = at_least(killed) if isinstance(killed, int) else killed
    values: dict[str, Any] = {
        "incident_id": "inc-1",
        "type": IncidentType.ARMED_ATTACK,
        "place": KORU,
        "regions": ("sahel",),
        "toll": Toll(killed=figure),
        "claims": (claim(ClaimKind.KILLED, figure, "60 soldiers died", people="soldiers"),) if figure else (),
        "perpetrators": (Perpetrator(name="JNIM", responsibility=Responsibility.CLAIMED_OR_ADMITTED),),
        "targets": (Target(kind="military", text="an army post"),),
        "severity": Severity(score=70, level=SeverityLevel.SEVERE),
        "certainty": Certainty.LIKELY,
        "sources": (
            ArticleRef(
                article_id="a1",
                title="Soldiers die in raid on Koru",
                source="Koru Daily",
                url="https://koru.example/raid",
                published_at=NOON,
            ),
        ),
        "as_of": NOON + timedelta(hours=revision),
    }
    return Incident(revision=revision, **(values | slots))


def subscription(**conditions: Any) -> Subscription:
    return Subscription(**({"name": "desk", "channel": "console", "hold": None} | conditions))
